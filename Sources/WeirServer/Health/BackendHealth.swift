import Logging
import Synchronization
import WeirConfig
import WeirCore
import WeirHTTP
import WeirLoops
import WeirPipeline
import WeirProviders
import WeirRouting

/// How the backends are: looked at in the background where the configuration wants it, and when somebody asks.
///
/// What the background finds is told to routing and to readiness, and logged when it changes. What is found because
/// somebody asked is for him: nobody would look again.
final class BackendHealth: Sendable {
    /// Looks at the same time where the configuration names no number.
    static let concurrency = 64
    /// A finding that somebody asked for is given again for so long: probes come from several sides at once. Longer for those
    /// that cost tokens. Nanoseconds.
    static let freshness: UInt64 = 2_000_000_000
    static let costlyFreshness: UInt64 = 60_000_000_000

    /// Looks in the background since the start, by what they found.
    struct Counts: Sendable, Equatable {
        var up: UInt64 = 0
        var down: UInt64 = 0
    }

    private enum Turn: Sendable {
        case mine
        case told(String?)
    }

    private struct State {
        var checks = HealthChecksSection()
        var targets: [HealthTarget] = []
        var byID: [String: HealthTarget] = [:]
        var schedule = AskingSchedule()
        var findings = HealthFindings()
        /// Who waits for a look that somebody else has begun.
        var waiters: [String: [UnsafeContinuation<Turn, Never>]] = [:]
        var counts = Counts()
    }

    private let state = Mutex(State())
    private let time: TimeSource
    private let logger: Logger

    init(_ time: TimeSource, _ logger: Logger) {
        self.time = time
        self.logger = logger
    }

    var counts: Counts { state.withLock { $0.counts } }

    /// A configuration came into force.
    func adopt(_ snapshot: Snapshot, _ document: ConfigDocument) {
        let targets = HealthTarget.all(snapshot, document)
        let byID = Dictionary(targets.map { ($0.id, $0) }) { first, _ in first }
        let now = time.monotonic()
        let before = state.withLock { state in
            let before = state.targets
            state.checks = document.healthChecks
            state.targets = targets
            state.byID = byID
            let watched = targets.filter { $0.isWatched && !$0.isLocal }
            state.schedule.keepOnly(Set(watched.map(\.id)), at: now)
            let latest = now &+ Timeout(document.healthChecks.interval).nanoseconds
            for target in watched { state.schedule.advance(target.id, to: latest) }
            state.findings.keepOnly(Set(byID.keys))
            return before
        }
        // Nobody looks at them any more: what was found must not stand for ever.
        for target in before where target.isWatched && byID[target.id]?.isWatched != true {
            target.state.tellHealth(.unknown)
        }
    }

    // MARK: In the background

    /// Looks at those that are due. Only on the loop of `home`.
    func tick(_ inquirers: [OnLoop<Inquirer>], home: LoopFloor) {
        let now = time.monotonic()
        let (due, expired) = state.withLock { state in
            guard state.checks.watches else { return ([HealthTarget](), [HealthTarget]()) }
            let limit = state.checks.concurrency ?? Self.concurrency
            let due = state.schedule.begin(at: now, limit: limit).compactMap { state.byID[$0] }
            let expired = state.findings.expire(at: now, lifetime: state.checks.lifetime)
            return (due, expired.compactMap { state.byID[$0] })
        }
        for target in expired where target.isWatched { target.state.tellHealth(.unknown) }
        for target in due {
            let inquirer = inquirers[target.prepared.deployment.index % inquirers.count]
            home.start {
                _ = await self.look(at: target, inquirer, in: .background)
            }
        }
    }

    private enum Reason: Sendable { case background, request }

    /// Looks at the backend, or waits for the one who is looking. Nil when it is up.
    private func look(at target: HealthTarget, _ inquirer: OnLoop<Inquirer>, in reason: Reason) async -> String? {
        let id = target.id
        let turn = await withUnsafeContinuation { (waiting: UnsafeContinuation<Turn, Never>) in
            let isFirst = state.withLock { state in
                if state.waiters[id] == nil {
                    state.waiters[id] = []
                    return true
                }
                state.waiters[id]?.append(waiting)
                return false
            }
            if isFirst { waiting.resume(returning: .mine) }
        }
        if case .told(let error) = turn {
            if reason == .background { scheduleNext(target, isDown: error != nil) }
            return error
        }
        let probe = probe(for: reason)
        let verdict = await inquirer.task { await probe.look(at: target, $0) }
        let error = note(verdict, target)
        for waiter in state.withLock({ $0.waiters.removeValue(forKey: id) }) ?? [] {
            waiter.resume(returning: .told(error))
        }
        if reason == .background { scheduleNext(target, isDown: error != nil) }
        return error
    }

