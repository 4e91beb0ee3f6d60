extension KnownKeys {
    static let routerSettings = """
        timeout seconds now longest wait for an answer
        stream_timeout seconds now longest wait for each part of a stream, the first included
        model_group_alias map now other names for model groups
        routing_strategy text now how a deployment is chosen: simple-shuffle, least-busy, latency-based-routing, usage-based-routing, usage-based-routing-v2, cost-based-routing, provider-budget-routing, load-aware
        assistants_config any later settings of assistants
        search_tools any later search services
        guardrail_list list later checks of prompts and answers
        redis_url text now the Redis that replicas share
        redis_host text now its host
        redis_port port now its port
        redis_password text now its password
        redis_db count now its database
        cache_responses flag later keep answers
        cache_kwargs map later settings of that
        caching_groups list later model groups that share answers
        client_ttl count later how long a client is kept
        polling_interval number later how often the queue is looked at
        default_priority count now priority of requests that do not say theirs, 0 to 1000, lower first; of use only with queue_timeout
        num_retries count now tries after the first, 0 to 100; if nobody names a number up to 2, on other deployments only
        max_fallbacks count now most fallbacks of one request; 5 if left out
        default_litellm_params map later parameters for every entry
        default_max_parallel_requests count now requests at once of a deployment that has no number of its own
        set_verbose flag later say more in the log
        debug_level text later how much is logged
        default_fallbacks list now model groups that stand in for any that has no fallbacks of its own
        fallbacks list now which model group stands in for another; circles are refused
        context_window_fallbacks list now which one does when the prompt is too long
        content_policy_fallbacks list now which one does when the content is refused
        enable_pre_call_checks flag now pass over deployments that a prompt does not fit
        enable_tag_filtering flag now choose deployments by tags
        tag_filtering_match_any flag now one of a request's tags is enough; true if left out
        tag_routing_prefix text later the prefix of tags that count
        plugins any later services shown inside the admin pages
        retry_after seconds now the shortest wait before a try on the same deployment
        retry_policy map now tries for each kind of error
        model_group_retry_policy map now the same for single model groups
        allowed_fails count now failures of any kind within the cooldown time that are forgiven; one more and the deployment rests
        allowed_fails_policy map now the same for each kind of failure
        cooldown_time seconds now seconds of rest after failures; 5 if left out, 0 for no rest at all
        disable_cooldowns flag now no rest
        fallback_on_unsupported_params flag later fall back when a parameter is not known
        optional_pre_call_checks list now session_affinity, deployment_affinity and prompt_caching, which do the same: a conversation stays with its deployment; enforce_model_rate_limits, which is always so; others not yet
        routing_strategy_args map now settings of the strategy
        routing_groups list now strategies of single model groups, in LiteLLM's form
        provider_budget_config map now dollars of single providers: one that has spent them is passed over, with every strategy
        alerting_config any later where alerts go
        router_general_settings any later more settings
        deployment_affinity_ttl_seconds count partly a conversation keeps its deployment as long as that can serve, however long it pauses
        model_group_affinity_config map now the same for single model groups
        ignore_invalid_deployments flag later leave out entries that do not work
        enable_health_check_routing flag now pass over unhealthy deployments
        health_check_staleness_threshold seconds now age at which a result no longer counts; twice the interval if left out
        health_check_ignore_transient_errors flag now 408 and 429 leave a deployment healthy
        background_health_check_model_groups list now the only model groups that are looked at in the background
        enable_weighted_failover flag later go on by weights after a failure
        enable_mid_stream_fallback_continuation flag later go on elsewhere when a stream breaks
        fallback_access_check any later a Python object
        fallback_budget_check any later a Python object
        auto_router_capability_limit any later limits of the auto router
        session_affinity_repin_on_failover flag later a session stays where it fell back to
        redis_username text now its user
        redis_ssl flag now whether it speaks TLS
        redis_namespace text now a prefix for its keys
        redis_cluster_nodes any now some nodes of a cluster: [{host, port}], pairs, host:port, or all that as JSON in a text
        weights any later shares of single deployments
        model_group_routing_strategy map now strategies of single model groups: {name: strategy}, or {name: {routing_strategy, routing_strategy_args}}
        redis_sentinel_nodes any now sentinels, in the forms of redis_cluster_nodes; port 26379 if left out
        redis_sentinel_password text now the password of the sentinels
        redis_service_name text now what the sentinels call the primary
        redis_failure_mode text now while Redis is away: open, limits divided by the replicas last seen; or closed, 503
        hedge_after seconds now streams: ask another deployment besides when the first token has not come by then; the faster one serves
        first_byte_timeout seconds now longest wait until an answer begins
        chunk_timeout seconds now longest pause within a stream
        min_tokens_per_second number now a stream that becomes slower is given up
        queue_timeout seconds now longest wait of a request for its turn; without it nobody waits
        queue_limit count now most requests of a group that wait on one event loop; 1000 if left out
        retry_budget map now no more retries than this
        failure_threshold_percent count now share of failures in a minute above which a deployment rests; 50 if left out
        failure_threshold_minimum_requests count now requests in that minute from which on the share counts; 5 if left out
        cooldown_last_deployment flag now let the last deployment of a group rest also where the group has no fallback
        explain flag now every response tells in x-weir-decisions how its deployment was chosen
        """

    static let routingStrategyArgs = """
        ttl seconds now latency-based: how long a latency counts; 3600 if left out
        lowest_latency_buffer number now latency-based: this much slower than the fastest is as good, 0.5 for half as much again
        max_latency_list_size count now latency-based: latencies of a deployment that count; 10 if left out
        ttft_percentile number later latency-based: the percentile of times to the first token that counts, above 0 to 1
        prefix_affinity flag later load-aware: prefer the replica that has the prompt's beginning in its cache
        metrics_interval seconds now load-aware: how often self-hosted servers are asked for their load; 1 if left out
        """

    static let routingGroups = """
        group_name text now what the set is called
        models list now names from model_list
        routing_strategy text now as in router_settings
        routing_strategy_args map now as in router_settings
        model_priorities map later priorities of the models; write order into litellm_params instead
        """

    static let groupStrategy = """
        routing_strategy text now as in router_settings
        routing_strategy_args map now as in router_settings
        """

    static let retryPolicy = """
        BadRequestErrorRetries count now the request is wrong; for the next two as well
        ContextWindowExceededErrorRetries count now the prompt is too long
        ContentPolicyViolationErrorRetries count now the provider's policy refuses it
        AuthenticationErrorRetries count now the gateway's key is refused
        NotFoundErrorRetries count now no such model or path
        TimeoutErrorRetries count now nothing came in time
        RateLimitErrorRetries count now too many requests, or the account has run dry
        InternalServerErrorRetries count now any other fault of the server
        BadGatewayErrorRetries count now the same; InternalServerErrorRetries wins
        ServiceUnavailableErrorRetries count now out of capacity: 503, 529
        APIConnectionErrorRetries count now no whole answer
        DefaultRetries count now everything without a number that is not the client's fault
        """

    static let allowedFailsPolicy = """
        BadRequestErrorAllowedFails count now never cools down, whatever the number
        ContextWindowExceededErrorAllowedFails count now never cools down, whatever the number
        ContentPolicyViolationErrorAllowedFails count now never cools down, whatever the number
        AuthenticationErrorAllowedFails count now the gateway's key is refused
        NotFoundErrorAllowedFails count now no such model or path
        TimeoutErrorAllowedFails count now nothing came in time
        RateLimitErrorAllowedFails count now too many requests
        InternalServerErrorAllowedFails count now any other fault of the server
        BadGatewayErrorAllowedFails count now the same; InternalServerErrorAllowedFails wins
        ServiceUnavailableErrorAllowedFails count now out of capacity: 503, 529
        APIConnectionErrorAllowedFails count now no whole answer
        """

    static let retryBudget = """
        percent count now retries for 100 requests of a model group; 20 if left out
        per_minute count now retries that a model group has in every minute besides; 100 if left out
        """

    static let providerBudget = """
        budget_limit number now dollars in the period
        time_period text now the period, such as 1d; it begins with the first cost; without one it never ends
        max_budget number now the same as budget_limit
        budget_duration text now the same as time_period
        """
}
