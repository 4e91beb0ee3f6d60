import NIOCore
import WeirCore
import WeirProviders
import WeirRouting

/// Tries what the plan says until a reply begins or the plan gives up. The only loop over upstreams. Bound to its loop.
///
/// A class, and cut into functions that wait and functions that do not: what stands in the frame of a function that waits
/// stays with the connection for as long as its stream.
final class AttemptLoop {
    /// What is waited for when nothing tells how long.
    private static let shortWait: UInt64 = 1_000_000_000

    let snapshot: Snapshot
    let upstream: any Upstream
    let meter: RequestMeter
    let arrival: Arrival
    private let tokens: Int
    private let name: () -> String
    private let chance: () -> UInt64
    private let time: TimeSource
    private var plan: AttemptPlan

    // Of the present attempt
    private var target: PreparedDeployment?
    private var wildcard: String?
    private(set) var mayGoElsewhere = false
    /// How long its first token is waited for before another deployment is asked besides.
    private var hedgeAfter: UInt64?
    // Of the one before
    private var failure: Failure?
    private var fault: GatewayFault?

    init(
        _ snapshot: Snapshot, _ upstream: any Upstream, _ meter: RequestMeter, _ arrival: Arrival,
        _ request: RouteRequest, _ plan: AttemptPlan, name: @escaping () -> String, chance: @escaping () -> UInt64,
        _ time: TimeSource
    ) {
        self.snapshot = snapshot
        self.upstream = upstream
        self.meter = meter
        self.arrival = arrival
        self.plan = plan
        tokens = request.inputTokens + request.outputTokens
        self.name = name
        self.chance = chance
        self.time = time
    }

    /// For one of several attempts that run at once: with a meter and a connection of its own, and no plan to follow.
    private init(
        _ other: AttemptLoop, _ target: PreparedDeployment, wildcard: String?, _ meter: RequestMeter
    ) {
        snapshot = other.snapshot
        upstream = other.upstream
        self.meter = meter
        let arrival = other.arrival
        self.arrival = Arrival(
            call: arrival.call, forwarded: arrival.forwarded, ruledModel: arrival.ruledModel, wishes: arrival.wishes,
            abandonment: Abandonment())
        plan = other.plan
        tokens = other.tokens
        name = other.name
        chance = other.chance
        time = other.time
        self.target = target
        self.wildcard = wildcard
        mayGoElsewhere = true
    }

    func run() async throws(GatewayFault) -> Reply {
        while true {
            switch try step() {
            case .wait(let nanoseconds):
                try await upstream.pause(nanoseconds, arrival.abandonment)
                continue
            case .ask(let candidate):
                let decision = await candidate.beginAsking(tokens: tokens, at: time.monotonic())
                guard hasBegun(candidate, decision) else { continue }
            case .attempt: break
            }
            do throws(GatewayFault) {
                if let hedgeAfter { return try await hedged(after: hedgeAfter) }
                return try await attempt()
            } catch { try note(error) }
        }
    }

    // MARK: Before and after an attempt

    private enum Step {
        case wait(UInt64)
        /// Only the store that replicas share can tell whether the candidate's limits let the attempt in.
        case ask(Candidate)
        case attempt
    }

    @inline(never)
    private func step() throws(GatewayFault) -> Step {
        while true {
            switch plan.next(after: failure.take(), at: time.monotonic(), random: chance()) {
            case .wait(let nanoseconds): return .wait(nanoseconds)
            case .giveUp(let reason):
                notePlan()
                throw lastFault(reason)
            case .attempt(let candidate, let model):
                wildcard = model
                let decision = candidate.begin(tokens: tokens, at: time.monotonic())
                if case .unsure = decision { return .ask(candidate) }
                if hasBegun(candidate, decision) { return .attempt }
            }
        }
    }

    /// The deployment's limits have let the attempt in; if not, the plan knows.
    private func hasBegun(_ candidate: Candidate, _ decision: BeginDecision) -> Bool {
        guard case .begun(let ticket) = decision else {
            let wait = if case .refused(let wait) = decision { wait } else { Self.shortWait }
            plan.refused(candidate, retryAfter: wait)
            return false
        }
        let event = meter.event
        event.fault = nil
        event.usage = nil
        event.cost = nil
        event.timeToFirstToken = 0
        meter.began(candidate, ticket)
        notePlan()
        target = snapshot.deployments[candidate.deployment.index]
        mayGoElsewhere = plan.mayGoElsewhere
        hedgeAfter = arrival.call.streams && plan.mayHedge ? candidate.deployment.traits.hedgeAfter : nil
        return true
    }

    private func notePlan() {
        let event = meter.event
        event.attempts = plan.attempts
        event.retries = plan.retries
        event.fallbacks = plan.fallbacks
        if let trace = plan.trace { event.decisions = trace.map(\.description).joined(separator: "; ") }
    }

    /// The attempt has failed: throws when nothing more is to be done.
    @inline(never)
    private func note(_ error: GatewayFault) throws(GatewayFault) {
        meter.upstreamEnded()
        guard error.code != .clientLeft, let target else { throw error }
        let kind = classify(error, target, namesModel: wildcard != nil)
        meter.ended(kind)
        failure = kind
        // As with LiteLLM, the client is told how the model failed that it asked for.
        if fault == nil || plan.fallbacks == 0 { fault = hidingKey(error, target) }
    }

    private func lastFault(_ reason: AttemptPlan.GiveUp) -> GatewayFault {
        switch reason {
        case .nothingToTry(_, let fault): fault
        case .lastFailure: fault ?? GatewayFault(.internalError, "The request was given up before it was tried.")
        }
    }

