/// `retry`: what counts where `router_settings` and `litellm_settings` say nothing.
package struct RetrySection: Sendable, Equatable {
    /// Tries after the first, 0 to 100.
    package var maxRetries: Int?
    /// `min_seconds`: the shortest wait before a try on the same deployment; those on others do not wait.
    package var minimumWait: Duration?

    package init() {}
}