    private func probe(for reason: Reason) -> HealthProbe {
        let checks = state.withLock { $0.checks }
        return HealthProbe(
            endpoint: checks.endpoint, ignoresTransientErrors: checks.ignoresTransientErrors,
            patience: reason == .background ? HealthProbe.backgroundPatience : HealthProbe.patience, wall: time.wall)
    }

    /// Takes in what was found, and tells those who want to know. Gives the error, nil when it is up.
    private func note(_ verdict: HealthProbe.Verdict, _ target: HealthTarget) -> String? {
        let now = time.monotonic()
        let error: String?
        switch verdict {
        case .unknown: return "the gateway stops"
        case .up: error = nil
        case .down(let why): error = why
        }
        let change = state.withLock { state in
            state.findings.note(target.id, HealthFindings.Finding(error: error, at: now))
            guard state.byID[target.id]?.isWatched == true else { return HealthFindings.Change.none }
            if error == nil { state.counts.up += 1 } else { state.counts.down += 1 }
            target.state.tellHealth(error == nil ? .up : .down)
            return state.findings.change(of: target.id)
        }
        tell(change, of: target)
        return error
    }

    private func scheduleNext(_ target: HealthTarget, isDown: Bool) {
        var chance = SystemRandomNumberGenerator()
        let random = chance.next()
        let now = time.monotonic()
        state.withLock { state in
            let pause = HealthFindings.pause(
                isDown: isDown, costsTokens: target.inference != .never,
                interval: Timeout(state.checks.interval).nanoseconds, random: random)
            state.schedule.end(target.id, next: now &+ pause)
        }
    }

    private func tell(_ change: HealthFindings.Change, of target: HealthTarget) {
        let deployment = target.prepared.deployment
        let name =
            "deployment \(deployment.id) of \(deployment.group) (\(deployment.vendor)/\(deployment.upstreamModel))"
        switch change {
        case .none: break
        case .wentDown(let why): logger.warning("\(name) is down: \(why)")
        case .cameUp: logger.notice("\(name) is up again")
        }
    }

    // MARK: On request

    /// How every backend is, or those of one model. With background checks on, what they found last; those that have not
    /// been found yet, and all when background checks are off, are asked now, as many at once as in the background.
    func report(model: String?, _ inquirers: [OnLoop<Inquirer>]) async -> HealthReport {
        let now = time.monotonic()
        let (checks, targets, known) = state.withLock { state in
            let isWatching = state.checks.watches
            let targets = state.targets.filter {
                (model == nil || $0.prepared.deployment.group == model) && (!isWatching || $0.isWatched)
            }
            let known = targets.map { target in
                let fresh = target.inference == .never ? Self.freshness : Self.costlyFreshness
                return state.findings.finding(
                    of: target.id, at: now, lifetime: isWatching ? state.checks.lifetime : fresh)
            }
            return (state.checks, targets, known)
        }
        var errors = known.map { $0?.error }
        let missing = known.indices.filter { known[$0] == nil }
        let limit = checks.concurrency ?? Self.concurrency
        await withTaskGroup(of: (Int, String?).self) { group in
            for (begun, number) in missing.enumerated() {
                if begun >= limit, let (number, error) = await group.next() { errors[number] = error }
                let target = targets[number]
                group.addTask {
                    let place = target.prepared.deployment.index % inquirers.count
                    return (number, await self.look(at: target, inquirers[place], in: .request))
                }
            }
            for await (number, error) in group { errors[number] = error }
        }
        let endpoints = zip(targets, errors).map {
            HealthReport.Endpoint(deployment: $0.prepared.deployment, error: $1)
        }
        return HealthReport(endpoints: endpoints, showsDetails: checks.showsDetails)
    }
}
