import Synchronization
import WeirCoordination
package import WeirCore

/// A deployment as a member of its group: what may be asked of it, its limits, and what it is known to do.
///
/// An attempt begins with `begin` and ends with `end`, exactly once each.
package final class Candidate: Sendable {
    package let deployment: Deployment
    package let state: DeploymentState
    /// Its place in its group, in the order of trying.
    let position: Int
    let rest: CooldownSettings
    /// Nil where the deployment has no such limit.
    let requestLimit: Limiter?
    let tokenLimit: Limiter?
    let slots: Slots?
    /// At most so many attempts at once; `Int.max` when there is no limit.
    let parallel: Int
    let budget: ProviderBudget?
    /// The longest prompt that it is sent; `Int.max` when that is not checked.
    let longestPrompt: Int
    /// Relative capacity; above zero.
    let capacity: Double
    /// The place of its price among those of the group, 0 for the lowest; equal prices share one.
    let priceRank: Int
    /// The upstream's model has a `*` that stands for what the client's name has.
    let isPattern: Bool

    private let group: GroupState
    /// The states of all deployments of the group.
    private let siblings: [DeploymentState]
    /// Does not rest while all others do.
    private let staysIfLast: Bool
    /// Latencies that are kept; 0 when nobody looks at them.
    private let latencyListSize: Int
    private let weighsTokens: Bool

    init(
        _ deployment: Deployment, _ state: DeploymentState, position: Int, group: GroupState,
        siblings: [DeploymentState], priceRank: Int, strategy: RoutingStrategy, arguments: StrategyArguments,
        hasFallback: Bool,
        _ settings: RoutingSettings, _ board: LimiterBoard
    ) {
        self.deployment = deployment
        self.state = state
        self.position = position
        self.group = group
        self.siblings = siblings
        rest = settings.cooldown.merged(with: deployment.traits)
        staysIfLast = !hasFallback && !settings.cooldown.restsLast
        let id = "deployment:" + deployment.id
        let requests = settings.enforcesLimits ? max(deployment.requestsPerMinute, 0) : 0
        requestLimit = requests > 0 ? board.limiter(id: id + ":requests", limit: requests) : nil
        let tokens = settings.enforcesLimits ? max(deployment.tokensPerMinute, 0) : 0
        tokenLimit = tokens > 0 ? board.limiter(id: id + ":tokens", limit: tokens) : nil
        let own = deployment.traits.maxParallelRequests
        let parallel = own > 0 ? own : settings.defaultParallel
        slots = parallel > 0 ? board.slots(id: id + ":parallel", limit: parallel) : nil
        self.parallel = parallel > 0 ? parallel : .max
        budget = settings.budgets[deployment.vendor]
        let longest = deployment.traits.maxInputTokens
        longestPrompt = settings.checksContext && longest > 0 ? longest : .max
        capacity = Double(max(deployment.weight, 1))
        self.priceRank = priceRank
        isPattern = deployment.upstreamModel.utf8.contains(UInt8(ascii: "*"))
        latencyListSize = strategy == .latencyBased ? max(arguments.latencyListSize, 1) : 0
        weighsTokens = strategy == .usageBased || strategy == .usageBasedV2 || strategy == .loadAware
    }

    // MARK: Beginning

    /// Lets an attempt in, if the deployment's limits do. `tokens` is what it may use at most as estimated; 0 when it is not
    /// known.
    package func begin(tokens: Int, at now: UInt64) -> BeginDecision {
        let trial: Bool
        switch enter(at: now) {
        case .refused(let wait): return .refused(retryAfter: wait)
        case .entered(let isTrial): trial = isTrial
        }
        guard requestLimit != nil || tokenLimit != nil || slots != nil else {
            return .begun(started(tokens, isTrial: trial, at: now))
        }
        switch take(tokens, at: now) {
        case .taken: return .begun(started(tokens, isTrial: trial, at: now))
        case .refused(let wait):
            if trial { state.endTrial() }
            return .refused(retryAfter: wait)
        case .unsure:
            if trial { state.endTrial() }
            return .unsure
        }
    }

    /// As `begin`, asking the shared store where only it can tell. Never `unsure`.
    package func beginAsking(tokens: Int, at now: UInt64) async -> BeginDecision {
        let trial: Bool
        switch enter(at: now) {
        case .refused(let wait): return .refused(retryAfter: wait)
        case .entered(let isTrial): trial = isTrial
        }
        let decision = await takeAsking(tokens, at: now)
        if case .taken = decision { return .begun(started(tokens, isTrial: trial, at: now)) }
        if trial { state.endTrial() }
        guard case .refused(let wait) = decision else { return .refused(retryAfter: Self.shortWait) }
        return .refused(retryAfter: wait)
    }

    private enum Entry { case entered(isTrial: Bool), refused(UInt64) }

    /// What is said when nothing tells how long to wait.
    private static let shortWait: UInt64 = 1_000_000_000

    private func enter(at now: UInt64) -> Entry {
        let until = state.restsUntil.load(ordering: .relaxed)
        if until == 0 { return .entered(isTrial: false) }
        if now < until { return .refused(until - now) }
        return state.beginTrial(at: now) ? .entered(isTrial: true) : .refused(Self.shortWait)
    }

    private func started(_ tokens: Int, isTrial: Bool, at now: UInt64) -> AttemptTicket {
        state.running.wrappingAdd(1, ordering: .relaxed)
        let tokens = weighsTokens || tokenLimit != nil ? max(tokens, 0) : 0
        if tokens > 0 { state.tokens.wrappingAdd(tokens, ordering: .relaxed) }
        return AttemptTicket(startedAt: now, tokens: tokens, isTrial: isTrial)
    }

    /// All limits or none, in this order: requests, tokens, slots.
    private func take(_ tokens: Int, at now: UInt64) -> LimitDecision {
        if let requestLimit {
            let decision = requestLimit.take(1, at: now)
            if case .refused(let wait) = decision { noteFull(for: wait, at: now) }
            guard case .taken = decision else { return decision }
        }
        if let tokenLimit, tokens > 0 {
            let decision = tokenLimit.take(tokens, at: now)
            guard case .taken = decision else {
                requestLimit?.giveBack(1, takenAt: now, at: now)
                return decision
            }
        }
        if let slots {
            let decision = slots.take(1, at: now)
            guard case .taken = decision else {
                giveBack(tokens, takenAt: now)
                return decision
            }
        }
        return .taken
    }

    private func takeAsking(_ tokens: Int, at now: UInt64) async -> LimitDecision {
        if let requestLimit {
            let decision = await requestLimit.takeAsking(1, at: now)
            if case .refused(let wait) = decision { noteFull(for: wait, at: now) }
            guard case .taken = decision else { return decision }
        }
        if let tokenLimit, tokens > 0 {
            let decision = await tokenLimit.takeAsking(tokens, at: now)
            guard case .taken = decision else {
                requestLimit?.giveBack(1, takenAt: now, at: now)
                return decision
            }
        }
        if let slots {
            let decision = await slots.takeAsking(1, at: now)
            guard case .taken = decision else {
                giveBack(tokens, takenAt: now)
                return decision
            }
        }
        return .taken
    }

    private func giveBack(_ tokens: Int, takenAt now: UInt64) {
        requestLimit?.giveBack(1, takenAt: now, at: now)
        if tokens > 0 { tokenLimit?.giveBack(tokens, takenAt: now, at: now) }
    }

    /// The next ones need not ask before then.
    private func noteFull(for wait: UInt64, at now: UInt64) {
        state.fullUntil.store(now &+ wait, ordering: .relaxed)
    }

    // MARK: Ending

    /// A good reply has begun: ends a trial early, so that a long stream does not keep a healthy deployment waiting.
    package func answered(_ ticket: AttemptTicket) {
        if ticket.isTrial { state.close() }
    }

    /// The attempt is over.
    ///
    /// Reserved tokens that were not used go back; when the provider told no usage, a success or an abandoned attempt counts
    /// as having used what was reserved, a failure as having used nothing.
    package func end(_ ticket: AttemptTicket, _ outcome: AttemptOutcome, at now: UInt64) {
        state.running.wrappingSubtract(1, ordering: .relaxed)
        slots?.giveBack(1, takenAt: ticket.startedAt, at: now)
        let used = outcome.inputTokens + outcome.outputTokens
        if ticket.tokens > 0 || used > 0 { settle(ticket, outcome, used: used, at: now) }
        if let budget, let cost = outcome.cost { budget.spend(cost, at: now) }
        if outcome.isAbandoned {
            if outcome.isOutrun, latencyListSize > 0 {
                // Else one that is always too slow would count as one that was never used.
                state.noteLatency(firstToken: outcome.duration, tokenTime: 0, size: latencyListSize, at: now)
            }
            if ticket.isTrial { state.endTrial() }
        } else if let failure = outcome.failure, failure.kind.coolsDown {
            state.failed.add(1, at: now)
            failed(ticket, failure, at: now)
        } else {
            if outcome.failure == nil { succeeded(outcome, at: now) }
            if ticket.isTrial { state.close() }
        }
    }

    private func settle(_ ticket: AttemptTicket, _ outcome: AttemptOutcome, used: Int, at now: UInt64) {
        if ticket.tokens > 0 { state.tokens.wrappingSubtract(ticket.tokens, ordering: .relaxed) }
        let used = used > 0 || outcome.failure != nil ? used : ticket.tokens
        if weighsTokens, used > 0 { state.usedTokens.add(used, at: now) }
        tokenLimit?.settle(reserved: ticket.tokens, used: used, takenAt: ticket.startedAt, at: now)
    }

    private func succeeded(_ outcome: AttemptOutcome, at now: UInt64) {
        state.succeeded.add(1, at: now)
        guard latencyListSize > 0 else { return }
        let share = outcome.duration / UInt64(max(outcome.outputTokens, 1))
        state.noteLatency(firstToken: outcome.timeToFirstToken, tokenTime: share, size: latencyListSize, at: now)
    }

    private func failed(_ ticket: AttemptTicket, _ failure: Failure, at now: UInt64) {
        if failure.kind == .timeout { state.timedOutAt.store(now, ordering: .relaxed) }
        var time = state.rest(after: failure, rest, at: now)
        if ticket.isTrial, !rest.isDisabled {
            time = time ?? min(failure.retryAfter ?? rest.time, rest.longestRetryAfter)
        }
        guard let time else {
            if ticket.isTrial { state.close() }
            return
        }
        group.resting.withLock { _ in
            let isLast = !siblings.contains { $0 !== state && !$0.isResting(at: now) }
            if isLast, staysIfLast {
                if ticket.isTrial { state.close() }
            } else {
                state.rest(until: now &+ max(time, 1))
            }
        }
    }
}
