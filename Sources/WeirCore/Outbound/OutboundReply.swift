/// The head of an upstream's reply.
package struct ReplyHead: Sendable {
    package enum ContentKind: Sendable, Equatable { case json, eventStream, other }

    package let status: Int
    /// The header lines as they came, each ending in CRLF, without hop-by-hop fields and those about framing.
    package let fields: Bytes
    package let contentKind: ContentKind
    /// The body's length where the upstream gave it.
    package let contentLength: Int?
    /// The body is encoded (gzip, …): it can be passed on, not read.
    package let isEncoded: Bool

    package init(
        status: Int, fields: Bytes, contentKind: ContentKind, contentLength: Int?, isEncoded: Bool = false
    ) {
        self.status = status
        self.fields = fields
        self.contentKind = contentKind
        self.contentLength = contentLength
        self.isEncoded = isEncoded
    }
}

/// A reply that is arriving. Bound to the loop of its request.
package protocol OutboundReply: AnyObject {
    var head: ReplyHead { get }
    /// The next bytes of the body without the transfer's framing, as many as there are; nil at its end.
    /// Throws `upstreamReset`, `upstreamGarbled` or `upstreamTimeout` when the end never comes.
    func next() async throws(GatewayFault) -> Bytes?
    /// Hands what `next` would give to `take`, in the very turn of the loop that brought it, for as long as it answers true.
    /// True when it answered false, false at the body's end. Throws what `next` throws.
    func pass(to take: @escaping (Bytes) -> Bool) async throws(GatewayFault) -> Bool
    /// More bytes (or the end) are here already: writing can wait for them.
    var hasMore: Bool { get }
    /// Closes the upstream connection; nothing more is read.
    func cancel()
}

extension OutboundReply {
    package func pass(to take: @escaping (Bytes) -> Bool) async throws(GatewayFault) -> Bool {
        while let piece = try await next() {
            if !take(piece) { return true }
        }
        return false
    }
}
