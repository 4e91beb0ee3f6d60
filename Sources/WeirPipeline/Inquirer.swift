import NIOCore
package import WeirCore

/// Asks upstreams what is no call of a client: how they are, how busy they are. Over the same connections as requests. One
/// for each loop, bound to it.
package final class Inquirer {
    /// What an upstream said. Only a body up to the limit of the question is whole.
    package struct Answer: Sendable {
        package let reply: UpstreamAnswer
        package let isWhole: Bool

        package var status: Int { reply.status }
        package var bytes: [UInt8] { Array(reply.body.readableBytesView) }
    }

    private let pipeline: Pipeline
    private var open: [Int: Abandonment] = [:]
    private var count = 0
    private var isStopped = false

    package init(_ pipeline: Pipeline) { self.pipeline = pipeline }

    /// Questions that are not answered yet.
    package var openCount: Int { open.count }

    /// Sends `request` and reads at most about `limit` bytes of the reply's body.
    ///
    /// Throws what `Upstream.open` and `OutboundReply.next` throw; `clientLeft` when it was stopped.
    package func ask(_ request: OutboundRequest, limit: Int) async throws(GatewayFault) -> Answer {
        guard !isStopped else { throw GatewayFault(.clientLeft, "the gateway stops") }
        let abandonment = Abandonment()
        let number = count
        count += 1
        open[number] = abandonment
        defer { open[number] = nil }
        let reply = try await pipeline.ask(request, abandonment)
        var body = Bytes()
        var isWhole = true
        while var piece = try await reply.next() {
            body.writeBuffer(&piece)
            guard body.readableBytes <= limit else {
                reply.cancel()
                isWhole = false
                break
            }
        }
        let answer = UpstreamAnswer(
            status: reply.head.status, fields: reply.head.fields, body: reply.head.isEncoded ? Bytes() : body,
            isJSON: reply.head.contentKind == .json)
        return Answer(reply: answer, isWhole: isWhole)
    }

    /// Ends all questions; further ones are not asked.
    package func stop() {
        isStopped = true
        for abandonment in Array(open.values) { abandonment.abandon() }
    }
}
