package import WeirCore

/// When a failing deployment rests, and for how long. Times are nanoseconds.
package struct CooldownSettings: Sendable {
    /// `disable_cooldowns`
    package var isDisabled = false
    /// `cooldown_time`: 5 s unless configured; a deployment's own stands above it.
    package var time: UInt64 = 5_000_000_000
    /// `allowed_fails`: failures within the cooldown time that are forgiven; the next one is one too many. So "30 s after 3
    /// failures" is `allowed_fails: 2` with `cooldown_time: 30`. At most 4096.
    package var allowedFails: Int?
    /// `allowed_fails_policy`: the same by class of the latest failure.
    package var allowedFailsPolicy: [FailureClass: Int] = [:]
    /// Without such numbers: a deployment rests when more than this share of its calls of the last minute failed…
    package var failurePercent = 50
    /// …and there were at least so many.
    package var minimumCalls = 5
    /// An upstream that asks to be left alone for longer is asked again after this time.
    package var longestRetryAfter: UInt64 = 600_000_000_000
    /// The last deployment of a group that does not rest may rest too, even without a fallback.
    package var restsLast = false

    package init() {}

    /// With what the deployment itself says put above it.
    func merged(with traits: DeploymentTraits) -> CooldownSettings {
        var merged = self
        merged.time = traits.cooldown ?? time
        merged.allowedFails = traits.allowedFails ?? allowedFails
        merged.allowedFailsPolicy.merge(traits.allowedFailsPolicy) { $1 }
        return merged
    }
}
