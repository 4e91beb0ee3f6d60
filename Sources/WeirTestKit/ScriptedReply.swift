import NIOCore
package import WeirCore

/// A reply whose body comes as a test says: given at once, or fed while somebody waits for it. Bound to one loop.
package final class ScriptedReply: OutboundReply {
    package enum Step {
        case bytes(Bytes)
        case fault(GatewayFault)
        case end
    }

    package let head: ReplyHead
    private var steps: [Step]
    private var waiter: UnsafeContinuation<Void, Never>?
    private var isAbandoned = false
    /// It was closed before its end.
    package private(set) var isCancelled = false
    /// Its end, or its break, was read.
    package private(set) var isOver = false
    package private(set) var reads = 0
    private var whenOver: (() -> Void)?

    package init(_ head: ReplyHead, _ steps: [Step]) {
        self.head = head
        self.steps = steps
    }

    /// A JSON reply, complete or without its end.
    package static func json(
        _ text: String, status: Int = 200, ends: Bool = true, fields: String = ""
    ) -> ScriptedReply {
        let body = Bytes(string: text)
        let head = ReplyHead(
            status: status, fields: Bytes(string: "content-type: application/json\r\n" + fields), contentKind: .json,
            contentLength: body.readableBytes)
        return ScriptedReply(head, [.bytes(body)] + (ends ? [.end] : []))
    }

    /// A stream of events in these pieces. Without `ends` more can be fed.
    package static func events(_ pieces: [String], ends: Bool = true, fields: String = "") -> ScriptedReply {
        let head = ReplyHead(
            status: 200, fields: Bytes(string: "content-type: text/event-stream\r\n" + fields),
            contentKind: .eventStream, contentLength: nil)
        return ScriptedReply(head, pieces.map { .bytes(Bytes(string: $0)) } + (ends ? [.end] : []))
    }

    package var hasMore: Bool { isOver || !steps.isEmpty }

    package func feed(_ step: Step) {
        steps.append(step)
        waiter.take()?.resume()
    }

    package func feed(_ text: String) { feed(.bytes(Bytes(string: text))) }

    package func next() async throws(GatewayFault) -> Bytes? {
        reads += 1
        if isOver { return nil }
        while steps.isEmpty {
            if isAbandoned { return try fail(GatewayFault(.clientLeft, "the client left")) }
            if isCancelled { return nil }
            await withUnsafeContinuation { waiter = $0 }
        }
        switch steps.removeFirst() {
        case .bytes(let bytes): return bytes
        case .fault(let fault): return try fail(fault)
        case .end:
            close()
            return nil
        }
    }

    package func cancel() {
        guard !isOver else { return }
        isCancelled = true
        close()
        waiter.take()?.resume()
    }

    /// Nobody reads it any more and nobody closed it: a connection would be lost.
    package var isLeftOver: Bool { !isOver }

    func follow(_ abandonment: Abandonment) {
        abandonment.onAbandon { [weak self] in
            self?.isAbandoned = true
            self?.waiter.take()?.resume()
        }
        whenOver = { abandonment.onAbandon(nil) }
    }

    private func fail(_ fault: GatewayFault) throws(GatewayFault) -> Bytes? {
        close()
        throw fault
    }

    private func close() {
        isOver = true
        let hook = whenOver
        whenOver = nil
        hook?()
    }
}
