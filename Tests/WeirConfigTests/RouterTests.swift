import Testing
import WeirConfig
import WeirCore

/// `router_settings` and what belongs to it.
@Suite struct RouterTests {
    private static let models = """
        model_list:
        - {model_name: a, litellm_params: {model: openai/a}}
        - {model_name: b, litellm_params: {model: openai/b}}

        """

    @Test func `what is not said has LiteLLM's defaults`() {
        let document = Reading("").document
        #expect(document.router.choice == StrategyFields(.simpleShuffle))
        #expect(document.router.choice.latencyLifetime == .seconds(3600))
        #expect(document.router.choice.lowestLatencyBuffer == 0 && document.router.choice.latencyListSize == 10)
        #expect(document.numRetries == 0 && document.maxFallbacks == 5 && document.minimumRetryWait == .zero)
        #expect(document.allowedFails == nil && document.cooldown == .seconds(5))
        #expect(document.router.failureThresholdPercent == 50 && document.router.failureThresholdMinimum == 5)
        #expect(document.router.matchesAnyTag && !document.router.filtersByTags)
        #expect(document.router.redisFailureMode == .open && document.redis == nil)
        #expect(document.healthChecks.interval == .seconds(300) && !document.healthChecks.isInBackground)
    }

    @Test(arguments: RouterSection.Strategy.allCases) func `every strategy is read`(strategy: RouterSection.Strategy) {
        let reading = Reading("router_settings: {routing_strategy: \(strategy.rawValue)}\n")
        #expect(reading.document.router.strategy == strategy)
        #expect(reading.problems.isEmpty)
    }

    @Test func `the nearest strategy is named`() {
        let errors = Reading("router_settings: {routing_strategy: least_bussy}\n").errors
        #expect(errors.count == 1)
        #expect(errors.first?.hasSuffix("not `least_bussy`; did you mean `least-busy`?") == true)
    }

    @Test func `all of the router's settings are read, with a word for those that nothing comes of yet`() {
        let reading = Reading(
            RouterTests.models + """
                router_settings:
                  routing_strategy: latency-based-routing
                  routing_strategy_args: {ttl: 10, lowest_latency_buffer: 0.5, max_latency_list_size: 20, ttft_percentile: 0.9}
                  num_retries: 3
                  retry_after: 0.5
                  allowed_fails: 2
                  cooldown_time: 30
                  disable_cooldowns: false
                  cooldown_last_deployment: true
                  failure_threshold_percent: 40
                  failure_threshold_minimum_requests: 8
                  max_fallbacks: 2
                  enable_pre_call_checks: true
                  optional_pre_call_checks: [session_affinity, enforce_model_rate_limits]
                  enable_tag_filtering: true
                  tag_filtering_match_any: false
                  default_max_parallel_requests: 7
                  default_priority: 4
                  queue_timeout: 2
                  queue_limit: 9
                  hedge_after: 1.5
                  first_byte_timeout: 11
                  chunk_timeout: 12
                  min_tokens_per_second: 2.5
                  redis_failure_mode: closed
                  retry_budget: {percent: 10, per_minute: 3}
                  model_group_affinity_config: {a: [deployment_affinity]}
                  explain: true
                """)
        let later = ["ttft_percentile"]
        #expect(reading.problems.count == later.count)
        for key in later {
            #expect(reading.problems.contains { $0.contains("`\(key)` is known but not acted on yet") })
        }
        let router = reading.document.router
        var choice = StrategyFields(.latencyBased)
        choice.latencyLifetime = .seconds(10)
        choice.lowestLatencyBuffer = 0.5
        choice.latencyListSize = 20
        choice.firstTokenPercentile = 0.9
        #expect(router.choice == choice)
        #expect(router.numRetries == 3 && router.retryAfter == .milliseconds(500) && router.allowedFails == 2)
        #expect(router.cooldown == .seconds(30) && !router.disablesCooldowns && router.coolsLastDeployment)
        #expect(router.failureThresholdPercent == 40 && router.failureThresholdMinimum == 8)
        #expect(router.maxFallbacks == 2 && router.checksContextWindow && router.filtersByTags && !router.matchesAnyTag)
        #expect(router.preCallChecks == [.sessionAffinity, .enforceModelRateLimits])
        #expect(router.groupPreCallChecks == ["a": [.deploymentAffinity]])
        #expect(router.defaultMaxParallelRequests == 7 && router.defaultPriority == 4)
        #expect(router.queueTimeout == .seconds(2) && router.queueLimit == 9)
        #expect(router.hedgeAfter == .milliseconds(1500) && router.slowestStream == 2.5 && router.explains)
        #expect(router.firstByteTimeout == .seconds(11) && router.chunkTimeout == .seconds(12))
        #expect(router.redisFailureMode == .closed)
        #expect(router.retryBudget.percent == 10 && router.retryBudget.perMinute == 3)
    }

