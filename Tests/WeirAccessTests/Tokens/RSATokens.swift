/// Tokens that were signed by OpenSSL with an RSA key that is gone, `{"sub":"rsa","exp":1700003600}`: what another program
/// makes must be understood.
enum RSATokens {
    static let modulus =
        "nUKJanKuwH2RxjJ9tTl-kRmHGzdVTmTD-9DCkRJh9N8A1m_semFbQuYxODxIZNxQcISZUKN9NyHwtwmRh6jde4CPLxr0VIvi"
        + "w7V2DCl6IPr598ju_8CaofkQQEFEAtThySwlSI7rt-881QZffJCI9XW5sW96ZMg_3r-2WrARMj0CFZgAEJxD5WG9F0shnART"
        + "_FRMj3VqX3VALc1zLsKaAamFktJmjyPz_F5wK0j4C5e3TMpq1nA5Jn52dRSKcsHhGGpWWuzJBiv-muEmLdNy0cqm1R5ygCi-"
        + "8B5L-EnEIEAZm4bQoVN9BZ8nEglSrIa2SKkCq03Qk0yzKrnvEdZ01w"

    static let rs256 =
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJyc2EiLCJleHAiOjE3MDAwMDM2MDB9."
        + "cYuDbDoNJT2pPjUIZFjCW-c-Oc02TayFLPsOlCx_Mv_xuNzIVlnaPy1FErkdYxfNXx66djTexq2Ktd7mRg9EeKg07Q0HpW5f"
        + "0Bopv6ifVuHVoGtRhL8kaLmhtX-5PISxC2LDcnZGovfDVUlKP4ZdTyPR3vUmHubDPMnUt-BJtt-Y_bZg6lvAKKz9IMGq6vZA"
        + "C2bM8xf8Y8BspTC0hp2wQ7FD37uVruAH_dqgwgT6Co2qZJHxR_vgAfZGOPJINBZD-yVj3XRLZLDTT6OwT1_-jGh5bcjMZ0Mf"
        + "v1QxYIBNkMNgxpVmy0JNz9_UFj_9lr5WRZyYpUb4muEC_qjUnUJt5A"

    static let ps256 =
        "eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJyc2EiLCJleHAiOjE3MDAwMDM2MDB9."
        + "cqpn3XhlV9HspdQCATw5dcr87HlajhijEfuDfWuEsoxbH1x6RT9atGd0fPnAT5uwGETRpPzD4mMsHIUYiwIOdYn3Xn1S9yRs"
        + "LUd7U8cwrWQC-qGv4kVHhpPxpv9Icx1Pmcxrlncctbfl6y64dnKPzi5o8c_-yrn26vLi_dZFUaDQPcBxaZ0k_5cETkRNjavN"
        + "Bh3LgMEo9BWhTDMr00ultbmdWqr1pUf2VBPZYsHhGX8oSgEYy6g-2fgM8KknlCBVO9L4XHKjmzVeR3FUqcA8TlYvg3hVfq96"
        + "RZwBTglWLgZGxmUQfc6QnrgaCrqOv8Cidby7L0CZ9tJzuuPbvTwcDg"
}
