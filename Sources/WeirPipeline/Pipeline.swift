import WeirAccess
package import WeirCore
import WeirProviders
import WeirRouting

/// The hall: every request walks through the rooms in the order of `serve`. One for each loop, bound to it.
package final class Pipeline {
    /// What is in force. A request keeps the one it began with.
    package var snapshot: Snapshot
    private let upstream: any Upstream
    private let time: TimeSource
    private var chance: any RandomNumberGenerator

    package init(
        _ snapshot: Snapshot, upstream: any Upstream, time: TimeSource, chance: any RandomNumberGenerator
    ) {
        self.snapshot = snapshot
        self.upstream = upstream
        self.time = time
        self.chance = chance
    }

    /// A new name for a request.
    package func newCallID() -> CallID { CallID(high: chance.next(), low: chance.next()) }

    /// Who is calling: asked before the body is read, so that a stranger cannot send one.
    package func identify(_ credential: Credential?, _ meter: RequestMeter) throws(GatewayFault) -> Principal {
        let principal = try snapshot.access.identify(credential)
        meter.event.principal = principal
        return principal
    }

    /// One model call, from its arrival to the beginning of its reply. What is left of the reply comes by its stream.
    package func serve(_ arrival: Arrival, _ meter: RequestMeter) async throws(GatewayFault) -> Reply {
        let snapshot = snapshot
        meter.event.requestedModel = arrival.call.model
        meter.event.streams = arrival.call.streams
        let plan = try snapshot.planner.plan(
            model: arrival.ruledModel ?? arrival.call.model, random: chance.next())
        return try await AttemptLoop(snapshot, upstream, meter, arrival, name: { self.newCallID().text }, time)
            .run(plan)
    }

    /// Answers a question that is no model call, over the same connections: health checks and model lists.
    package func ask(
        _ request: OutboundRequest, _ abandonment: Abandonment
    ) async throws(GatewayFault) -> any OutboundReply {
        try await upstream.open(request, abandonment)
    }
}
