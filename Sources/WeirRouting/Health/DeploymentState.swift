import Synchronization
import WeirCore

/// What is known of one deployment at run time. Shared by all loops and kept over reloads; read without a lock.
package final class DeploymentState: Sendable {
    /// What the last health check found.
    package enum Health: UInt8, Sendable, AtomicRepresentable { case unknown, up, down }
    /// Whether a self-hosted server has the model in memory.
    package enum Residence: UInt8, Sendable, AtomicRepresentable { case unknown, loaded, cold }

    /// A trial that has not ended after this time does not keep others from trying.
    static let longestTrial: UInt64 = 60_000_000_000
    /// How long a timeout is held against a deployment by `latency-based-routing`.
    static let timeoutMemory: UInt64 = 60_000_000_000
    /// Figures that were scraped longer ago are not looked at.
    static let scrapeLifetime: UInt64 = 10_000_000_000

    package let id: String
    /// A hash of `id`, for choices that shall come out the same everywhere.
    let seed: UInt64

    let running = Atomic<Int>(0)
    let tokens = Atomic<Int>(0)
    /// 0: in service. Otherwise it rests until then, and after that it must prove itself.
    let restsUntil = Atomic<UInt64>(0)
    /// When the trial that is under way began; 0 when there is none.
    let trialSince = Atomic<UInt64>(0)
    /// No request is let in before then: its limit of requests said so.
    let fullUntil = Atomic<UInt64>(0)
    let remoteRunning = Atomic<Int>(0)
    let remoteRestsUntil = Atomic<UInt64>(0)
    let remoteTokens = Atomic<Int>(0)
    let remoteFirstToken = Atomic<UInt64>(0)
    let remoteTokenTime = Atomic<UInt64>(0)
    let healthFound = Atomic<Health>(.unknown)
    let residenceFound = Atomic<Residence>(.unknown)

    let succeeded = MinuteCounter()
    let failed = MinuteCounter()
    let usedTokens = MinuteCounter()

    let meanFirstToken = Atomic<UInt64>(0)
    let meanTokenTime = Atomic<UInt64>(0)
    let latencyAt = Atomic<UInt64>(0)
    let timedOutAt = Atomic<UInt64>(0)

    let scrapedWaiting = Atomic<Int>(0)
    let scrapedForeign = Atomic<Int>(0)
    let scrapedCache = Atomic<Int>(0)
    let scrapedAt = Atomic<UInt64>(0)

    private let breaker = Mutex(Breaker())
    private let latencies = Mutex<(firstToken: LatencyWindow, tokenTime: LatencyWindow)>(
        (LatencyWindow(), LatencyWindow()))

    package init(id: String) {
        self.id = id
        seed = Rendezvous.hash(id)
    }

    // MARK: Reading

    /// Attempts under way here.
    package var inFlight: Int { running.load(ordering: .relaxed) }
    /// Attempts under way on other replicas, as they told last.
    package var remoteInFlight: Int { remoteRunning.load(ordering: .relaxed) }
    package var tokensInFlight: Int { tokens.load(ordering: .relaxed) }
    package var health: Health { healthFound.load(ordering: .relaxed) }
    package var residence: Residence { residenceFound.load(ordering: .relaxed) }
    package var isTried: Bool { trialSince.load(ordering: .relaxed) != 0 }

    /// It rests, or someone else is just finding out whether it serves again.
    @inline(__always)
    package func isOpen(at now: UInt64) -> Bool {
        let until = restsUntil.load(ordering: .relaxed)
        if until == 0 { return false }
        return now < until || isOnTrial(at: now)
    }

    /// Nanoseconds until its limit of requests lets another in, as far as that is known; 0 when it may be asked.
    func fullRemaining(at now: UInt64) -> UInt64 {
        let until = fullUntil.load(ordering: .relaxed)
        return until > now ? until - now : 0
    }

    /// Its rest is not over.
    func isResting(at now: UInt64) -> Bool { restsUntil.load(ordering: .relaxed) > now }

    /// Nanoseconds until it may be tried again; 0 when it may be tried now.
    package func restRemaining(at now: UInt64) -> UInt64 {
        let until = max(restsUntil.load(ordering: .relaxed), remoteRestsUntil.load(ordering: .relaxed))
        return until > now ? until - now : 0
    }

    /// The part of it that this replica decided itself.
    package func ownRestRemaining(at now: UInt64) -> UInt64 {
        let until = restsUntil.load(ordering: .relaxed)
        return until > now ? until - now : 0
    }

    /// Its rest is over, but it has not proved itself yet.
    package func isHalfOpen(at now: UInt64) -> Bool {
        let until = restsUntil.load(ordering: .relaxed)
        return until != 0 && now >= until
    }

    /// Failed and succeeded attempts of the last 50 to 60 seconds.
    package func record(at now: UInt64) -> (failed: Int, succeeded: Int) {
        (failed.sum(at: now), succeeded.sum(at: now))
    }

    /// The mean latency in nanoseconds of what `streams` asks for, as seen here, else by other replicas; 0 when nobody knows
    /// any that is younger than `ttl`; the penalty for a minute after a timeout.
    func latency(streams: Bool, _ arguments: StrategyArguments, at now: UInt64) -> UInt64 {
        let timeout = timedOutAt.load(ordering: .relaxed)
        if timeout != 0, now &- timeout < Self.timeoutMemory { return arguments.timeoutPenalty }
        let isKnown = latencyAt.load(ordering: .relaxed) &+ arguments.ttl > now
        if streams {
            let own = isKnown ? meanFirstToken.load(ordering: .relaxed) : 0
            let first = own > 0 ? own : remoteFirstToken.load(ordering: .relaxed)
            if first > 0 { return first }
        }
        let own = isKnown ? meanTokenTime.load(ordering: .relaxed) : 0
        return own > 0 ? own : remoteTokenTime.load(ordering: .relaxed)
    }

    /// Tokens of the last minute, here and on other replicas.
    func usage(at now: UInt64) -> Int { usedTokens.sum(at: now) + remoteTokens.load(ordering: .relaxed) }

    private func isOnTrial(at now: UInt64) -> Bool {
        let since = trialSince.load(ordering: .relaxed)
        return since != 0 && now &- since < Self.longestTrial
    }

    // MARK: What others found out

    /// What other replicas told with their heartbeats: the sum of their attempts, the longest of their rests, the sum of
    /// their tokens of the last minute, and the means of their latencies (0 where none is known).
    package func tellRemote(
        inFlight: Int, restsUntil: UInt64, tokens: Int = 0, firstToken: UInt64 = 0, tokenTime: UInt64 = 0
    ) {
        remoteRunning.store(max(inFlight, 0), ordering: .relaxed)
        remoteRestsUntil.store(restsUntil, ordering: .relaxed)
        remoteTokens.store(max(tokens, 0), ordering: .relaxed)
        remoteFirstToken.store(firstToken, ordering: .relaxed)
        remoteTokenTime.store(tokenTime, ordering: .relaxed)
    }

    /// What a health check found.
    package func tellHealth(_ health: Health) { healthFound.store(health, ordering: .relaxed) }

    /// Whether the server has the model in memory.
    package func tellResidence(_ residence: Residence) { residenceFound.store(residence, ordering: .relaxed) }

    /// What the server tells of itself: requests that run and wait there, and how full its KV cache is in percent.
    package func tellLoad(running: Int, waiting: Int, cachePercent: Int, at now: UInt64) {
        scrapedWaiting.store(max(waiting, 0), ordering: .relaxed)
        scrapedForeign.store(max(running + waiting - inFlight - remoteInFlight, 0), ordering: .relaxed)
        scrapedCache.store(min(max(cachePercent, 0), 100), ordering: .relaxed)
        scrapedAt.store(now, ordering: .relaxed)
    }

    // MARK: Rest and trial

    /// Takes the one place of a trial. False when another has it.
    func beginTrial(at now: UInt64) -> Bool {
        let since = trialSince.load(ordering: .relaxed)
        guard since == 0 || now &- since >= Self.longestTrial else { return false }
        return trialSince.compareExchange(expected: since, desired: max(now, 1), ordering: .relaxed).exchanged
    }

    func endTrial() { trialSince.store(0, ordering: .relaxed) }

    /// In service again, with nothing held against it.
    func close() {
        breaker.withLock { $0.forget() }
        restsUntil.store(0, ordering: .relaxed)
        trialSince.store(0, ordering: .relaxed)
    }

    /// Rests until `time`; never shorter than it already does.
    func rest(until time: UInt64) {
        restsUntil.max(time, ordering: .relaxed)
        trialSince.store(0, ordering: .relaxed)
    }

    /// How long this failure makes it rest; nil when it goes on.
    func rest(after failure: Failure, _ settings: CooldownSettings, at now: UInt64) -> UInt64? {
        breaker.withLock {
            $0.rest(
                after: failure, settings, failed: failed.sum(at: now), succeeded: succeeded.sum(at: now), at: now)
        }
    }

    // MARK: Latency

    /// A time to the first token, a time per token, or both; 0 leaves one out.
    func noteLatency(firstToken: UInt64, tokenTime: UInt64, size: Int, at now: UInt64) {
        latencies.withLock { latencies in
            if firstToken > 0 {
                latencies.firstToken.add(firstToken, size: size)
                meanFirstToken.store(latencies.firstToken.mean, ordering: .relaxed)
            }
            if tokenTime > 0 {
                latencies.tokenTime.add(tokenTime, size: size)
                meanTokenTime.store(latencies.tokenTime.mean, ordering: .relaxed)
            }
        }
        latencyAt.store(now, ordering: .relaxed)
    }
}
