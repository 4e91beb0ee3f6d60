import NIOCore
package import WeirCore

/// A reply that is complete from the start.
package final class LocalReply: OutboundReply {
    package let head: ReplyHead
    private var pieces: [Bytes]

    init(kind: ReplyHead.ContentKind, pieces: [Bytes]) {
        let type = kind == .json ? "application/json" : "text/event-stream; charset=utf-8"
        let length = pieces.reduce(0) { $0 + $1.readableBytes }
        head = ReplyHead(
            status: 200, fields: Bytes(string: "content-type: \(type)\r\n"), contentKind: kind,
            contentLength: kind == .json ? length : nil)
        self.pieces = pieces
    }

    package var hasMore: Bool { true }

    package func next() async throws(GatewayFault) -> Bytes? { pieces.isEmpty ? nil : pieces.removeFirst() }

    package func cancel() { pieces = [] }
}
