import Testing
import WeirConfig
import WeirCore

/// What is said of a file that works.
@Suite struct WarningTests {
    private static let model = "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/m\n"

    @Test(arguments: [
        (
            "router_setings: {}",
            "the key `router_setings` is not known at the top of the file and does nothing: did you mean `router_settings`?"
        ),
        (
            "general_settings: {masterkey: x}",
            "the key `masterkey` is not known in `general_settings` and does nothing: did you mean `master_key`?"
        ),
        (
            "general_settings: {routing_strategy: x}",
            "the key `routing_strategy` is not known in `general_settings` and does nothing: it belongs into `router_settings`"
        ),
        ("zzz: 1", "the key `zzz` is not known at the top of the file and does nothing: remove it"),
        (
            "model_list: [{model_name: a, litellm_param: {}, litellm_params: {model: openai/a}}]",
            "the key `litellm_param` is not known in `model_list[]` and does nothing: did you mean `litellm_params`?"
        ),
        (
            "auth: {tokens: [{nmae: a, token: x}]}",
            "the key `nmae` is not known in `auth.tokens[]` and does nothing: did you mean `name`?"
        ),
    ]) func `an unknown key is a warning with the nearest name, and an error when reading is strict`(
        text: String, message: String
    ) {
        #expect(Reading(text + "\n").problems == ["config.yaml:1: warning: \(message)"])
        #expect(Reading(text + "\n", strict: true).problems == ["config.yaml:1: error: \(message)"])
    }

