import Testing
import WeirConfig
import WeirCore

/// Everything that can be wrong with a file, and what is said of it.
@Suite struct ProblemTests {
    private static let model = "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/m\n"

    @Test(arguments: [
        ("a: b: c\n", 1, "is not valid YAML: mapping values are not allowed in this context; put quotes around"),
        ("model_list:\n\t- a\n", 2, "is not valid YAML: found character that cannot start any token"),
        (
            "a: [1, 2\nb: 3\n", 2,
            "is not valid YAML: did not find expected ',' or ']' while parsing a flow sequence that begins in line 1"
        ),
        (
            "a: {b: ${X}}\n", 1,
            "is not valid YAML: did not find expected ',' or '}'; inside braces put quotes around a value such as"
        ),
        ("a: \"x\nb: 1\n", 3, "is not valid YAML: found unexpected end of stream"),
        ("a: *nobody\n", 1, "is not valid YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", 2, "is not valid YAML: but found another document"),
        ("- a\n- b\n", 1, "a configuration is a mapping with keys such as `model_list:`, not a list"),
        ("model: {{ name }}\n", 1, "a key must be text: put quotes around `{{ … }}` or render the template first"),
        ("model_list:\n- a: \u{1}\n", 2, "is not valid YAML: control characters are not allowed; remove the character"),
    ]) func `broken YAML is told with its line`(text: String, line: Int, message: String) throws {
        let reading = Reading(text)
        #expect(reading.result.document == nil)
        let error = try #require(reading.errors.first)
        #expect(error.hasPrefix("config.yaml:\(line): error: \(message)"))
    }

    @Test(arguments: [
        ("timeout: soon", "`timeout` must be a number of seconds greater than 0, such as 45, not `soon`"),
        ("timeout: 0", "`timeout` must be a number of seconds greater than 0, such as 45, not `0`"),
        ("stream_timeout: -1", "`stream_timeout` must be a number of seconds greater than 0, such as 45, not `-1`"),
        ("timeout: 1e99", "`timeout` must be a number of seconds greater than 0, such as 45, not `1e99`"),
        ("rpm: -1", "`rpm` must be a whole number of at least 0, not `-1`"),
        ("tpm: many", "`tpm` must be a whole number of at least 0, not `many`"),
        ("weight: 1.5", "`weight` must be a whole number of at least 0, not `1.5`"),
        ("weight: [1]", "`weight` must be a whole number of at least 0, not a list"),
        ("drop_params: maybe", "`drop_params` must be true or false, not `maybe`"),
        ("api_key: {a: b}", "`api_key` must be a text, not a mapping"),
        ("extra_headers: [a]", "`extra_headers` must be a mapping from header names to texts, not a list"),
        ("extra_body: text", "`extra_body` must be a mapping, not `text`"),
        ("additional_drop_params: {a: b}", "`additional_drop_params` must be a list of texts, not a mapping"),
        ("additional_drop_params: [[a]]", "`additional_drop_params` must hold texts, not a list"),
        (
            "input_cost_per_token: -1",
            "`input_cost_per_token` must be an amount of dollars, at least 0, such as 0.0000025, not `-1`"
        ),
        (
            "api_base: vllm:8000",
            "`api_base` must be an http:// or https:// address with a host, and a port from 1 to 65535 if one is given, not `vllm:8000`"
        ),
        (
            "base_url: http://vllm:70000",
            "`base_url` must be an http:// or https:// address with a host, and a port from 1 to 65535 if one is given, not "
                + "`http://vllm:70000`"
        ),
        ("client_key: /k.pem", "`client_key` without `client_certificate`: name the certificate too"),
        ("ssl_verify: []", "`ssl_verify` must be true, false, or the path of a file with certificates, not a list"),
        ("cooldown_time: -1", "`cooldown_time` must be a number of seconds, such as 45, not `-1`"),
        ("aws_region_name: [eu]", "`aws_region_name` must be a text, not a list"),
        (
            "extra_headers: {'X Y': a}",
            "the header `X Y` is not one: a name is letters, digits and `-`, a value is one line of text"
        ),
    ]) func `a wrong value below litellm_params is an error in its line`(field: String, message: String) {
        let reading = Reading(ProblemTests.model + "    \(field)\n")
        #expect(reading.errors == ["config.yaml:5: error: \(message)"])
        #expect(reading.result.document == nil)
    }

