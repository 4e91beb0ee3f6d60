import WeirAccess
import WeirAccounting
import WeirConfig
import WeirCore
import WeirRouting
import WeirWire

/// The deployments in force as the offices may know them: without anything secret.
enum DeployedModels {
    /// `ids` are those of the entries, in their order; `stored` those that came from the store.
    static func list(
        _ document: ConfigDocument, ids: [String], stored: Set<String>, groups: [ModelGroupMembership],
        _ prices: PriceTable
    ) -> [DeployedModel] {
        zip(document.models, ids).map { entry, id in
            DeployedModel(
                id: id, name: entry.name, params: params(entry),
                info: info(entry, id, isStored: stored.contains(id), prices), isStored: stored.contains(id),
                accessGroups: entry.info.accessGroups
                    + groups.filter { $0.contains(id: id, name: entry.name) }.map(\.name))
        }
    }

    private static func params(_ entry: ModelEntry) -> JSONObject {
        var params = JSONObject()
        params["model"] = .string(entry.vendor.isEmpty ? entry.model : "\(entry.vendor)/\(entry.model)")
        params["api_base"] = entry.apiBase.map { .string($0) }
        params["api_version"] = entry.apiVersion.map { .string($0) }
        params["litellm_credential_name"] = entry.credentialName.map { .string($0) }
        params["organization"] = entry.organization.map { .string($0) }
        params["timeout"] = entry.timeout.map(seconds)
        params["stream_timeout"] = entry.streamTimeout.map(seconds)
        params["rpm"] = entry.rpm.map { .int($0) }
        params["tpm"] = entry.tpm.map { .int($0) }
        params["weight"] = entry.weight.map { .int($0) }
        params["order"] = entry.order.map { .int($0) }
        params["max_parallel_requests"] = entry.maxParallelRequests.map { .int($0) }
        params["num_retries"] = entry.numRetries.map { .int($0) }
        params["drop_params"] = entry.dropParams.map { .bool($0) }
        params["region_name"] = entry.regionName.map { .string($0) }
        if !entry.tags.isEmpty { params["tags"] = .strings(entry.tags) }
        for field in entry.defaults where !Mask.isSecret(field.key) { params[field.key] = value(field.json) }
        return params
    }

    /// What was written, then what is known of the model besides.
    private static func info(_ entry: ModelEntry, _ id: String, isStored: Bool, _ prices: PriceTable) -> JSONObject {
        var info: JSONObject = ["id": .string(id), "db_model": .bool(isStored)]
        for field in entry.info.fields where info[field.key] == nil { info[field.key] = value(field.json) }
        let facts = prices.facts(model: entry.info.baseModel ?? entry.model, vendor: entry.vendor)
        info.setDefault("key", facts.map { .string($0.key) })
        info.setDefault("max_tokens", facts?.maxOutputTokens.map { .int($0) })
        info.setDefault("max_input_tokens", facts?.maxInputTokens.map { .int($0) })
        info.setDefault("max_output_tokens", facts?.maxOutputTokens.map { .int($0) })
        let price = entry.price.token ?? facts?.price
        info.setDefault("input_cost_per_token", price.map { .money($0.input) })
        info.setDefault("output_cost_per_token", price.map { .money($0.output) })
        info.setDefault("litellm_provider", facts.map { .string($0.provider) })
        info.setDefault("mode", facts?.mode.map { .string($0.rawValue) })
        for name in facts?.supports.names ?? [] { info.setDefault("supports_\(name)", true) }
        return info
    }

    private static func seconds(_ duration: Duration) -> JSONValue {
        let (seconds, attoseconds) = duration.components
        return .money(Money(attodollars: Int128(seconds) * Money.scale + Int128(attoseconds)))
    }

    private static func value(_ json: String) -> JSONValue {
        (try? JSONObject(reading: "{\"v\":\(json)}"))?["v"] ?? .null
    }
}

extension JSONObject {
    fileprivate mutating func setDefault(_ name: String, _ value: JSONValue?) {
        if self[name] == nil, let value { self[name] = value }
    }
}
