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

    /// Who is calling: asked before the body is read, so that a stranger cannot send one. Nil when only the store can
    /// tell: ask `identifyAsking` then.
    package func identify(_ credential: Credential?, _ meter: RequestMeter) throws(GatewayFault) -> Principal? {
        guard let principal = try snapshot.access.identify(credential, at: meter.event.startedAt) else { return nil }
        meter.event.principal = principal
        return principal
    }

    /// The same for a key that has not been seen yet.
    package func identifyAsking(
        _ credential: Credential?, _ meter: RequestMeter
    ) async throws(GatewayFault) -> Principal {
        let principal = try await snapshot.access.identifyAsking(credential, at: meter.event.startedAt)
        meter.event.principal = principal
        return principal
    }

    /// One model call, from its arrival to the beginning of its reply. What is left of the reply comes by its stream.
    package func serve(_ arrival: Arrival, _ meter: RequestMeter) async throws(GatewayFault) -> Reply {
        let snapshot = snapshot
        if let id = arrival.customer, try !knowsCustomer(id, snapshot, meter) {
            try await askForCustomer(id, snapshot, meter)
        }
        let (arrival, group) = try placed(arrival, snapshot, meter)
        if try !admitNow(arrival, group, snapshot, meter) { try await admit(arrival, group, snapshot, meter) }
        if let queue = snapshot.queue { return try await waiting(arrival, group, snapshot, queue, meter) }
        return try await attempts(arrival, group, snapshot, meter).run()
    }

    func group(
        of arrival: Arrival, _ snapshot: Snapshot, _ meter: RequestMeter
    ) throws(GatewayFault) -> ModelGroup {
        let wanted = arrival.ruledModel ?? arrival.call.model
        let customer = meter.customer
        guard let principal = meter.event.principal, principal.grant != nil || customer != nil else {
            return try snapshot.planner.group(for: wanted)
        }
        if let grant = principal.grant { try GrantedCall.check(arrival.call, grant) }
        let model = try snapshot.access.model(wanted, for: principal)
        if let customer { try snapshot.access.checkModel(model, of: customer) }
        for fallback in arrival.wishes?.overrides?.models ?? [] {
            let model = try snapshot.access.model(fallback, for: principal)
            if let customer { try snapshot.access.checkModel(model, of: customer) }
        }
        return try snapshot.planner.group(for: model)
    }

    @inline(never)
    private func attempts(
        _ arrival: Arrival, _ group: ModelGroup, _ snapshot: Snapshot, _ meter: RequestMeter
    ) throws(GatewayFault) -> AttemptLoop {
        let request = RequestReading.request(
            arrival, group, snapshot.estimate, userAgent: meter.event.userAgent, region: meter.customer?.grant?.region)
        let plan = try snapshot.planner.plan(
            request, in: group, at: time.monotonic(), traced: snapshot.explains || arrival.wishes?.explains == true)
        return AttemptLoop(
            snapshot, upstream, meter, arrival, request, plan, name: { self.newCallID().text },
            chance: { self.chance.next() }, time)
    }

    /// The same where requests wait for their turn while every deployment is full.
    @inline(never)
    private func waiting(
        _ arrival: Arrival, _ group: ModelGroup, _ snapshot: Snapshot, _ queue: QueueSettings, _ meter: RequestMeter
    ) async throws(GatewayFault) -> Reply {
        let place = line.place(in: group.name, priority: arrival.wishes?.priority ?? queue.priority)
        let end = time.monotonic() &+ queue.timeout
        meter.line = line
        while true {
            var refusal: GatewayFault?
            if line.mayGo(place) {
                do throws(GatewayFault) {
                    return try await attempts(arrival, group, snapshot, meter).run()
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

    // MARK: Limits

    /// Lets the request in by the limits that can be decided here. False when only the store that replicas share can tell.
    @inline(never)
    private func admitNow(
        _ arrival: Arrival, _ group: ModelGroup, _ snapshot: Snapshot, _ meter: RequestMeter
    ) throws(GatewayFault) -> Bool {
        guard let principal = meter.event.principal, snapshot.limits.concern(principal, for: meter.customer) else {
            return true
        }
        do throws(GatewayFault) {
            let permit = try snapshot.limits.admitNow(
                principal, for: meter.customer, group: group.name,
                tokens: RequestReading.tokens(of: arrival.call, snapshot.estimate), at: time.monotonic())
            guard let permit else { return false }
            meter.permit = permit
            return true
        } catch {
            throw refused(error, principal, group, snapshot, meter)
        }
    }

    @inline(never)
    private func admit(
        _ arrival: Arrival, _ group: ModelGroup, _ snapshot: Snapshot, _ meter: RequestMeter
    ) async throws(GatewayFault) {
        guard let principal = meter.event.principal else { return }
        do throws(GatewayFault) {
            meter.permit = try await snapshot.limits.admit(
                principal, for: meter.customer, group: group.name,
                tokens: RequestReading.tokens(of: arrival.call, snapshot.estimate), at: time.monotonic())
        } catch {
            throw refused(error, principal, group, snapshot, meter)
        }
    }

    private func refused(
        _ fault: GatewayFault, _ principal: Principal, _ group: ModelGroup, _ snapshot: Snapshot, _ meter: RequestMeter
    ) -> GatewayFault {
        meter.refusal = snapshot.limits.readings(
            principal, for: meter.customer, group: group.name, at: time.monotonic())
        return fault
    }

    /// Answers a question that is no model call, over the same connections: health checks and model lists.
    package func ask(
        _ request: OutboundRequest, _ abandonment: Abandonment
    ) async throws(GatewayFault) -> any OutboundReply {
        try await upstream.open(request, abandonment)
    }
}
