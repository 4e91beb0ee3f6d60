/// Why a request could not be served as asked. The door turns it into a status and a body; nobody else chooses one.
package struct GatewayFault: Error, Sendable {
    package enum Source: String, Sendable { case client, gateway, upstream }

    /// One word, because every function that may throw this and waits keeps room for it in its frame.
    private let content: Content

    private final class Content: Sendable {
        let code: FaultCode
        let message: String
        let param: String?
        let detail: String
        let upstream: UpstreamAnswer?
        let retryAfter: UInt64?

        init(
            _ code: FaultCode, _ message: String, _ param: String?, _ detail: String, _ upstream: UpstreamAnswer?,
            _ retryAfter: UInt64?
        ) {
            self.code = code
            self.message = message
            self.param = param
            self.detail = detail
            self.upstream = upstream
            self.retryAfter = retryAfter
        }
    }

    package init(
        _ code: FaultCode, _ message: String, param: String? = nil, detail: String = "",
        upstream: UpstreamAnswer? = nil, retryAfter: UInt64? = nil
    ) {
        content = Content(code, message, param, detail, upstream, retryAfter)
    }

    package var code: FaultCode { content.code }
    /// A sentence for the one who sent the request: what is wrong, and what to do.
    package var message: String { content.message }
    /// The name of the request's member that is at fault.
    package var param: String? { content.param }
    /// What the log tells besides, and a client shall not see: addresses, causes.
    package var detail: String { content.detail }
    /// What the upstream answered, when it answered with an error.
    package var upstream: UpstreamAnswer? { content.upstream }
    /// After how many nanoseconds the same request may be let in; nil when that is not known.
    package var retryAfter: UInt64? { content.retryAfter }

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