    @Test(arguments: [
        ("general_settings: {otel: true}", "otel"), ("litellm_settings: {cache: true}", "cache"),
        ("router_settings: {polling_interval: 1}", "polling_interval"), ("guardrails: []", "guardrails"),
        ("router_settings: {plugins: []}", "plugins"),
        (
            "model_list: [{model_name: m, litellm_params: {model: openai/m, auto_router_config: x}}]",
            "auto_router_config"
        ),
        ("litellm_settings: {callbacks: [langfuse]}", "callbacks"),
    ]) func `a known key that is not acted on yet is one warning, also when reading is strict`(
        text: String, key: String
    ) {
        for strict in [false, true] {
            let problems = Reading(text + "\n", strict: strict).problems
            #expect(problems.count == 1)
            #expect(
                problems.first?.hasPrefix("config.yaml:1: warning: `\(key)` is known but not acted on yet (") == true)
        }
    }

    @Test func `the callback for Prometheus needs no warning`() {
        #expect(Reading("litellm_settings: {callbacks: [prometheus], success_callback: prometheus}\n").problems == [])
        #expect(Reading("litellm_settings: {callbacks: [prometheus, langfuse]}\n").problems.count == 1)
    }

    @Test(arguments: [
        ("temperture: 1", "temperature"), ("max_token: 1", "max_tokens"), ("api_bsae: x", "api_base"),
        ("tmeout: 5", "timeout"),
        ("top_pp: 1", "top_p"),
    ]) func `a parameter that looks like a known one is passed on with a warning`(field: String, nearest: String) {
        let reading = Reading(WarningTests.model + "    \(field)\n")
        let key = field.prefix { $0 != ":" }
        #expect(
            reading.problems == [
                "config.yaml:5: warning: `\(key)` is not known and is sent to the provider as it is: did you mean `\(nearest)`?"
            ]
        )
        #expect(reading.document.models.first?.defaults.map(\.key) == [String(key)])
    }

    @Test(arguments: ["temperature: 1", "top_k: 3", "safe_prompt: true", "xyz: 1", "num_ctx: 4096", "mirostat: 2"])
    func `any other parameter is passed on without a word`(field: String) {
        let reading = Reading(WarningTests.model + "    \(field)\n")
        #expect(reading.problems == [])
        #expect(reading.document.models.first?.defaults.count == 1)
    }

    @Test func `a provider's credentials never become parameters`() {
        let reading = Reading(WarningTests.model + "    aws_secret_access_key: s\n    vertex_unheard_of: v\n")
        #expect(reading.document.models.first?.defaults == [])
        #expect(
            reading.document.models.first?.vendorSettings.map(\.name) == ["aws_secret_access_key", "vertex_unheard_of"])
        #expect(reading.problems.count == 2)
    }

    @Test func `a model's extra facts need no warning, unless one looks like a known key`() {
        let text =
            "model_list:\n- model_name: m\n  litellm_params: {model: openai/m}\n  model_info: {owner: me, base_modle: x}\n"
        #expect(
            Reading(text).problems == [
                "config.yaml:4: warning: `base_modle` is not known and only shown: did you mean `base_model`?"
            ]
        )
    }

    @Test func `references to models that are not defined can never be taken, and are errors when reading is strict`() {
        let text =
            WarningTests.model + """
                - model_name: wild/*
                  litellm_params: {model: openai/*}
                router_settings:
                  model_group_alias:
                    good: m
                    bad: n
                routes:
                - models: [m, good, wild/anything, mm]
                fallbacks:
                - {primary: m, backup: [wild/x, gone]}
                - {primary: nobody, backup: m}
                """
        let expected = [
            (
                10,
                "the alias `bad` can never be taken: no entry of `model_list` has this name; add one, or remove it here"
            ),
            (12, "this route can never be taken for `mm`: no entry of `model_list` has this name; did you mean `m`?"),
            (
                14,
                "the fallback to `gone` can never be taken: no entry of `model_list` has this name; add one, or remove it here"
            ),
            (
                15,
                "the fallback of `nobody` can never be taken: no entry of `model_list` has this name; add one, or remove it here"
            ),
        ]
        for strict in [false, true] {
            let kind = strict ? "error" : "warning"
            let told = Reading(text, strict: strict).problems.filter { $0.contains("can never be taken") }
            #expect(told == expected.map { "config.yaml:\($0): \(kind): \($1)" })
        }
    }

    @Test func `a master key without sk- is warned of, and not shown`() {
        let reading = Reading("general_settings: {master_key: hunter2}\n")
        #expect(
            reading.problems == [
                "config.yaml:1: warning: `master_key` does not begin with `sk-`, which clients of LiteLLM expect: put `sk-` before it"
            ]
        )
    }

    @Test func `a key that the environment leaves empty is warned of`() {
        let text = WarningTests.model + "    api_key: ${KEY}\n"
        #expect(
            Reading(text, environment: ["KEY": ""]).problems == [
                "config.yaml:5: warning: `api_key`: KEY is empty, so the provider's own variable is used, if it is set; set it, or remove "
                    + "the key"
            ]
        )
    }

    @Test func `the rest of the settings is read`() {
        let reading = Reading(
            WarningTests.model + """
                general_settings: {litellm_key_header_name: X-Unit-Key, max_request_size_mb: 2, compat: 1.109}
                litellm_settings: {drop_params: true, request_timeout: 30.5, json_logs: true, require_auth_for_metrics_endpoint: false}
                router_settings: {timeout: 9, stream_timeout: 8, model_group_alias: {a: m, b: {model: m, hidden: true}}}
                auth: {tokens: [plain, {name: app, token: secret}]}
                features: {separate_health_app: true}
                health_checks: {enabled: false, endpoint: /up}
                """)
        #expect(reading.problems == [])
        let document = reading.document
        #expect(document.general.keyHeaderName == "x-unit-key" && document.general.maxRequestSize == 2_097_152)
        #expect(document.general.compat == .v1_109)
        #expect(
            document.litellm.dropParams && document.litellm.jsonLogs && document.litellm.requireAuthForMetrics == false)
        #expect(document.litellm.requestTimeout == .milliseconds(30_500))
        #expect(document.router.timeout == .seconds(9) && document.router.streamTimeout == .seconds(8))
        #expect(
            document.router.aliases.map(\.alias) == ["a", "b"]
                && document.router.aliases.map(\.hidden) == [false, true])
        #expect(document.auth.kind == .bearer && document.auth.tokens.map(\.name) == [nil, "app"])
        #expect(document.features.separateHealthPort == 4001)
        #expect(!document.healthChecks.isEnabled && document.healthChecks.endpoint == "/up")
    }
}