    @Test(arguments: [
        ("logging: {prometheus: {port: 70000}}", "`port` must be a whole number from 1 to 65535, not `70000`"),
        ("logging: {prometheus: {port: 0}}", "`port` must be a whole number from 1 to 65535, not `0`"),
        ("logging: {prometheus: {enabled: 2}}", "`enabled` must be true or false, not `2`"),
        ("logging: on", "`logging` must be a mapping, not `on`"),
        ("auth: {type: basic}", "`type` must be one of `bearer`, `none`, not `basic`"),
        ("auth: {tokens: hunter2}", "`tokens` must be a list of tokens, not a text"),
        ("auth: hunter2", "`auth` must be a mapping, not a text"),
        ("auth: {tokens: ['']}", "this token is empty, so anybody would have it: give it a value, or remove the line"),
        ("auth: {tokens: [{name: a}]}", "this entry of `tokens` has no `token`: add what the client is to send"),
        (
            "auth: {tokens: [{name: a, token: x}, {name: a, token: y}]}",
            "the token name `a` is taken at config.yaml:1: give each token its own"
        ),
        ("auth: {tokens: [x, x]}", "this token is the same as the one at config.yaml:1: remove one of them"),
        (
            "auth: {type: none, tokens: [x]}",
            "`auth.type: none` asks nobody for a token: remove the tokens, or use `bearer`"
        ),
        (
            "auth: {tokens: ['a b']}",
            "this token has a space or a line break in it, so no client can send it: write it without"
        ),
        ("general_settings: {master_key: ''}", "`master_key` is empty: give it a value, or remove the key"),
        ("general_settings: {master_key: }", "`master_key` is empty: give it a value, or remove the key"),
        ("general_settings: {compat: 1.5}", "`compat` must be one of `1.83`, `1.109`, not `1.5`"),
        (
            "general_settings: {max_request_size_mb: 0}",
            "`max_request_size_mb` must be a whole number from 1 to 65536, not `0`"
        ),
        (
            "general_settings: {litellm_key_header_name: 'X Key'}",
            "`litellm_key_header_name` must be the name of a header, such as X-Litellm-Key, not `X Key`"
        ),
        (
            "router_settings: {routing_strategy: random}",
            "`routing_strategy` must be one of `simple-shuffle`, `least-busy`, `latency-based-routing`, `usage-based-routing`, "
                + "`usage-based-routing-v2`, `cost-based-routing`, `provider-budget-routing`, `load-aware`, not `random`"
        ),
        ("router_settings: {timeout: 0}", "`timeout` must be a number of seconds greater than 0, such as 45, not `0`"),
        ("router_settings: {redis_port: 70000}", "`redis_port` must be a whole number from 1 to 65535, not `70000`"),
        (
            "router_settings: {model_group_alias: {a: {hidden: true}}}",
            "the alias `a` has no `model`: add the name it stands for"
        ),
        (
            "litellm_settings: {request_timeout: -5}",
            "`request_timeout` must be a number of seconds greater than 0, such as 45, not `-5`"
        ),
        ("litellm_settings: {set_verbose: loud}", "`set_verbose` must be true or false, not `loud`"),
        (
            "health_checks: {endpoint: health}",
            "`endpoint` must be a path that begins with a slash, such as /health, not `health`"
        ),
        ("rate_limits: {global_per_minute: -1}", "`global_per_minute` must be a whole number of at least 0, not `-1`"),
        (
            "rate_limits: {per_api_key: {default: x}}",
            "`default` must be a whole number of at least 0, or a mapping with `rpm`, `tpm` and `max_parallel_requests`, not `x`"
        ),
        ("retry: {min_seconds: -0.1}", "`min_seconds` must be a number of seconds, such as 45, not `-0.1`"),
        ("fallbacks: [{backup: x}]", "this fallback has no `primary`: add the model group that may fail"),
        (
            "routes: {openai: [{completion_params: {n: 1}}]}",
            "this rule of `routes` names no model: add `models` with names from `model_list`"
        ),
        (
            "routes: [{models: [m], condition: {value: x}}]",
            "`condition` needs a `header`: add the name of a header, such as X-AI-Alternate"
        ),
        ("model_list: {a: b}", "`model_list` must be a list of entries that begin with `- model_name:`, not a mapping"),
        (
            "model_list: [text]",
            "an entry of `model_list` is a mapping with `model_name` and `litellm_params`, not `text`"
        ),
        ("environment_variables: [A]", "`environment_variables` must be a mapping, not a list"),
    ]) func `a wrong section is an error in its line`(text: String, message: String) {
        let reading = Reading(text + "\n")
        #expect(reading.errors == ["config.yaml:1: error: \(message)"])
    }

