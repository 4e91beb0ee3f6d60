package import WeirCore

/// Decides whether a failure is one too many. Pure: what it needs is handed in, what follows is told.
///
/// In this order, the first that applies:
/// 1. Failures that are the client's fault count for nothing.
/// 2. A number for the class (`allowed_fails_policy`, else `allowed_fails`): rest when more failures than that lie within the
///    cooldown time.
/// 3. Classes for which one is enough (credentials refused, quota gone, model unknown): rest.
/// 4. 429, and every failure with a Retry-After: rest.
/// 5. More than half of the calls of the last minute failed, of at least five: rest.
///
/// The rest lasts as long as the upstream's Retry-After asks, at most ten minutes, otherwise the cooldown time.
package struct Breaker {
    /// Times of the latest failures, the newest last; no more than a rule can ask for.
    private var failures: [UInt64] = []

    package init() {}

    /// How long the deployment has to rest in nanoseconds; nil when it goes on.
    ///
    /// - Parameters:
    ///   - failed: failures of the last minute, this one included.
    ///   - succeeded: successes of the last minute.
    package mutating func rest(
        after failure: Failure, _ settings: CooldownSettings, failed: Int, succeeded: Int, at now: UInt64
    ) -> UInt64? {
        guard !settings.isDisabled, failure.kind.coolsDown else { return nil }
        guard isTooMuch(failure, settings, failed: failed, succeeded: succeeded, at: now) else { return nil }
        failures.removeAll(keepingCapacity: true)
        guard let asked = failure.retryAfter, asked > 0 else { return settings.time }
        return min(asked, settings.longestRetryAfter)
    }

    private mutating func isTooMuch(
        _ failure: Failure, _ settings: CooldownSettings, failed: Int, succeeded: Int, at now: UInt64
    ) -> Bool {
        if let allowed = settings.allowedFailsPolicy[failure.kind] ?? settings.allowedFails {
            let allowed = min(max(allowed, 0), 4096)
            failures.append(now)
            let start = now > settings.time ? now - settings.time : 0
            let old = failures.prefix { $0 < start }.count
            failures.removeFirst(max(old, failures.count - allowed - 1))
            return failures.count > allowed
        }
        if failure.kind.coolsDownAtOnce || failure.kind == .rateLimited || failure.retryAfter ?? 0 > 0 { return true }
        let calls = failed + succeeded
        return calls >= settings.minimumCalls && failed * 100 > calls * settings.failurePercent
    }

    /// The deployment serves again: what was before is forgiven.
    package mutating func forget() { failures.removeAll(keepingCapacity: true) }
}
