import WeirAccess
package import WeirCore
import WeirLimits
import WeirProviders
import WeirRouting

/// The hall: every request walks through the rooms in the order of `serve`. One for each loop, bound to it.
package final class Pipeline {
    /// What is in force. A request keeps the one it began with.
    package var snapshot: Snapshot
    private let upstream: any Upstream
    /// Those who wait for a place on this loop.
    package let line = WaitingLine()
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
        let group = try snapshot.planner.group(for: arrival.ruledModel ?? arrival.call.model)
        try await admit(arrival, group, snapshot, meter)
        let request = RequestReading.request(arrival, group, snapshot.estimate, userAgent: meter.event.userAgent)
        guard let queue = snapshot.queue else { return try await attempt(arrival, request, group, snapshot, meter) }
        return try await waiting(arrival, request, group, snapshot, queue, meter)
    }

    private func attempt(
        _ arrival: Arrival, _ request: RouteRequest, _ group: ModelGroup, _ snapshot: Snapshot, _ meter: RequestMeter
    ) async throws(GatewayFault) -> Reply {
        let plan = try snapshot.planner.plan(
            request, in: group, at: time.monotonic(), traced: snapshot.explains || arrival.wishes?.explains == true)
        return try await AttemptLoop(
            snapshot, upstream, meter, arrival, request, name: { self.newCallID().text },
            chance: { self.chance.next() }, time
        ).run(plan)
    }

    /// The same where requests wait for their turn while every deployment is full.
    private func waiting(
        _ arrival: Arrival, _ request: RouteRequest, _ group: ModelGroup, _ snapshot: Snapshot, _ queue: QueueSettings,
        _ meter: RequestMeter
    ) async throws(GatewayFault) -> Reply {
        let place = line.place(in: group.name, priority: arrival.wishes?.priority ?? queue.priority)
        let end = time.monotonic() &+ queue.timeout
        meter.line = line
        while true {
            var refusal: GatewayFault?
            if line.mayGo(place) {
                do throws(GatewayFault) {
                    return try await attempt(arrival, request, group, snapshot, meter)
                } catch {
                    guard error.code == .noDeployment, meter.event.attempts == 0 else { throw error }
                    refusal = error
                }
            }
            let now = time.monotonic()
            guard now < end, let bell = line.join(place, limit: queue.limit) else {
                line.call(group.name)
                throw refusal ?? Self.crowded(group.name)
            }
            arrival.abandonment.onAbandon { bell.abandon() }
            try? await upstream.pause(min(end &- now, WaitingLine.look), bell)
            arrival.abandonment.onAbandon(nil)
            line.leave(place)
            if arrival.abandonment.isAbandoned {
                line.call(group.name)
                throw GatewayFault(.clientLeft, "the client left while it waited for its turn")
            }
        }
    }

    private static func crowded(_ group: String) -> GatewayFault {
        GatewayFault(
            .noDeployment,
            "All deployments of \(group) are busy, and too many requests wait for them already. Try again "
                + "in a second.", retryAfter: 1_000_000_000)
    }

    private func admit(
        _ arrival: Arrival, _ group: ModelGroup, _ snapshot: Snapshot, _ meter: RequestMeter
    ) async throws(GatewayFault) {
        guard !snapshot.limits.settings.isEmpty, let principal = meter.event.principal else { return }
        let now = time.monotonic()
        let estimate = RequestReading.tokens(of: arrival.call, snapshot.estimate)
        do throws(GatewayFault) {
            if let permit = try snapshot.limits.admitNow(principal, group: group.name, tokens: estimate, at: now) {
                meter.permit = permit
            } else {
                meter.permit = try await snapshot.limits.admit(principal, group: group.name, tokens: estimate, at: now)
            }
        } catch {
            meter.refusal = snapshot.limits.readings(principal, group: group.name, at: time.monotonic())
            throw error
        }
    }

    /// Answers a question that is no model call, over the same connections: health checks and model lists.
    package func ask(
        _ request: OutboundRequest, _ abandonment: Abandonment
    ) async throws(GatewayFault) -> any OutboundReply {
        try await upstream.open(request, abandonment)
    }
}
