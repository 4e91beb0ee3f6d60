import Testing
import WeirConfig

@Suite struct LimitTests {
    @Test func `limits are read in all their forms`() {
        let reading = Reading(
            """
            model_list: [{model_name: m, litellm_params: {model: openai/m}}]
            auth: {tokens: [{name: app, token: t-1}, {name: other, token: t-2}]}
            rate_limits:
              global_per_minute: 600
              global_tokens_per_minute: 5000000000
              global_max_parallel_requests: 50
              assumed_output_tokens: 256
              per_api_key:
                default: 60
                app: {rpm: 120, tpm: 1000, max_parallel_requests: 2}
                t-2: 5
            model_group_limits:
              m: {rpm: 10, max_parallel_requests: 0}
            """)
        #expect(reading.problems == [])
        let limits = reading.document.rateLimits
        #expect(limits.global == LimitFields(requestsPerMinute: 600, tokensPerMinute: 5_000_000_000, parallel: 50))
        #expect(limits.globalPerMinute == 600 && limits.assumedOutputTokens == 256)
        #expect(limits.perAPIKey.map(\.name) == ["default", "app", "t-2"])
        #expect(limits.perAPIKey[1].limits == LimitFields(requestsPerMinute: 120, tokensPerMinute: 1000, parallel: 2))
        #expect(limits.perAPIKey[2].limits == LimitFields(requestsPerMinute: 5))
        #expect(reading.document.groupLimits.map(\.group) == ["m"])
        #expect(reading.document.groupLimits.first?.limits == LimitFields(requestsPerMinute: 10, parallel: 0))
    }

    @Test func `parallel requests of LiteLLM's settings are for every key and for all`() {
        let reading = Reading(
            """
            general_settings: {max_parallel_requests: 4, global_max_parallel_requests: 9}
            rate_limits: {per_api_key: {app: 5, big: {max_parallel_requests: 8}}}
            """)
        #expect(reading.problems == [])
        let limits = reading.document.rateLimits
        #expect(limits.global == LimitFields(parallel: 9))
        #expect(limits.perAPIKey.map(\.name) == ["app", "big", "default"])
        #expect(limits.perAPIKey.map(\.limits.parallel) == [4, 8, 4])
        #expect(limits.perAPIKey.map(\.perMinute) == [5, nil, nil])
    }

    @Test(arguments: [
        ("per_api_key: {default: -1}", "error: `default` must be a whole number of at least 0, or a mapping"),
        (
            "per_api_key: {t-hidden: x}",
            "error: the limit of this token must be a whole number of at least 0, or a mapping"
        ),
        (
            "per_api_key: {sk-hidden: x}",
            "error: the limit of this token must be a whole number of at least 0, or a mapping"
        ),
        ("per_api_key: [60]", "error: `per_api_key` must be a mapping from the names of keys to requests a minute"),
        (
            "per_api_key: {app: {rpn: 1}}",
            "warning: the key `rpn` is not known in `rate_limits.per_api_key{}` and does nothing"
        ),
        ("per_api_key: {app: {tpm: -1}}", "error: `tpm` must be a whole number of at least 0, not `-1`"),
        ("per_api_key: {appp: 1}", "warning: no entry of `auth.tokens` has the name `appp`"),
        ("global_tokens_per_minute: -1", "error: `global_tokens_per_minute` must be a whole number of at least 0"),
    ]) func `what is wrong with a limit is told, without tokens`(text: String, message: String) {
        let problems = Reading(
            "auth: {tokens: [{name: app, token: t-1}, t-hidden]}\nrate_limits: {\(text)}\n"
        ).problems
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("config.yaml:2: \(message)") == true)
        #expect(problems.allSatisfy { !$0.contains("hidden") })
    }

    @Test func `a limit of a model group that is not defined is told`() {
        #expect(
            Reading("model_group_limits: {m: 5}\n", strict: true).errors == [
                "config.yaml:1: error: the limit of `m` can never be used: no entry of `model_list` has this name; add one, or "
                    + "remove it here"
            ])
    }
}
