import Testing
import WeirConfig
import WeirCore

/// What YAML values become.
@Suite struct ValueTests {
    private func defaults(_ lines: String, environment: [String: String] = [:]) -> [JSONField] {
        let text = "model_list:\n- model_name: m\n  litellm_params:\n    model: openai/m\n" + lines
        return Reading(text, environment: environment).document.models.first?.defaults ?? []
    }

    @Test(arguments: [
        ("0.10", "0.10"), ("1", "1"), ("-3", "-3"), ("+7", "7"), ("1_000", "1000"), (".5", "0.5"), ("5.", "5"),
        ("-.25", "-0.25"),
        ("0x1F", "31"), ("017", "15"), ("0b101", "5"), ("0o17", "15"), ("1e-6", "1e-6"), ("1.5E+3", "1.5E+3"),
        ("00.5", "0.5"),
        ("089", "\"089\""), ("12345678901234567890", "12345678901234567890"),
        ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
        ("~", "null"), ("null", "null"), ("", "null"), ("yes", "true"), ("Off", "false"), ("TRUE", "true"),
        ("y", "\"y\""),
        ("12:30", "\"12:30\""), ("2026-01-31", "\"2026-01-31\""), ("1.2.3", "\"1.2.3\""), ("0x", "\"0x\""),
        ("1e", "\"1e\""),
        ("'5'", "\"5\""), ("\"true\"", "\"true\""), ("!!str 5", "\"5\""), (".", "\".\""),
        ("[1, a, [true]]", "[1,\"a\",[true]]"),
        ("{type: json_object, n: 0.50}", "{\"type\":\"json_object\",\"n\":0.50}"),
        ("\"a\\\"b\\\\c\\n\\x01\"", "\"a\\\"b\\\\c\\n\\u0001\""), ("\"é😀\"", "\"é😀\""),
    ]) func `a parameter becomes JSON that means the same`(yaml: String, json: String) {
        #expect(defaults("    seed: \(yaml)\n") == [JSONField(key: "seed", json: json)])
    }

    @Test func `parameters keep their order`() {
        #expect(defaults("    top_p: 1\n    temperature: 0\n    n: 2\n").map(\.key) == ["top_p", "temperature", "n"])
    }

