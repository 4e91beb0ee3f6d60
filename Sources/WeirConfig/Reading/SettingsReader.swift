import WeirCore

/// `general_settings` and `litellm_settings`.
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
        general.customerFields = CustomerFieldsReader.read(reader)
        general.maxRequestSize = reader.whole("max_request_size_mb", 1...65536).map { $0 * 1_048_576 }
        general.forwardClientHeaders = reader.flag("forward_client_headers_to_llm_api") ?? false
        general.maxParallelRequests = reader.whole("max_parallel_requests")
        general.globalMaxParallelRequests = reader.whole("global_max_parallel_requests")
        general.failsClosed = reader.flag("fail_closed_rate_limit_enforcement")
        reader.readElsewhere(
            HealthReader.generalKeys + StoreReader.generalKeys + IdentityReader.generalKeys + ["coordination_redis"])
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
        litellm.numRetries = reader.whole("num_retries", 0...100)
        litellm.allowedFails = reader.whole("allowed_fails")
        litellm.maxFallbacks = reader.whole("max_fallbacks", 0...100)
        reader.readElsewhere(FallbacksReader.keys + StoreReader.litellmKeys)
        litellm.tls = TLSFields(reading: reader)
        for key in ["callbacks", "success_callback", "failure_callback", "service_callback"] where reader.has(key) {
            // Metrics for Prometheus are always served.
            if reader.texts(key).allSatisfy({ $0 == "prometheus" }) { reader.settle(key) }
        }
        reader.finish()
        return litellm
    }
}