    @Test func `an entry without its parts is told so`() {
        let reading = Reading("model_list:\n- model_info: {id: a}\n- model_name: b\n  litellm_params: {api_key: k}\n")
        #expect(
            reading.errors == [
                "config.yaml:2: error: this entry of `model_list` has no `model_name`: add the name that clients shall use",
                "config.yaml:2: error: this entry of `model_list` has no `litellm_params`: add them, with at least `model`",
                "config.yaml:4: error: `litellm_params` has no `model`: add it as provider/name, such as openai/gpt-4o-mini",
            ]
        )
    }

    @Test func `two entries with one id are an error that names both places`() {
        let reading = Reading(
            """
            model_list:
            - {model_name: a, litellm_params: {model: openai/a}, model_info: {id: one}}
            - {model_name: b, litellm_params: {model: openai/b}, model_info: {id: one}}
            """)
        #expect(
            reading.errors == [
                "config.yaml:3: error: the id `one` is taken by the entry at config.yaml:2: give each entry its own"
            ]
        )
    }

    @Test func `a key that is written twice is an error that names both lines, and reading goes on`() {
        let reading = Reading(
            """
            general_settings:
              master_key: sk-1
              # a comment
              compat: "1.83"
              'master_key': sk-2
            litellm_settings:
              drop_params: maybe
            general_settings: {}
            model_list:
            - model_name: a
              litellm_params: {model: openai/a}
              model_name: b
            """)
        #expect(
            reading.errors == [
                "config.yaml:5: error: the key `master_key` was already written in line 2: remove one of the two",
                "config.yaml:7: error: `drop_params` must be true or false, not `maybe`",
                "config.yaml:8: error: the key `general_settings` was already written in line 1: remove one of the two",
                "config.yaml:12: error: the key `model_name` was already written in line 10: remove one of the two",
            ]
        )
    }

    @Test func `a key that is written twice is found in a file with Windows' line ends`() {
        let reading = Reading("retry:\r\n  max_retries: 1\r\n  min_seconds: 2\r\n  max_retries: 3\r\n")
        #expect(
            reading.errors == [
                "config.yaml:4: error: the key `max_retries` was already written in line 2: remove one of the two"
            ]
        )
    }

    @Test func `a key that is written twice in braces is an error`() {
        let reading = Reading("general_settings: {compat: 1.83, compat: 1.109}\n")
        #expect(
            reading.errors == [
                "config.yaml:1: error: the key `compat` is written twice in this mapping: remove one of them"
            ])
    }

    @Test func `text that is not UTF-8 is an error in its line`() {
        struct Source: ConfigSource {
            func read(_ path: String) throws(ConfigSourceError) -> [UInt8] { Array("a: b\nc: ".utf8) + [0xFF, 0x0A] }
        }
        let reading = ConfigReader.read(path: "config.yaml", source: Source(), environment: [:])
        #expect(
            reading.problems.map(\.description) == ["config.yaml:2: error: is not UTF-8 text: save the file as UTF-8"])
    }

    @Test func `a file that is not there is an error with advice`() {
        let reading = ConfigReader.read(path: "/nowhere/config.yaml", environment: [:])
        #expect(
            reading.problems.map(\.description) == [
                "/nowhere/config.yaml: error: cannot be read: no such file; check the path, and that the file is mounted"
            ]
        )
        #expect(reading.files == ["/nowhere/config.yaml"])
    }

    @Test(arguments: ["", "\n# nothing\n", "---\n", "~\n", "model_list:\ngeneral_settings: ~\n"])
    func `an empty file is an empty configuration`(text: String) {
        #expect(Reading(text).problems == [])
        #expect(Reading(text).document.models.isEmpty)
    }

    @Test func `all problems are told at once, in the order of their lines`() {
        let reading = Reading(
            """
            general_settings: {master_key: 'short', compat: 3}
            model_list:
            - model_name: m
              litellm_params: {model: openai/m, rpm: -1, timeout: 0}
            router_setings: {}
            logging: {prometheus: {port: 99999}}
            """)
        #expect(reading.result.problems.map(\.line) == [1, 1, 4, 4, 5, 6])
        #expect(reading.errors.count == 4)
    }
}