    @Test func `what JSON cannot say is an error`() {
        let reading = Reading("model_list:\n- model_name: m\n  litellm_params: {model: openai/m, top_p: .inf}\n")
        #expect(
            reading.errors == [
                "config.yaml:3: error: `.inf` cannot be sent: JSON has finite numbers only; write a number"
            ])
    }

    @Test func `anchors and merge keys are unfolded, and own keys win`() {
        let reading = Reading(
            """
            common: &common
              api_key: k
              timeout: 30
            model_list:
            - model_name: a
              litellm_params: {<<: *common, model: openai/a, timeout: 5}
            - model_name: b
              litellm_params:
                model: openai/b
                <<: [*common]
            """)
        let models = reading.document.models
        #expect(models.map(\.timeout) == [.seconds(5), .seconds(30)])
        #expect(models.map { $0.apiKey?.revealed() } == ["k", "k"])
    }

    @Test func `aliases that unfold to billions are stopped`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let row = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(row)]\n"
        }
        let reading = Reading(text)
        #expect(reading.errors.count == 1)
        #expect(reading.errors.first?.contains("more than 200000 values") == true)
    }

    @Test(arguments: ["[", "{a: ", "- "])
    func `levels without end are stopped before they exhaust the stack`(level: String) {
        let text = "a: 1\nb:\n" + String(repeating: level, count: 100_000)
        #expect(
            Reading(text).errors == [
                "config.yaml:3: error: more than 100 levels inside each other: flatten the file, or close the brackets above"
            ]
        )
    }

    @Test(arguments: [
        ("45", Duration.seconds(45)), ("0.5", .milliseconds(500)), ("\"2\"", .seconds(2)), ("1e1", .seconds(10)),
    ])
    func `a timeout is a number of seconds`(yaml: String, timeout: Duration) {
        let reading = Reading("model_list:\n- model_name: m\n  litellm_params: {model: openai/m, timeout: \(yaml)}\n")
        #expect(reading.document.models.first?.timeout == timeout)
    }

    @Test func `prices are exact, and those beside the model come second`() {
        let reading = Reading(
            """
            model_list:
            - model_name: m
              litellm_params: {model: openai/m, input_cost_per_token: 1.5e-07}
              model_info: {input_cost_per_token: 9, output_cost_per_token: 0.0000006}
            """)
        let price = reading.document.models.first?.price.token
        #expect(price?.input.description == "0.00000015")
        #expect(price?.output.description == "0.0000006")
    }

    @Test func `a model's fields are read`() throws {
        let reading = Reading(
            """
            model_list:
            - model_name: m
              litellm_params:
                model: Azure/gpt-4o
                base_url: https://unit.example:8443/openai/
                api_key: os.environ/KEY
                api_version: 2024-10-21
                organization: org-1
                timeout: 10
                stream_timeout: 20
                weight: 3
                extra_headers: {X-Unit: blue}
                extra_body: {cache: {ttl: 5}}
                drop_params: true
                additional_drop_params: [seed, user]
                mock_response: hello
                ssl_verify: /etc/ca.pem
                client_certificate: /etc/me.pem
                client_key: /etc/me.key
                temperature: 0.2
              model_info: {id: m-1, mode: chat, base_model: gpt-4o, supports_vision: true, owner: me}
            """, environment: ["KEY": "secret"])
        #expect(reading.problems == [])
        let model = try #require(reading.document.models.first)
        #expect(model.vendor == "azure" && model.model == "gpt-4o")
        #expect(model.apiBase == "https://unit.example:8443/openai")
        #expect(model.apiKey?.revealed() == "secret")
        #expect(model.apiVersion == "2024-10-21" && model.organization == "org-1")
        #expect(model.timeout == .seconds(10) && model.streamTimeout == .seconds(20) && model.weight == 3)
        #expect(model.extraHeaders.map { $0.name + "=" + $0.value.revealed() } == ["X-Unit=blue"])
        #expect(model.extraBody == [JSONField(key: "cache", json: "{\"ttl\":5}")])
        #expect(model.dropParams == true && model.additionalDropParams == ["seed", "user"])
        #expect(model.mockResponse == "hello")
        #expect(model.tls.verifies == true && model.tls.trustRoots == "/etc/ca.pem")
        #expect(model.tls.clientCertificate == "/etc/me.pem" && model.tls.clientKey == "/etc/me.key")
        #expect(model.defaults == [JSONField(key: "temperature", json: "0.2")])
        #expect(model.info.id == "m-1" && model.info.mode == "chat" && model.info.baseModel == "gpt-4o")
        #expect(model.info.fields.map(\.key) == ["id", "mode", "base_model", "supports_vision", "owner"])
        #expect(model.place == SourceLocation(file: "config.yaml", line: 2))
    }

    @Test(
        arguments: [
            ("openai/gpt-4o", nil, "openai", "gpt-4o"),
            ("openrouter/openai/gpt-4o", nil, "openrouter", "openai/gpt-4o"),
            ("gpt-4o", nil, "", "gpt-4o"), ("openai/*", nil, "openai", "*"),
            ("meta-llama/L3", "openai", "openai", "meta-llama/L3"),
            ("openai/x", "openai", "openai", "x"),
        ] as [(String, String?, String, String)])
    func `the prefix of a model is its provider`(model: String, provider: String?, vendor: String, name: String) {
        let line = provider.map { "\n    custom_llm_provider: \($0)" } ?? ""
        let reading = Reading("model_list:\n- model_name: m\n  litellm_params:\n    model: \(model)\(line)\n")
        #expect(reading.document.models.first?.vendor == vendor)
        #expect(reading.document.models.first?.model == name)
    }
}
