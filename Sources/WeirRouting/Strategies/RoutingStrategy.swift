/// How one of several deployments is chosen, by LiteLLM's names, and one of Weir's own.
package enum RoutingStrategy: String, Sendable, CaseIterable {
    case simpleShuffle = "simple-shuffle"
    case leastBusy = "least-busy"
    case latencyBased = "latency-based-routing"
    case usageBased = "usage-based-routing"
    case usageBasedV2 = "usage-based-routing-v2"
    case costBased = "cost-based-routing"
    /// A shuffle among the vendors that have budget left.
    case providerBudget = "provider-budget-routing"
    /// For self-hosted models; see `LoadAware`.
    case loadAware = "load-aware"
}

/// `routing_strategy_args`. Times are nanoseconds.
package struct StrategyArguments: Sendable, Equatable {
    /// Latencies that were noted longer ago count as unknown.
    package var ttl: UInt64 = 3_600_000_000_000
    /// Latencies up to this share above the lowest count as equal to it.
    package var lowestLatencyBuffer = 0.0
    /// `max_latency_list_size`: latencies that make up the mean.
    package var latencyListSize = 10
    /// What a timeout counts as.
    package var timeoutPenalty: UInt64 = 1_000_000_000_000

    package init() {}
}
