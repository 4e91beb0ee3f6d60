/// `retry`: what counts where `router_settings` and `litellm_settings` say nothing.
package struct RetrySection: Sendable, Equatable {
    /// Tries after the first, 0 to 100.
    package var maxRetries: Int?
    /// `min_seconds`: the shortest wait before a retry.
    package var minimumWait: Duration?

    package init() {}
}