    @Test func `a model group may have a strategy of its own, in two forms`() {
        let reading = Reading(
            RouterTests.models + """
                - {model_name: c, litellm_params: {model: openai/c}}
                router_settings:
                  routing_strategy: least-busy
                  routing_groups:
                  - {group_name: fast, models: [a], routing_strategy: latency-based-routing, routing_strategy_args: {ttl: 5}}
                  model_group_routing_strategy:
                    b: load-aware
                    c: {routing_strategy: cost-based-routing}
                """)
        #expect(reading.problems == [])
        let groups = reading.document.router.groupStrategies
        #expect(groups.map(\.group) == ["a", "b", "c"])
        #expect(groups.map(\.fields.strategy) == [.latencyBased, .loadAware, .costBased])
        #expect(groups.first?.fields.latencyLifetime == .seconds(5))
    }

    @Test(arguments: [
        (
            "routing_groups: [{group_name: x, models: [a], routing_strategy: least-busy}, {group_name: y, models: [a], routing_strategy: least-busy}]",
            "error: the model group `a` already has a strategy of its own at config.yaml:4: remove one of the two"
        ),
        (
            "routing_groups: [{group_name: x, routing_strategy: least-busy}]",
            "error: this entry of `routing_groups` has no `models`: add names from `model_list`"
        ),
        (
            "routing_groups: [{group_name: x, models: [a]}]",
            "error: this entry of `routing_groups` has no `routing_strategy`: add one"
        ),
        (
            "model_group_routing_strategy: {aa: least-busy}",
            "warning: the strategy of `aa` can never be used: no entry of `model_list` has this name; did you mean `a`?"
        ),
        (
            "model_group_retry_policy: {nobody: {DefaultRetries: 1}}",
            "warning: the retry policy of `nobody` can never be used: no entry of `model_list` has this name; add one, or remove it here"
        ),
        (
            "optional_pre_call_checks: [encrypted_content_affinity]",
            "warning: the check `encrypted_content_affinity` is known but not acted on yet: leave it or remove it"
        ),
        ("num_retries: 101", "error: `num_retries` must be a whole number from 0 to 100, not `101`"),
        (
            "retry_policy: {TimeoutErrorRetries: -1}",
            "error: `TimeoutErrorRetries` must be a whole number from 0 to 100, not `-1`"
        ),
        (
            "retry_policy: {TimeoutRetries: 1}",
            "warning: the key `TimeoutRetries` is not known in `retry_policy` and does nothing: remove it"
        ),
        (
            "retry_policy: {TimeoutErorRetries: 1}",
            "warning: the key `TimeoutErorRetries` is not known in `retry_policy` and does nothing: did you mean "
                + "`TimeoutErrorRetries`?"
        ),
        (
            "allowed_fails_policy: {RateLimitErrorRetries: 1}",
            "warning: the key `RateLimitErrorRetries` is not known in `allowed_fails_policy` and does nothing: remove it"
        ),
        (
            "routing_strategy_args: {ttft_percentile: 0}",
            "error: `ttft_percentile` must be a number greater than 0 and at most 1, not `0`"
        ),
        (
            "routing_strategy_args: {lowest_latency_buffer: -0.1}",
            "error: `lowest_latency_buffer` must be a number of at least 0 and at most 1000, not `-0.1`"
        ),
        ("hedge_after: 0", "error: `hedge_after` must be a number of seconds greater than 0, such as 45, not `0`"),
        ("cooldown_time: -1", "error: `cooldown_time` must be a number of seconds, such as 45, not `-1`"),
        ("redis_failure_mode: ajar", "error: `redis_failure_mode` must be one of `open`, `closed`, not `ajar`"),
        ("retry_budget: {percent: -1}", "error: `percent` must be a whole number from 0 to 1000, not `-1`"),
        (
            "routing_groups: [{group_name: x, models: [a], routing_strategy: priority}]",
            "warning: `routing_strategy: priority` is not acted on: write the priorities as `order` into `litellm_params`"
        ),
    ]) func `what is wrong with a router is told in its line`(text: String, message: String) {
        #expect(
            Reading(RouterTests.models + "router_settings: {\(text)}\n").problems.contains("config.yaml:4: \(message)"))
    }

    // MARK: Policies

    @Test func `LiteLLM's names of errors become classes of failures`() {
        let reading = Reading(
            """
            router_settings:
              retry_policy: {BadRequestErrorRetries: 1, ContentPolicyViolationErrorRetries: 2, AuthenticationErrorRetries: 3,
                TimeoutErrorRetries: 4, RateLimitErrorRetries: 5, InternalServerErrorRetries: 6, ServiceUnavailableErrorRetries: 7,
                NotFoundErrorRetries: 8, DefaultRetries: 9}
              allowed_fails_policy: {RateLimitErrorAllowedFails: 10, BadGatewayErrorAllowedFails: 11}
            """)
        #expect(reading.problems == [])
        #expect(
            reading.document.router.retryPolicy == [
                .badRequest: 1, .contextWindow: 1, .contentPolicy: 2, .authentication: 3, .timeout: 4, .rateLimited: 5,
                .quotaExhausted: 5, .serverError: 6, .overloaded: 7, .notFound: 8, .connection: 9,
            ])
        #expect(reading.document.router.allowedFailsPolicy == [.rateLimited: 10, .serverError: 11])
    }

    @Test func `a default number of retries leaves out what is the client's fault`() {
        let policy = Reading("router_settings: {retry_policy: {DefaultRetries: 2}}\n").document.router.retryPolicy
        #expect(Set(policy.keys) == Set(FailureClass.allCases.filter { !$0.isClients }))
        #expect(Set(policy.values) == [2])
    }

    @Test func `a model group and a deployment may have policies of their own`() {
        let reading = Reading(
            """
            model_list:
            - model_name: a
              litellm_params: {model: openai/a, order: 1, tags: [x], tag_regex: ['^User-Agent: curl'], max_parallel_requests: 3,
                num_retries: 1, max_retries: 5, cooldown_time: 2, hedge_after: 0.25, region_name: eu, rpm: 5, tpm: 6,
                first_byte_timeout: 3, chunk_timeout: 4, min_tokens_per_second: 1}
              model_info: {allowed_fails: 4, allowed_fails_policy: {TimeoutErrorAllowedFails: 1}, cooldown_time: 9,
                health_check_timeout: 3, health_check_model: b, disable_background_health_check: true,
                health_check_with_inference: true, max_input_tokens: 100}
            - {model_name: b, litellm_params: {model: openai/b, max_retries: 5}, model_info: {cooldown_time: 9}}
            router_settings:
              model_group_retry_policy: {a: {TimeoutErrorRetries: 0}}
            """)
        #expect(reading.problems.allSatisfy { $0.contains("is known but not acted on yet") })
        #expect(reading.problems.count == 0)
        let first = reading.document.models[0]
        #expect(first.order == 1 && first.tags == ["x"] && first.tagPatterns == ["^User-Agent: curl"])
        #expect(first.maxParallelRequests == 3 && first.numRetries == 1 && first.cooldown == .seconds(2))
        #expect(first.hedgeAfter == .milliseconds(250) && first.regionName == "eu" && first.rpm == 5 && first.tpm == 6)
        #expect(first.firstByteTimeout == .seconds(3) && first.chunkTimeout == .seconds(4) && first.slowestStream == 1)
        #expect(first.allowedFails == 4 && first.allowedFailsPolicy == [.timeout: 1])
        #expect(first.info.healthCheckTimeout == .seconds(3) && first.info.healthCheckModel == "b")
        #expect(first.info.skipsBackgroundHealthCheck && first.info.healthCheckWithInference == true)
        #expect(reading.document.models[1].numRetries == 5 && reading.document.models[1].cooldown == .seconds(9))
        #expect(reading.document.router.groupRetryPolicies.map(\.group) == ["a"])
        #expect(reading.document.router.groupRetryPolicies.first?.retries == [.timeout: 0])
    }

    @Test func `an expression that cannot be read is an error`() {
        let text = "model_list: [{model_name: a, litellm_params: {model: openai/a, tag_regex: ['(']}}]\n"
        #expect(
            Reading(text).errors == [
                "config.yaml:1: error: `tag_regex` has an expression that cannot be read: check its brackets and backslashes"
            ])
    }

    @Test(arguments: [
        ("router_settings: {num_retries: 1}\nlitellm_settings: {num_retries: 2}\nretry: {max_retries: 3}", 1),
        ("litellm_settings: {num_retries: 2}\nretry: {max_retries: 3}", 2), ("retry: {max_retries: 3}", 3),
        ("router_settings: {num_retries: 0}\nretry: {max_retries: 3}", 0),
    ]) func `the first of three places decides on retries`(text: String, retries: Int) {
        #expect(Reading(text + "\n").document.numRetries == retries)
    }

    @Test func `budgets of providers are kept`() {
        let reading = Reading(
            "router_settings: {provider_budget_config: {OpenAI: {budget_limit: 0.5, time_period: 1d}, azure: {max_budget: 2}}}\n"
        )
        #expect(reading.problems.isEmpty)
        let budgets = reading.document.router.providerBudgets
        #expect(budgets.map(\.provider) == ["openai", "azure"])
        #expect(budgets.map(\.limit) == ["0.5", "2"].map { Money($0) })
        #expect(budgets.map(\.period) == [.seconds(86400), nil])
        #expect(
            Reading("router_settings: {provider_budget_config: {x: {budget_limit: 1, time_period: soon}}}\n").errors
                == [
                    "config.yaml:1: error: `time_period` must be a period such as 24h, 7d or 1mo, not `soon`"
                ])
    }
}
