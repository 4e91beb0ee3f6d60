/// How deployments of a model group are chosen: a strategy with its arguments.
package struct StrategyFields: Sendable, Equatable {
    package var strategy: RouterSection.Strategy
    /// Latency-based: how long a measured latency counts (`ttl`).
    package var latencyLifetime: Duration = .seconds(3600)
    /// Latency-based: deployments within this share above the lowest latency are equals (`lowest_latency_buffer`); 0.5 is
    /// half as much again. At least 0.
    package var lowestLatencyBuffer = 0.0
    /// Latency-based: how many latencies of a deployment are remembered (`max_latency_list_size`), 1 to 1000.
    package var latencyListSize = 10
    /// Latency-based: the percentile of times to the first token that shall count (`ttft_percentile`), above 0 to 1. Kept; the
    /// mean counts as yet.
    package var firstTokenPercentile: Double?
    /// Load-aware: a replica that may have the prompt's beginning in its cache is preferred (`prefix_affinity`). Kept; it
    /// always is as yet.
    package var prefixAffinity = true
    /// Load-aware: how often the metrics of self-hosted servers are read (`metrics_interval`).
    package var metricsInterval: Duration = .seconds(1)

    package init(_ strategy: RouterSection.Strategy = .simpleShuffle) { self.strategy = strategy }
}
