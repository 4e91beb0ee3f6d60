extension KnownKeys {
    static let routerSettings = """
        timeout seconds now longest wait for an answer
        stream_timeout seconds now longest wait for the first part of a stream
        model_group_alias map now other names for model groups
        routing_strategy text now how a deployment is chosen; simple-shuffle
        assistants_config any later settings of assistants
        search_tools any later search services
        guardrail_list list later checks of prompts and answers
        redis_url text later the Redis that replicas share
        redis_host text later its host
        redis_port port later its port
        redis_password text later its password
        redis_db any later its database
        cache_responses flag later keep answers
        cache_kwargs map later settings of that
        caching_groups list later model groups that share answers
        client_ttl count later how long a client is kept
        polling_interval number later how often the queue is looked at
        default_priority count later the priority of requests
        num_retries count later tries after the first
        max_fallbacks count later most fallbacks of one request
        default_litellm_params map later parameters for every entry
        default_max_parallel_requests count later requests at once of one deployment
        set_verbose flag later say more in the log
        debug_level text later how much is logged
        default_fallbacks list later model groups that stand in for any other
        fallbacks list later which model group stands in for another
        context_window_fallbacks list later which one does when the prompt is too long
        content_policy_fallbacks list later which one does when the content is refused
        enable_pre_call_checks flag later pass over deployments that a prompt does not fit
        enable_tag_filtering flag later choose deployments by tags
        tag_filtering_match_any flag later one tag is enough
        tag_routing_prefix text later the prefix of tags that count
        plugins any later services shown inside the admin pages
        retry_after number later the shortest wait before a try
        retry_policy map later tries for each kind of error
        model_group_retry_policy map later the same for single model groups
        allowed_fails count later failures before a rest
        allowed_fails_policy any later failures before a rest, by kind
        cooldown_time number later seconds of rest after failures
        disable_cooldowns flag later no rest
        fallback_on_unsupported_params flag later fall back when a parameter is not known
        optional_pre_call_checks list later more checks before a deployment is chosen
        routing_strategy_args map later settings of the strategy
        routing_groups list later strategies of single model groups
        provider_budget_config map later dollars of single providers
        alerting_config any later where alerts go
        router_general_settings any later more settings
        deployment_affinity_ttl_seconds number later how long a client keeps its deployment
        model_group_affinity_config map later affinity of single model groups
        ignore_invalid_deployments flag later leave out entries that do not work
        enable_health_check_routing flag later pass over unhealthy deployments
        health_check_staleness_threshold count later age at which a result no longer counts
        health_check_ignore_transient_errors flag later passing errors leave a deployment healthy
        background_health_check_model_groups list later model groups that are looked at
        enable_weighted_failover flag later go on by weights after a failure
        enable_mid_stream_fallback_continuation flag later go on elsewhere when a stream breaks
        fallback_access_check any later a Python object
        fallback_budget_check any later a Python object
        auto_router_capability_limit any later limits of the auto router
        session_affinity_repin_on_failover flag later a session stays where it fell back to
        redis_username text later its user
        redis_ssl flag later whether it speaks TLS
        redis_namespace any later a prefix for its keys
        redis_cluster_nodes any later its nodes
        weights any later shares of single deployments
        """
}