    private func classify(_ fault: GatewayFault, _ target: PreparedDeployment, namesModel: Bool) -> Failure {
        if fault.code == .notSupported { return Failure(.notFound) }
        let failure = FailureTable.failure(
            of: fault, vendor: target.deployment.vendor, wall: time.wall(), clientNamesModel: namesModel)
        switch failure.kind {
        // A path that this upstream does not have says nothing of those that it has.
        case .notFound where arrival.call.operation != .chatCompletions: return Failure(.badRequest)
        case .authentication where ClientCredentials.areBrought(by: arrival.call),
            .quotaExhausted where ClientCredentials.areBrought(by: arrival.call):
            return Failure(.badRequest)
        default: return failure
        }
    }

    /// A client must not take the refusal of the gateway's key for one of its own.
    private func hidingKey(_ fault: GatewayFault, _ target: PreparedDeployment) -> GatewayFault {
        guard let status = fault.upstream?.status, status == 401, !ClientCredentials.areBrought(by: arrival.call) else {
            return fault
        }
        return GatewayFault(
            .upstreamKeyRefused,
            "The provider refused the gateway's own credentials for this model. Your key is not the cause: tell the "
                + "admin of the gateway that deployment \(target.deployment.id) needs a valid api_key.",
            detail: "the upstream answered with status \(status)")
    }

    // MARK: Attempts that run at once

    /// The present attempt, on its own.
    func presentLane() -> HedgeLane? {
        guard let target, let candidate = meter.candidate else { return nil }
        return HedgeLane(candidate, AttemptLoop(self, target, wildcard: wildcard, meter.apart()))
    }

    /// Another one besides; nil where nobody may serve.
    func otherLane() async -> HedgeLane? {
        while let (candidate, model) = plan.hedge(at: time.monotonic(), random: chance()) {
            var decision = candidate.begin(tokens: tokens, at: time.monotonic())
            if case .unsure = decision { decision = await candidate.beginAsking(tokens: tokens, at: time.monotonic()) }
            guard case .begun(let ticket) = decision else {
                plan.refused(candidate, retryAfter: Self.shortWait)
                continue
            }
            let meter = meter.apart()
            meter.began(candidate, ticket)
            notePlan()
            let target = snapshot.deployments[candidate.deployment.index]
            return HedgeLane(candidate, AttemptLoop(self, target, wildcard: model, meter))
        }
        return nil
    }

    /// Goes on as if this had been the only attempt.
    func take(over lane: HedgeLane) {
        plan.stays(with: lane.candidate)
        target = lane.loop.target
        wildcard = lane.loop.wildcard
        meter.join(lane.loop.meter)
        notePlan()
    }

    /// It has failed while another one goes on.
    func noteLost(_ lane: HedgeLane, _ error: GatewayFault) {
        guard let target = lane.loop.target else { return }
        let kind = classify(error, target, namesModel: lane.loop.wildcard != nil)
        lane.loop.meter.ended(kind)
        plan.lost(lane.candidate, kind)
        if fault == nil || plan.fallbacks == 0 { fault = hidingKey(error, target) }
    }

    // MARK: One attempt

    func attempt() async throws(GatewayFault) -> Reply {
        meter.upstreamStarted()
        guard let target else { throw GatewayFault(.internalError, "An attempt began without a deployment.") }
        if let answer = try localAnswer(target) { return try await reply(answer, target) }
        let answer = try await upstream.open(try request(to: target), arrival.abandonment)
        guard let memory = target.basePath, memory.choice == .unknown else { return try await reply(answer, target) }
        return try await discover(answer, target, memory)
    }

    @inline(never)
    private func localAnswer(_ target: PreparedDeployment) throws(GatewayFault) -> (any OutboundReply)? {
        guard let local = target.local else { return nil }
        try ClientCredentials.refuse(arrival.call, at: target)
        return try local.reply(to: arrival.call, id: name(), created: Int(time.wall() / 1_000_000_000))
    }

    @inline(never)
    private func request(to target: PreparedDeployment) throws(GatewayFault) -> OutboundRequest {
        var request = try target.request(for: arrival.call, model: wildcard, forwarded: arrival.forwarded)
        if let wishes = arrival.wishes { Self.apply(wishes, to: &request.timeouts, streams: arrival.call.streams) }
        return request
    }

    private static func apply(_ wishes: CallWishes, to timeouts: inout UpstreamTimeouts, streams: Bool) {
        guard let wanted = streams ? wishes.streamTimeout ?? wishes.timeout : wishes.timeout else { return }
        timeouts.connect = min(timeouts.connect, wanted)
        timeouts.firstByte = wanted
        timeouts.idle = wanted
        if !streams { timeouts.total = wanted }
    }

    /// The first call to a server whose base was named without a path: where `/v1` is not found, the root is tried, and
    /// what is found is remembered.
    @inline(never)
    private func discover(
        _ answer: any OutboundReply, _ target: PreparedDeployment, _ memory: BasePathMemory
    ) async throws(GatewayFault) -> Reply {
        guard answer.head.status == 404 else {
            memory.remember(.version)
            return try await reply(answer, target)
        }
        let first = try await refusal(answer, target)
        memory.remember(.root)
        let second: any OutboundReply
        do throws(GatewayFault) {
            second = try await upstream.open(try request(to: target), arrival.abandonment)
        } catch {
            memory.remember(.unknown)
            throw error
        }
        guard second.head.status == 404 else { return try await reply(second, target) }
        second.cancel()
        memory.remember(.unknown)
        throw first
    }
}
