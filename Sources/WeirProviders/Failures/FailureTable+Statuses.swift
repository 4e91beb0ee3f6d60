import WeirCore

extension FailureTable {
    /// What a status means when nothing else tells more.
    static let statusRows: [FailureRow] = [
        FailureRow(.rateLimited, "403 that asks to wait: a limit told as a ban", [403...403], field: "retry-after"),
        FailureRow(
            .serverError, "403 of the wall before the vendor, which takes us for a robot", [403...403],
            field: "cf-mitigated"),
        FailureRow(.authentication, "401, 403, 407: our credentials", [401...401, 403...403, 407...407]),
        FailureRow(.quotaExhausted, "402: payment required", [402...402]),
        FailureRow(.notFound, "404, 410: no such model or path", [404...404, 410...410]),
        FailureRow(
            .timeout, "408, 504 and what Cloudflare and others count as such",
            [
                408...408, 504...504, 522...522, 524...524, 598...599,
            ]),
        FailureRow(.serverError, "424: the model failed (Bedrock, TGI)", [424...424]),
        FailureRow(.rateLimited, "429: too many requests", [429...429]),
        FailureRow(.overloaded, "503, 529, 498, 425: no capacity", [425...425, 498...498, 503...503, 529...529]),
        FailureRow(
            .connection, "Cloudflare did not reach the vendor", [520...521, 523...523, 525...526, 530...530]),
        FailureRow(.badRequest, "501: the upstream cannot do what was asked", [501...501]),
        FailureRow(.badRequest, "4xx that nobody knows: the caller's", [400...499]),
        FailureRow(.serverError, "everything else: the server's"),
    ]
}
