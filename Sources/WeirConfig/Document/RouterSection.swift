/// `router_settings`: the fields that Weir acts on, and those it keeps for later.
package struct RouterSection: Sendable {
    package enum Strategy: String, Sendable, CaseIterable {
        case simpleShuffle = "simple-shuffle"
        case leastBusy = "least-busy"
        case latencyBased = "latency-based-routing"
        case usageBased = "usage-based-routing"
        case usageBasedV2 = "usage-based-routing-v2"
        case costBased = "cost-based-routing"

        /// The others are warned of, and shuffled.
        package var isActedOn: Bool { self == .simpleShuffle }
    }

    /// `model_group_alias`: another name for a model group.
    package struct Alias: Sendable, Equatable {
        package let alias: String
        package let group: String
        /// Works, but is not listed.
        package let hidden: Bool
        package let place: SourceLocation

        package init(alias: String, group: String, hidden: Bool, place: SourceLocation) {
            self.alias = alias
            self.group = group
            self.hidden = hidden
            self.place = place
        }
    }

    /// Greater than zero.
    package var timeout: Duration?
    package var streamTimeout: Duration?
    package var strategy = Strategy.simpleShuffle
    package var aliases: [Alias] = []
    /// Kept; retries and cooldowns come later.
    package var numRetries: Int?
    package var cooldown: Duration?

    package init() {}
}
