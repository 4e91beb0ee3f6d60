/// `retry`: kept; it is acted on later.
package struct RetrySection: Sendable, Equatable {
    package var maxRetries: Int?
    /// `min_seconds`: the shortest wait before a retry.
    package var minimumWait: Duration?

    package init() {}
}
