/// Where to go when a model group fails.
package struct FallbackSettings: Sendable {
    /// For which failures a rule holds.
    package enum Condition: String, Sendable, CaseIterable {
        /// All but those whose request is wrong.
        case any
        case timeout
        /// The upstream's faults other than timeouts and rate limits.
        case error
        /// Too many requests, or the quota gone.
        case rateLimit = "rate_limit"
        /// `context_window_fallbacks`
        case contextWindow = "context_window"
        /// `content_policy_fallbacks`
        case contentPolicy = "content_policy"
    }

    package struct Rule: Sendable {
        /// A model group, a name that clients use, or `*` for every one.
        package let primary: String
        /// In the order to try.
        package let backups: [String]
        package let condition: Condition

        package init(primary: String, backups: [String], condition: Condition = .any) {
            self.primary = primary
            self.backups = backups
            self.condition = condition
        }
    }

    package var rules: [Rule] = []
    /// `default_fallbacks`: for groups that no rule names.
    package var defaults: [String] = []
    /// `max_fallbacks`: groups that one request may fall back to in all.
    package var limit = 5
    /// A request that the upstream calls wrong (400, 422) goes to the fallbacks too, as with LiteLLM.
    package var coversBadRequests = false

    package init() {}
}
