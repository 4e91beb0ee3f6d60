/// How long to wait before the same deployments are tried again.
///
/// The upstream's Retry-After plus up to a tenth of it, so that those who were told the same do not come back together;
/// without one, exponential backoff with full jitter: uniform between 0 and `min(base · 2ⁿ, longest)`
/// ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Never less than `minimumWait`.
package enum Backoff {
    /// `retry` counts from 0. Nil when the upstream asks for more time than a client is kept waiting.
    package static func wait(
        before retry: Int, retryAfter: UInt64?, _ settings: RetrySettings, random: UInt64
    ) -> UInt64? {
        if let retryAfter, retryAfter > 0 {
            guard retryAfter <= settings.longestRetryAfter else { return nil }
            let spread = random.multipliedFullWidth(by: retryAfter / 10 + 1).high
            return max(settings.minimumWait, retryAfter + spread)
        }
        let grown = settings.baseWait.multipliedReportingOverflow(by: 1 << UInt64(min(max(retry, 0), 62)))
        let bound = grown.overflow ? settings.longestWait : min(grown.partialValue, settings.longestWait)
        return max(settings.minimumWait, random.multipliedFullWidth(by: bound).high)
    }
}
