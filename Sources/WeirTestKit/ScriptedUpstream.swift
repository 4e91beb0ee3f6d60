package import WeirCore
package import WeirLoops

/// An upstream in memory: answers each request with the next line of its script, and keeps the requests.
/// Bound to one loop.
package final class ScriptedUpstream: Upstream {
    package enum Answer {
        case reply(ScriptedReply)
        case fault(GatewayFault)
        /// No head ever comes: the request waits until its client leaves.
        case silence
    }

    private var answers: [Answer]
    package private(set) var requests: [OutboundRequest] = []
    package private(set) var replies: [ScriptedReply] = []

    package init(_ answers: [Answer] = []) { self.answers = answers }

    /// Answers in place of the script, by the request.
    package var answering: ((OutboundRequest) -> Answer)?

    package func answer(_ answer: Answer) { answers.append(answer) }

    package func answer(_ reply: ScriptedReply) { answers.append(.reply(reply)) }

    /// Replies that were neither read to their end nor closed.
    package var leftOver: Int { replies.count { $0.isLeftOver } }

    /// Each request as text, head and body.
    package var texts: [String] { requests.map { $0.message.text + $0.rest.map(\.text).joined() } }

    /// The waits between attempts, in nanoseconds; none of them takes time.
    package private(set) var pauses: [UInt64] = []
    /// Called with each wait, to move a clock.
    package var onPause: (UInt64) -> Void = { _ in }

    /// Where tasks of their own run; without it there are none.
    package var floor: LoopFloor?

    package func start(_ work: @escaping () async -> Void) { floor?.begin(work) }

    /// Waits end only when they are broken off.
    package var holdsPauses = false

    package func pause(_ nanoseconds: UInt64, _ abandonment: Abandonment) async throws(GatewayFault) {
        pauses.append(nanoseconds)
        onPause(nanoseconds)
        if holdsPauses { await withUnsafeContinuation { over in abandonment.onAbandon { over.resume() } } }
        if abandonment.isAbandoned { throw GatewayFault(.clientLeft, "the client left between two attempts") }
    }

    package func open(
        _ request: OutboundRequest, _ abandonment: Abandonment
    ) async throws(GatewayFault) -> any OutboundReply {
        requests.append(request)
        guard answering != nil || !answers.isEmpty else { throw GatewayFault(.internalError, "the script is over") }
        switch answering?(request) ?? answers.removeFirst() {
        case .fault(let fault): throw fault
        case .reply(let reply):
            replies.append(reply)
            reply.follow(abandonment)
            return reply
        case .silence:
            await withUnsafeContinuation { left in abandonment.onAbandon { left.resume() } }
            throw GatewayFault(.clientLeft, "the client left before the reply began")
        }
    }
}
