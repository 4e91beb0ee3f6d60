/// A request's head, read in place: what it says about framing, and where the parts stand that a request is judged by.
///
/// All ranges are offsets from the start of the bytes that were scanned. A field that is absent is nil; one that is present
/// without a value is an empty range.
package struct RequestHead: Sendable, Equatable {
    package internal(set) var method = HTTPMethod.other
    package internal(set) var methodRange = 0..<0
    /// The request target as it was sent.
    package internal(set) var target = 0..<0
    /// The target's path, percent-encoding untouched. Origin-form and absolute-form: empty means `/` (absolute-form only).
    /// Asterisk-form: the `*`. Authority-form (CONNECT): empty.
    package internal(set) var path = 0..<0
    /// What follows the target's first `?`; nil when it has none.
    package internal(set) var query: Range<Int>?
    /// The header lines without the request line and the blank line, for `FieldLines`.
    package internal(set) var fields = 0..<0
    /// The first byte of the body.
    package internal(set) var end = 0
    /// 0 or 1.
    package internal(set) var minorVersion = 1
    /// Below 10¹⁸; nil when the field is absent. Neither a length nor chunks means that there is no body.
    package internal(set) var contentLength: Int?
    /// The body comes in chunks; never together with a length.
    package internal(set) var isChunked = false
    /// The client wants to keep the connection: the default of HTTP/1.1, on request in HTTP/1.0; `close` wins.
    package internal(set) var keepsAlive = true
    /// The client waits for `100 Continue`. Never in HTTP/1.0.
    package internal(set) var expectsContinue = false
    /// The authority that the request is for: that of an absolute-form target, else the value of `Host`. Nil only in
    /// HTTP/1.0.
    package internal(set) var host: Range<Int>?

    // A second one of these is refused: two readers could choose differently.
    package internal(set) var authorization: Range<Int>?
    /// `api-key`
    package internal(set) var apiKey: Range<Int>?
    /// `x-api-key`
    package internal(set) var xAPIKey: Range<Int>?
    /// `x-litellm-api-key`
    package internal(set) var litellmAPIKey: Range<Int>?
    package internal(set) var contentType: Range<Int>?

    // Of these the first one counts.
    package internal(set) var userAgent: Range<Int>?
    /// `x-litellm-call-id`
    package internal(set) var callID: Range<Int>?
    package internal(set) var accept: Range<Int>?

    /// There is a field whose name begins with `x-`, `openai-` or `anthropic-`, or is `accept`, `traceparent` or
    /// `tracestate`: the lines are worth another walk.
    package internal(set) var hasForwardableFields = false
    /// There is a field whose name begins with `x-litellm-` or `x-weir-`, other than the key and the call's id.
    package internal(set) var hasGatewayFields = false

    init() {}
}
