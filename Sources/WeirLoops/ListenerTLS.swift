package import NIOSSL

/// TLS for those who connect to Weir.
package enum ListenerTLS {
    /// Nil without a certificate. Throws when a file cannot be read or the two do not belong together.
    package static func context(certificateChain: String?, privateKey: String?) throws -> NIOSSLContext? {
        guard let certificateChain else { return nil }
        let chain = try NIOSSLCertificate.fromPEMFile(certificateChain).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: privateKey ?? certificateChain, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.applicationProtocols = ["http/1.1"]
        configuration.minimumTLSVersion = .tlsv12
        return try NIOSSLContext(configuration: configuration)
    }
}
