/// Where to go when a model group fails.
package struct FallbackRule: Sendable, Equatable {
    package enum Condition: String, Sendable, CaseIterable {
        case any
        case timeout
        case error
        case rateLimit = "rate_limit"
        case contextWindow = "context_window"
        case contentPolicy = "content_policy"
    }

    /// A model group, or `*` for every one that has no rule of its own.
    package var primary: String
    /// In the order to try; never the primary itself, nor in a circle (LiteLLM takes both): such a file is refused, unless
    /// the primary is `*`.
    package var backups: [String]
    package var condition: Condition
    package var place: SourceLocation

    package init(primary: String, backups: [String], condition: Condition, place: SourceLocation) {
        self.primary = primary
        self.backups = backups
        self.condition = condition
        self.place = place
    }
}
