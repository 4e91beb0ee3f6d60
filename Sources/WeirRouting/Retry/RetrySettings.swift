package import WeirCore

/// How often a failed attempt is repeated within its model group. Times are nanoseconds.
package struct RetrySettings: Sendable {
    /// `num_retries`: what LiteLLM's router does when nothing is configured is 2.
    package var numRetries = 2
    /// A deployment that failed may be tried again, after a wait, when all others have failed too.
    package var repeatsSameDeployment = true
    /// `retry_policy`: for a class that it names, its number stands above every other, the request's included.
    package var policy = RetryPolicy()
    /// `retry_after`: no retry that waits waits less.
    package var minimumWait: UInt64 = 0
    /// The first bound of the exponential backoff.
    package var baseWait: UInt64 = 500_000_000
    /// Its last one.
    package var longestWait: UInt64 = 8_000_000_000
    /// A client is not kept waiting longer than this for an upstream's Retry-After; when more is asked, the group has failed.
    package var longestRetryAfter: UInt64 = 60_000_000_000
    /// Retries of a model group are at most this share of its requests of the last minute, in percent…
    package var budgetPercent = 20
    /// …and this many besides. Below zero: no budget.
    package var budgetFloor = 10

    package init() {}
}

/// Numbers of retries by class of failure (`TimeoutErrorRetries` and so on).
package struct RetryPolicy: Sendable, Equatable {
    package var retries: [FailureClass: Int]
    /// `DefaultRetries`: for classes that are not named.
    package var fallback: Int?

    package init(_ retries: [FailureClass: Int] = [:], default fallback: Int? = nil) {
        self.retries = retries
        self.fallback = fallback
    }

    func retries(after kind: FailureClass) -> Int? { retries[kind] ?? fallback }
    var largest: Int { max(retries.values.max() ?? 0, fallback ?? 0) }
}
