/// Why a request could not be served as asked. The door turns it into a status and a body; nobody else chooses one.
package struct GatewayFault: Error, Sendable {
    package enum Source: String, Sendable { case client, gateway, upstream }

    package let code: FaultCode
    /// A sentence for the one who sent the request: what is wrong, and what to do.
    package let message: String
    /// The name of the request's member that is at fault.
    package let param: String?
    /// What the log tells besides, and a client shall not see: addresses, causes.
    package let detail: String
    /// What the upstream answered, when it answered with an error.
    package let upstream: UpstreamAnswer?
    /// After how many nanoseconds the same request may be let in; nil when that is not known.
    package let retryAfter: UInt64?

    package init(
        _ code: FaultCode, _ message: String, param: String? = nil, detail: String = "",
        upstream: UpstreamAnswer? = nil, retryAfter: UInt64? = nil
    ) {
        self.retryAfter = retryAfter
        self.detail = detail
        self.code = code
        self.message = message
        self.param = param
        self.upstream = upstream
    }

    package var source: Source { code.source }
}

/// An upstream's own error: passed on with its status, kept whole for the client.
package struct UpstreamAnswer: Sendable {
    package let status: Int
    package let fields: Bytes
    package let body: Bytes
    package let isJSON: Bool

    package init(status: Int, fields: Bytes, body: Bytes, isJSON: Bool) {
        self.status = status
        self.fields = fields
        self.body = body
        self.isJSON = isJSON
    }
}
