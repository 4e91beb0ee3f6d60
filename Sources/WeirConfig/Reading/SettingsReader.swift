import WeirCore

/// `general_settings`, `litellm_settings` and `router_settings`.
enum SettingsReader {
    private static let outside = SourceLocation(file: "environment", line: 0)

    // MARK: General

    static func general(_ top: FieldReader, _ environment: [String: String]) -> GeneralSection {
        var general = GeneralSection()
        let reader = top.section("general_settings", as: "general_settings")
        general.masterKey = reader.flatMap(masterKey)
        if general.masterKey == nil, reader?.isMissing("master_key") != true,
            let key = environment["LITELLM_MASTER_KEY"], !key.isEmpty
        {
            weak(key, outside, "LITELLM_MASTER_KEY", top.log)
            general.masterKey = Secret(key)
        }
        if let written = reader?.choice("compat", Compat.self) {
            general.compat = written
        } else if let text = environment["WEIR_COMPAT"], !text.isEmpty {
            if let compat = Compat(rawValue: text) {
                general.compat = compat
            } else {
                top.log.error(outside, "WEIR_COMPAT must be one of `1.83`, `1.109`")
            }
        }
        guard let reader else { return general }
        general.keyHeaderName = headerName(reader)
        general.maxRequestSize = reader.whole("max_request_size_mb", 1...65536).map { $0 * 1_048_576 }
        general.forwardClientHeaders = reader.flag("forward_client_headers_to_llm_api") ?? false
        reader.finish()
        return general
    }

    private static func masterKey(_ reader: FieldReader) -> Secret? {
        guard let member = reader.written("master_key"), !reader.isMissing("master_key") else { return nil }
        guard let scalar = member.value.scalar else {
            reader.wrong(member, "a text")
            return nil
        }
        if scalar.text.isEmpty || (member.value.isNull && scalar.variable == nil) {
            let cause = scalar.variable.map { "\($0) is set to nothing; give it a value" } ?? "give it a value"
            reader.log.error(member.value.place, "`master_key` is empty: \(cause), or remove the key")
            return nil
        }
        weak(scalar.text, member.value.place, "`master_key`", reader.log)
        return Secret(scalar.text)
    }

    private static func weak(_ key: String, _ place: SourceLocation, _ name: String, _ log: ProblemLog) {
        if !key.hasPrefix("sk-") {
            log.warning(
                place, "\(name) does not begin with `sk-`, which clients of LiteLLM expect: put `sk-` before it")
        }
    }

    private static func headerName(_ reader: FieldReader) -> String? {
        guard let name = reader.text("litellm_key_header_name") else { return nil }
        if !HeaderText.isName(name), let member = reader.member("litellm_key_header_name") {
            reader.wrong(member, "the name of a header, such as X-Litellm-Key")
        }
        return name.lowercased()
    }

    // MARK: LiteLLM

    static func litellm(_ top: FieldReader) -> LiteLLMSection {
        var litellm = LiteLLMSection()
        guard let reader = top.section("litellm_settings", as: "litellm_settings") else { return litellm }
        litellm.dropParams = reader.flag("drop_params") ?? false
        litellm.requestTimeout = reader.seconds("request_timeout")
        litellm.jsonLogs = reader.flag("json_logs") ?? false
        litellm.requireAuthForMetrics = reader.flag("require_auth_for_metrics_endpoint")
        litellm.numRetries = reader.whole("num_retries")
        litellm.tls = TLSFields(reading: reader)
        for key in ["callbacks", "success_callback", "failure_callback", "service_callback"] where reader.has(key) {
            // Metrics for Prometheus are always served.
            if reader.texts(key).allSatisfy({ $0 == "prometheus" }) { reader.settle(key) }
        }
        reader.finish()
        return litellm
    }

    // MARK: Router

    static func router(_ top: FieldReader) -> RouterSection {
        var router = RouterSection()
        guard let reader = top.section("router_settings", as: "router_settings") else { return router }
        router.timeout = reader.seconds("timeout")
        router.streamTimeout = reader.seconds("stream_timeout")
        router.numRetries = reader.whole("num_retries")
        router.cooldown = reader.seconds("cooldown_time", zero: true)
        router.strategy = reader.choice("routing_strategy", RouterSection.Strategy.self) ?? .simpleShuffle
        if !router.strategy.isActedOn, let member = reader.written("routing_strategy") {
            top.log.warning(
                member.value.place,
                "`routing_strategy: \(router.strategy.rawValue)` is known but not acted on yet: `simple-shuffle` is used in its place"
            )
        }
        router.aliases = aliases(reader)
        reader.finish()
        return router
    }

    private static func aliases(_ reader: FieldReader) -> [RouterSection.Alias] {
        guard let member = reader.member("model_group_alias") else { return [] }
        guard let members = member.value.map else {
            reader.wrong(member, "a mapping from other names to names of `model_list`")
            return []
        }
        return members.compactMap { alias in
            if let scalar = alias.value.scalar, !alias.value.isNull {
                return RouterSection.Alias(alias: alias.key, group: scalar.text, hidden: false, place: alias.keyPlace)
            }
            guard let fields = alias.value.map else {
                reader.log.error(alias.keyPlace, "the alias `\(alias.key)` must be a name, or a mapping with `model`")
                return nil
            }
            let item = FieldReader("router_settings.model_group_alias{}", fields, alias.keyPlace, reader.log)
            let group = item.text("model")
            let hidden = item.flag("hidden") ?? false
            item.finish()
            guard let group, !group.isEmpty else {
                reader.log.error(alias.keyPlace, "the alias `\(alias.key)` has no `model`: add the name it stands for")
                return nil
            }
            return RouterSection.Alias(alias: alias.key, group: group, hidden: hidden, place: alias.keyPlace)
        }
    }
}
