package import WeirCore

/// What to try for one request, decided as it goes. The hall asks `next`, does what it says, and tells what came of it.
///
/// The rules, in their order:
/// 1. *Retry*: a failure that another try may mend goes to another deployment of the group at once; only when every one that
///    may serve was tried, the plan waits (`Backoff`) and tries again where trying again may help. Each retry counts
///    against the number of retries and the group's retry budget. One that follows a failed trial of a deployment that had
///    rested counts against neither.
/// 2. *Order*: deployments of the group with a higher `order`.
/// 3. *Fallbacks*, each with retries of its own; those of a fallback that fails come before the rest of the list. No group
///    is tried twice, and there are at most `max_fallbacks` in all.
///
/// A plan of one attempt allocates nothing.
package struct AttemptPlan: Sendable {
    package enum Step: Sendable {
        /// The candidate, and the model's name there when it depends on the name that was asked for (a wildcard).
        case attempt(Candidate, model: String?)
        /// Wait so many nanoseconds, then call `next(after: nil)`.
        case wait(UInt64)
        case giveUp(GiveUp)
    }

    package enum GiveUp: Sendable {
        /// The client gets what the last attempt threw.
        case lastFailure
        /// Nothing could be tried at all.
        case nothingToTry(Shortage, GatewayFault)
    }

    /// A group to fall back to, and the name by which it is called.
    private struct Target {
        let group: ModelGroup
        let name: String

        func isSame(as other: Target) -> Bool {
            group.name == other.group.name && (!group.isPattern || name == other.name)
        }
    }

    private enum Phase { case start, choosing, waiting }

    /// Tries handed out so far.
    package private(set) var attempts = 0
    /// Those of them that repeated a try within the same group.
    package private(set) var retries = 0
    /// Times that the plan went to another group, or to the next `order` of the same one.
    package private(set) var fallbacks = 0

    private let planner: RoutePlanner
    private let request: RouteRequest
    /// The group that the present attempt belongs to.
    package private(set) var servingGroup: ModelGroup
    private var phase = Phase.start
    /// The place of the present or last attempt; -1 before the first.
    private var place = -1
    private var isTrial = false
    private let isTraced: Bool
    /// Retries used up since the last fallback.
    private var used = 0
    private var tier = 0
    /// At most one; none as long as nothing was refused and nothing failed, so that a plan of one attempt allocates nothing.
    private var detours: [Detour] = []

    init(_ planner: RoutePlanner, _ group: ModelGroup, _ request: RouteRequest, traced: Bool) {
        self.planner = planner
        self.request = request
        servingGroup = group
        isTraced = traced
    }

    /// What is known once something went otherwise than planned.
    private struct Detour {
        /// The name by which the group is called, if it is a fallback.
        var name: String?
        var tried = MemberSet()
        /// Trying again is no use.
        var closed = MemberSet()
        /// Limits refused since the last retry that waited.
        var full = MemberSet()
        var lastKind: FailureClass?
        var shortestWait: UInt64?
        var pending: [Target] = []
        var visited: [Target] = []
        var first: (shortage: Shortage, fault: GatewayFault)?
        var trace: [RouteTrace] = []
    }

    private mutating func detour(_ change: (inout Detour) -> Void) {
        if detours.isEmpty { detours.append(Detour()) }
        change(&detours[0])
    }

    /// What was decided, in its order; nil when no account was asked for.
    package var trace: [RouteTrace]? { isTraced ? detours.first?.trace ?? [] : nil }

    /// The name by which the present group is called: what the client asked for, or the fallback's.
    package var servingName: String { detours.first?.name ?? request.model }

    /// There is something left to try after the present attempt: so a stream's head waits for its first token.
    package var mayGoElsewhere: Bool {
        if used < allowedRetries { return true }
        if detours.first?.pending.isEmpty == false || tier + 1 < servingGroup.tiers.count { return true }
        if isTrial, servingGroup.candidates.count > 1 { return true }
        guard fallbacks < planner.fallbacks.limit, request.overrides?.disablesFallbacks != true else { return false }
        if let overrides = request.overrides, !overrides.models.isEmpty { return true }
        return !planner.fallbacks.isEmpty
            && planner.fallbacks.hasBackups(of: servingName, group: servingGroup.name)
    }

    /// The limits of `candidate` did not let the attempt in: it does not count, and `next(after: nil)` tells what to do.
    package mutating func refused(_ candidate: Candidate, retryAfter: UInt64) {
        attempts -= 1
        detour {
            $0.full.insert(candidate.position)
            $0.shortestWait = min($0.shortestWait ?? retryAfter, retryAfter)
        }
        note(.full, candidate, retryAfter)
    }

    /// The next thing to do: after `failure` ended the attempt before, or nil at the start, after a wait and after `refused`.
    package mutating func next(after failure: Failure?, at now: UInt64, random: UInt64) -> Step {
        if let failure { return step(after: failure, at: now, random) }
        switch phase {
        case .start:
            phase = .choosing
            if let mock = request.overrides?.mockFailure { return pretend(mock, at: now, random) }
        case .choosing: break
        case .waiting:
            phase = .choosing
            // Someone who was not tried yet may be free by now; otherwise those that were tried get another chance.
            if let place = chooseFresh(at: now, random) ?? chooseAgain(at: now, random) { return attempt(place, now) }
            return afterShortage(at: now, random)
        }
        if let place = chooseFresh(at: now, random) { return attempt(place, now) }
        if detours.first?.tried.isEmpty == false, chooseAgain(at: now, random) != nil,
            let wait = Backoff.wait(before: used, retryAfter: nil, planner.settings.retries, random: random)
        {
            // A retry was refused by the limits of the last one that had not been tried.
            phase = .waiting
            note(.wait, nil, wait)
            return .wait(wait)
        }
        return afterShortage(at: now, random)
    }

    /// Somebody who was not tried yet.
    @inline(__always)
    private func chooseFresh(at now: UInt64, _ random: UInt64, from tier: Int = 0) -> Int? {
        guard let detour = detours.first else {
            return servingGroup.choose(request, skipping: MemberSet(), from: tier, at: now, random: random)
        }
        let skipped = detour.tried.union(detour.closed).union(detour.full)
        return servingGroup.choose(request, skipping: skipped, from: tier, at: now, random: random)
    }

    /// Somebody whom it may help to try again.
    private func chooseAgain(at now: UInt64, _ random: UInt64) -> Int? {
        let skipped = detours.first.map { $0.closed.union($0.full) } ?? MemberSet()
        return servingGroup.choose(request, skipping: skipped, at: now, random: random)
    }

    @inline(__always)
    private mutating func attempt(_ place: Int, _ now: UInt64) -> Step {
        let candidate = servingGroup.candidates[place]
        self.place = place
        isTrial = candidate.state.isHalfOpen(at: now)
        if servingGroup.tiers.count > 1 { tier = servingGroup.tier(of: place) }
        attempts += 1
        if isTraced { note(.attempt, candidate) }
        return .attempt(candidate, model: candidate.isPattern ? captured(by: candidate) : nil)
    }

    /// A deployment whose own model is a pattern serves what the group's pattern stood for.
    private func captured(by candidate: Candidate) -> String? {
        servingGroup.pattern?.upstreamName(
            for: planner.realName(of: servingName), in: candidate.deployment.upstreamModel)
    }

    private mutating func note(_ what: RouteTrace.What, _ candidate: Candidate? = nil, _ amount: UInt64 = 0) {
        guard isTraced else { return }
        let group = servingGroup.name
        detour {
            $0.trace.append(
                RouteTrace(what: what, group: group, deployment: candidate?.deployment.id, amount: amount))
        }
    }

    // MARK: Attempts that run at once

    /// Another deployment may be asked besides the present one.
    package var mayHedge: Bool { servingGroup.candidates.count > 1 }

    /// Somebody of the same order to be asked besides the present attempt; nil when there is nobody, or the group has used up
    /// its retries.
    package mutating func hedge(at now: UInt64, random: UInt64) -> (candidate: Candidate, model: String?)? {
        guard place >= 0 else { return nil }
        let place = place
        detour { $0.tried.insert(place) }
        guard let other = chooseFresh(at: now, random), servingGroup.tier(of: other) == servingGroup.tier(of: place)
        else { return nil }
        guard servingGroup.state.takeRetry(planner.settings.retries, at: now) else {
            note(.budgetUsedUp)
            return nil
        }
        let candidate = servingGroup.candidates[other]
        detour { $0.tried.insert(other) }
        attempts += 1
        note(.hedge, candidate)
        return (candidate, candidate.isPattern ? captured(by: candidate) : nil)
    }

    /// One of those that ran at once has failed, and the other one goes on.
    package mutating func lost(_ candidate: Candidate, _ failure: Failure) {
        detour {
            $0.lastKind = failure.kind
            if !failure.kind.mayRetryHere { $0.closed.insert(candidate.position) }
        }
        note(.failed(failure.kind), candidate)
    }

    /// Of those that ran at once this is the present attempt from now on.
    package mutating func stays(with candidate: Candidate) {
        if place != candidate.position { isTrial = false }
        place = candidate.position
    }

    // MARK: After a failure

    private var allowedRetries: Int {
        let own = place >= 0 ? servingGroup.candidates[place].deployment.traits.numRetries : nil
        return max(request.overrides?.numRetries ?? own ?? servingGroup.numRetries, servingGroup.retryPolicy.largest)
    }

    /// Retries that this kind of failure may have, and whether the configuration asks for them by name.
    private func retries(after kind: FailureClass) -> (count: Int, isNamed: Bool) {
        let policy = servingGroup.retryPolicy
        if let named = policy.retries[kind] { return (named, true) }
        let own = place >= 0 ? servingGroup.candidates[place].deployment.traits.numRetries : nil
        return (policy.fallback ?? request.overrides?.numRetries ?? own ?? servingGroup.numRetries, false)
    }

    private mutating func step(after failure: Failure, at now: UInt64, _ random: UInt64) -> Step {
        let kind = failure.kind
        detour { $0.lastKind = kind }
        let (count, isNamed) = retries(after: kind)
        if place >= 0 {
            let place = place
            detour {
                $0.tried.insert(place)
                if !kind.mayRetryHere, !isNamed { $0.closed.insert(place) }
            }
        }
        if isTraced { note(.failed(kind), place >= 0 ? servingGroup.candidates[place] : nil) }
        let wasTrial = isTrial
        isTrial = false
        if kind.mayRetryElsewhere || isNamed, used < count || wasTrial {
            if let step = retry(after: failure, isFree: wasTrial, mayPay: used < count, at: now, random) { return step }
        }
        return leave(after: kind, at: now, random)
    }

    /// The next try within the group; nil when there is none.
    private mutating func retry(
        after failure: Failure, isFree: Bool, mayPay: Bool, at now: UInt64, _ random: UInt64
    ) -> Step? {
        let settings = planner.settings.retries
        if let place = chooseFresh(at: now, random) {
            guard isFree || pay(settings, at: now) else { return nil }
            retries += 1
            return attempt(place, now)
        }
        guard mayPay, repeatsSame, chooseAgain(at: now, random) != nil else { return nil }
        let wait = Backoff.wait(before: used, retryAfter: failure.retryAfter, settings, random: random)
        guard let wait, pay(settings, at: now) else { return nil }
        retries += 1
        phase = .waiting
        // Only a wait that was paid for forgets who was full: so there cannot be waits without end.
        detour { $0.full = MemberSet() }
        note(.wait, nil, wait)
        return wait > 0 ? .wait(wait) : next(after: nil, at: now, random: random)
    }

    /// A number of retries that somebody named is meant for the same deployment too.
    private var repeatsSame: Bool {
        planner.settings.retries.repeatsSameDeployment || request.overrides?.numRetries != nil
            || place >= 0 && servingGroup.candidates[place].deployment.traits.numRetries != nil
            || servingGroup.retryPolicy != planner.settings.retries.policy
    }

    private mutating func pay(_ settings: RetrySettings, at now: UInt64) -> Bool {
        guard servingGroup.state.takeRetry(settings, at: now) else {
            note(.budgetUsedUp)
            return false
        }
        used += 1
        return true
    }

    // MARK: Beyond the group

    private mutating func afterShortage(at now: UInt64, _ random: UInt64) -> Step {
        let shortage = servingGroup.shortage(request, wait: detours.first?.shortestWait, at: now)
        if attempts == 0, detours.first?.first == nil {
            let fault = servingGroup.fault(shortage, request, model: servingName, at: now)
            detour { $0.first = (shortage, fault) }
        }
        note(.nobody(shortage))
        return leave(after: detours.first?.lastKind ?? shortage.kind, at: now, random)
    }

    /// On to higher orders of the group, then to the fallbacks for this kind of failure.
    private mutating func leave(after kind: FailureClass, at now: UInt64, _ random: UInt64) -> Step {
        var kind = kind
        if !kind.isClients, tier + 1 < servingGroup.tiers.count, fallbacks < planner.fallbacks.limit {
            if let place = chooseFresh(at: now, random, from: tier + 1) {
                fallbacks += 1
                used = 0
                note(.nextOrder)
                return attempt(place, now)
            }
        }
        while true {
            queueFallbacks(after: kind)
            guard fallbacks < planner.fallbacks.limit, let next = detours.first?.pending.first else { return giveUp() }
            enter(next, at: now)
            if let place = chooseFresh(at: now, random) { return attempt(place, now) }
            let shortage = servingGroup.shortage(request, wait: nil, at: now)
            note(.nobody(shortage))
            kind = shortage.kind
        }
    }

    private mutating func queueFallbacks(after kind: FailureClass) {
        guard request.overrides?.disablesFallbacks != true else { return }
        let names = planner.fallbacks.backups(
            of: servingName, group: servingGroup.name, after: kind, request.overrides)
        let targets = names.compactMap { name in planner.group(named: name).map { Target(group: $0, name: name) } }
        let present = Target(group: servingGroup, name: servingName)
        detour { detour in
            if detour.visited.isEmpty { detour.visited.append(present) }
            var found: [Target] = []
            for next in targets {
                let isKnown = (detour.visited + found).contains { $0.isSame(as: next) }
                if !isKnown { found.append(next) }
            }
            detour.pending.removeAll { later in found.contains { $0.isSame(as: later) } }
            detour.pending.insert(contentsOf: found, at: 0)
        }
    }

    private mutating func enter(_ next: Target, at now: UInt64) {
        next.group.state.requests.add(1, at: now)
        fallbacks += 1
        servingGroup = next.group
        used = 0
        tier = 0
        place = -1
        phase = .choosing
        detour { detour in
            detour.pending.removeFirst()
            detour.visited.append(next)
            detour.name = next.name
            detour.tried = MemberSet()
            detour.closed = MemberSet()
            detour.full = MemberSet()
            detour.lastKind = nil
            detour.shortestWait = nil
        }
        note(.fallback)
    }

    private mutating func giveUp() -> Step {
        note(.gaveUp)
        if attempts > 0 { return .giveUp(.lastFailure) }
        guard let (shortage, fault) = detours.first?.first else {
            return .giveUp(
                .nothingToTry(
                    .unavailable(retryAfter: nil), GatewayFault(.noDeployment, "No deployments available.")))
        }
        return .giveUp(.nothingToTry(shortage, fault))
    }

    /// The first group is taken as failed without being asked.
    private mutating func pretend(_ mock: RouteOverrides.MockFailure, at now: UInt64, _ random: UInt64) -> Step {
        let name = String(servingName.prefix(256))
        let kind: FailureClass
        switch mock {
        case .any: kind = .serverError
        case .contentPolicy: kind = .contentPolicy
        case .contextWindow: kind = .contextWindow
        case .rateLimit: kind = .rateLimited
        }
        note(.failed(kind))
        let fault = GatewayFault(
            mock == .rateLimit ? .rateLimited : mock == .any ? .internalError : .invalidParameter,
            "This is a mock exception for model=\(name), to trigger a fallback.")
        detour { $0.first = (.unavailable(retryAfter: nil), fault) }
        tier = servingGroup.tiers.count
        return leave(after: kind, at: now, random)
    }
}
