import WeirCore

/// What all deployments of one name amount to: the most that any of them takes, supports or costs.
struct ModelGroupSummary {
    private static let abilities = [
        "supports_parallel_function_calling", "supports_vision", "supports_web_search", "supports_url_context",
        "supports_reasoning", "supports_function_calling", "supports_fast_mode",
    ]

    let name: String
    private let rows: [ModelRow]

    init(name: String, _ rows: [ModelRow]) {
        self.name = name
        self.rows = rows
    }

    /// In the order of LiteLLM's `ModelGroupInfo`; what is not known stands as null.
    var answer: JSONObject {
        var answer: JSONObject = [
            "model_group": .string(name),
            "providers": .strings(providers),
            "max_input_tokens": greatest("max_input_tokens", isWhole: false),
            "max_output_tokens": greatest("max_output_tokens", isWhole: false),
            "input_cost_per_token": greatest("input_cost_per_token"),
            "output_cost_per_token": greatest("output_cost_per_token"),
            "input_cost_per_pixel": greatest("input_cost_per_pixel"),
            "mode": rows.lazy.compactMap { $0.info.value("mode") }.first ?? .null,
            "tpm": sum("tpm"),
            "rpm": sum("rpm"),
            "itpm": sum("itpm"),
            "otpm": sum("otpm"),
        ]
        for ability in Self.abilities { answer[ability] = .bool(rows.contains { $0.info.bool(ability) == true }) }
        answer["supported_reasoning_efforts"] = list("supported_reasoning_efforts")
        answer["supported_openai_params"] = list("supported_openai_params")
        answer["configurable_clientside_auth_params"] =
            rows.lazy.compactMap { $0.params.value("configurable_clientside_auth_params") }.first ?? .null
        answer["description"] = rows.lazy.compactMap { $0.info.value("description") }.first ?? .null
        answer["supported_endpoints"] = list("supported_endpoints")
        answer["supports_background_chat"] = .bool(rows.contains { $0.info.bool("supports_background_chat") == true })
        answer["is_public_model_group"] = false
        let unknown = ["health_status", "health_response_time", "health_checked_at", "custom_tags", "custom_metadata"]
        for name in unknown { answer[name] = .null }
        return answer
    }

    private var providers: [String] {
        rows.reduce(into: []) { found, row in
            let vendor = row.params.string("model")?.split(separator: "/", maxSplits: 1).first.map(String.init)
            let provider =
                row.params.string("custom_llm_provider") ?? row.info.string("litellm_provider")
                ?? (row.params.string("model")?.contains("/") == true ? vendor : nil)
            if let provider, !found.contains(provider) { found.append(provider) }
        }
    }

    private func greatest(_ name: String, isWhole: Bool = true) -> JSONValue {
        let values = rows.compactMap { row in row.info.value(name) ?? row.params.value(name) }
        let known = values.compactMap { value in value.money.map { (value, $0) } }
        guard let (value, _) = known.max(by: { $0.1 < $1.1 }) else { return .null }
        guard !isWhole, case .number(let text) = value, value.int != nil, !text.contains(".") else { return value }
        return .number(text + ".0")
    }

    /// What the deployments may do together; null when none of them tells a limit.
    private func sum(_ name: String) -> JSONValue {
        let values = rows.compactMap { $0.params.int(name) ?? $0.info.int(name) }
        return values.isEmpty ? .null : .int(values.reduce(0) { $0.addingReportingOverflow($1).partialValue })
    }

    private func list(_ name: String) -> JSONValue {
        .strings(rows.reduce(into: [String]()) { $0 = $0.union($1.info.strings(name)) })
    }
}
