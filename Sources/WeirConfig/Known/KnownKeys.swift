/// Every key that is known, in one table: what is not in it is warned of, and the list of settings is printed from it.
///
/// The tables are text, one key a line: name, kind, stage, meaning. A line that cannot be read is left out, and a test counts them.
package enum KnownKeys {
    /// Sorted by section as in the tables, then in the tables' order.
    package static let all: [KnownKey] = tables.flatMap { read($0.section, $0.text) }

    static let tables: [(section: String, text: String)] = [
        ("", top),
        ("model_list[]", modelEntry),
        ("model_list[].litellm_params", modelParams),
        ("model_list[].model_info", modelInfo),
        ("credential_list[]", credentialEntry),
        ("litellm_settings", litellmSettings),
        ("router_settings", routerSettings),
        ("router_settings.model_group_alias{}", modelGroupAlias),
        ("routing_strategy_args", routingStrategyArgs),
        ("router_settings.routing_groups[]", routingGroups),
        ("router_settings.model_group_routing_strategy{}", groupStrategy),
        ("retry_policy", retryPolicy),
        ("allowed_fails_policy", allowedFailsPolicy),
        ("router_settings.retry_budget", retryBudget),
        ("router_settings.provider_budget_config{}", providerBudget),
        ("general_settings", generalSettings),
        ("general_settings.coordination_redis", coordinationRedis),
        ("routes[]", routes),
        ("routes[].condition", routeCondition),
        ("logging", logging),
        ("logging.prometheus", prometheus),
        ("logging.langfuse", langfuse),
        ("rate_limits", rateLimits),
        ("rate_limits.per_api_key{}", limits),
        ("model_group_limits{}", limits),
        ("auth", auth),
        ("auth.tokens[]", authToken),
        ("health_checks", healthChecks),
        ("features", features),
        ("fallbacks[]", fallbacks),
        ("retry", retry),
    ]

    private static let bySection: [String: [String: KnownKey]] = Dictionary(grouping: all, by: \.section)
        .mapValues { keys in Dictionary(keys.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }) }

    static func section(_ section: String) -> [String: KnownKey] { bySection[section] ?? [:] }

    /// Parameters of OpenAI's requests: below `litellm_params` they are defaults for what the client does not say.
    static let requestParameters: Set<String> = [
        "audio", "dimensions", "encoding_format", "frequency_penalty", "function_call", "functions", "input",
        "instructions",
        "language", "logit_bias", "logprobs", "max_completion_tokens", "max_output_tokens", "max_tokens", "messages",
        "metadata",
        "modalities", "n", "parallel_tool_calls", "prediction", "presence_penalty", "prompt", "prompt_cache_key",
        "quality",
        "reasoning", "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier", "size",
        "speed", "stop",
        "store", "stream", "stream_options", "style", "suffix", "temperature", "text", "thinking", "tool_choice",
        "tools",
        "top_k", "top_logprobs", "top_n", "top_p", "truncation", "user", "verbosity", "voice", "web_search_options",
        "best_of", "echo", "min_p", "repetition_penalty", "min_tokens", "guided_json", "guided_regex", "guided_choice",
        "chat_template_kwargs", "num_ctx", "keep_alive", "think", "include_reasoning", "provider", "transforms",
        "models",
    ]

    static func read(_ section: String, _ text: String) -> [KnownKey] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 3)
            guard parts.count == 4, let kind = KnownKey.Kind(rawValue: String(parts[1])),
                let stage = KnownKey.Stage(rawValue: String(parts[2]))
            else {
                return nil
            }
            return KnownKey(
                section: section, name: String(parts[0]), kind: kind, stage: stage, meaning: String(parts[3])
            )
        }
    }
}
