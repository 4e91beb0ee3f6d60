package import WeirCore

/// `router_settings`: how a deployment is chosen, and what follows when it fails. Its Redis is in `ConfigDocument.redis`,
/// its fallbacks are in `ConfigDocument.fallbacks`.
package struct RouterSection: Sendable {
    package enum Strategy: String, Sendable, CaseIterable {
        case simpleShuffle = "simple-shuffle"
        case leastBusy = "least-busy"
        case latencyBased = "latency-based-routing"
        case usageBased = "usage-based-routing"
        case usageBasedV2 = "usage-based-routing-v2"
        case costBased = "cost-based-routing"
        case providerBudget = "provider-budget-routing"
        /// Weir's own.
        case loadAware = "load-aware"
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

    /// What replicas do while their Redis is away.
    package enum FailureMode: String, Sendable, CaseIterable {
        /// Limits divided by the number of replicas last seen.
        case open
        /// What only Redis can decide is refused with 503.
        case closed
    }

    /// `retry_budget`: no more retries than this, so that an outage is not multiplied.
    package struct RetryBudget: Sendable, Equatable {
        /// Retries for 100 requests of the group in the last minute, 0 to 1000.
        package var percent = 20
        /// Retries that the group has in every minute besides, at least 0.
        package var perMinute = 100

        package init() {}
    }

    // MARK: Choosing

    /// `routing_strategy` with `routing_strategy_args`.
    package var choice = StrategyFields()
    package var strategy: Strategy {
        get { choice.strategy }
        set { choice.strategy = newValue }
    }
    /// No group is in it twice.
    package var groupStrategies: [GroupStrategy] = []
    package var aliases: [Alias] = []
    /// `enable_pre_call_checks`: deployments that a prompt does not fit are passed over. Regions are looked at
    /// without it.
    package var checksContextWindow = false
    /// `optional_pre_call_checks`: any of the three that keep a conversation with its deployment stands for all of them.
    package var preCallChecks: Set<PreCallCheck> = []
    /// `model_group_affinity_config`: these checks in place of the router's, for single model groups.
    package var groupPreCallChecks: [String: Set<PreCallCheck>] = [:]
    /// `enable_tag_filtering`.
    package var filtersByTags = false
    /// `tag_filtering_match_any`: one of the request's tags is enough.
    package var matchesAnyTag = true
    /// `default_max_parallel_requests`: for deployments without their own. At least 0; nil for no limit.
    package var defaultMaxParallelRequests: Int?
    /// `explain`: every response tells in `x-weir-decisions` how its deployment was chosen.
    package var explains = false

    // MARK: Waiting

    /// `default_priority`: of requests that do not say theirs; lower comes first. 0 to 1000; nil for 0. Makes no queue.
    package var defaultPriority: Int?
    /// `queue_timeout`: the longest wait for a turn. Greater than zero; nil for no queue.
    package var queueTimeout: Duration?
    /// `queue_limit`: how many requests of a group may wait on one event loop, at least 0; nil for 1000.
    package var queueLimit: Int?

    // MARK: Time

    /// The whole of an answer. Greater than zero.
    package var timeout: Duration?
    package var streamTimeout: Duration?
    /// `first_byte_timeout`: until the answer begins. Greater than zero; only shortens the timeout; nil for that.
    package var firstByteTimeout: Duration?
    /// `chunk_timeout`: pauses within a stream. Greater than zero; only shortens the stream's timeout; nil for that.
    package var chunkTimeout: Duration?
    /// `min_tokens_per_second`: a slower stream is given up. Greater than 0.
    package var slowestStream: Double?
    /// `hedge_after`: when a second deployment is asked because the first token of a stream has not come. Greater than zero.
    package var hedgeAfter: Duration?

    // MARK: Retries and fallbacks

    /// Tries after the first, 0 to 100; they may go to the same deployment again. See `ConfigDocument.numRetries` for what
    /// counts, and for nil.
    package var numRetries: Int?
    /// `retry_after`: the shortest wait before a try on the same deployment. See `ConfigDocument.minimumRetryWait`.
    package var retryAfter: Duration?
    /// Tries after the first for each kind of failure, 0 to 100; kinds that are missing follow `num_retries`. Not empty: the
    /// same deployment may be tried again even if no number of retries is given.
    package var retryPolicy: [FailureClass: Int] = [:]
    /// No group is in it twice.
    package var groupRetryPolicies: [GroupRetryPolicy] = []
    package var retryBudget = RetryBudget()
    /// 0 to 100. See `ConfigDocument.maxFallbacks`.
    package var maxFallbacks: Int?

    // MARK: Cooldown

    /// Failures of any kind within the cooldown time that are forgiven: one more cools down. Also of those kinds for which
    /// one is enough where no number is given. See `ConfigDocument.allowedFails`.
    package var allowedFails: Int?
    /// The same for each kind of failure; stands above `allowedFails`.
    package var allowedFailsPolicy: [FailureClass: Int] = [:]
    /// `cooldown_time`: how long a deployment rests; 0: none rests, whatever it says itself; nil for LiteLLM's 5 seconds.
    package var cooldown: Duration?
    /// `disable_cooldowns`.
    package var disablesCooldowns = false
    /// `cooldown_last_deployment`: also the last one that is left of a group without a fallback. With a fallback it rests
    /// anyway.
    package var coolsLastDeployment = false
    /// `failure_threshold_percent`: a larger share of failures in a minute cools down, 0 to 100.
    package var failureThresholdPercent = 50
    /// `failure_threshold_minimum_requests`: but not before this many requests in that minute; at least 1.
    package var failureThresholdMinimum = 5

    // MARK: Beyond this process

    /// `redis_failure_mode`, or `general_settings.fail_closed_rate_limit_enforcement`.
    package var redisFailureMode = FailureMode.open
    /// `provider_budget_config`: what may be spent at a provider; holds with every strategy. None is in it twice.
    package var providerBudgets: [ProviderBudget] = []

    package init() {}
}
