package import WeirCore

/// Fields of requests that LiteLLM keeps in `metadata`, so that whoever reads its tables or answers finds them there.
package enum MetadataFields {
    /// Of keys. Users and teams have some of them.
    package static let names: Set<String> = [
        "tags", "guardrails", "prompts", "model_rpm_limit", "model_tpm_limit", "mcp_rpm_limit", "tag_rpm_limit",
        "rpm_limit_type", "tpm_limit_type", "enforced_params", "logging", "disable_global_guardrails",
        "temp_budget_increase", "temp_budget_expiry", "service_account_id", "allowed_passthrough_routes",
        "denied_passthrough_routes", "allowed_vector_store_indexes", "default_estimated_output_tokens",
        "default_estimated_output_tokens_per_model", "enable_prompt_caching", "throttle_on_budget_exceeded",
    ]

    /// `body` without these fields, and the metadata that it makes of `old`.
    ///
    /// A `metadata` in the body takes the place of all that was there; a field alone is set beside what is there, and taken
    /// away by null. What stands in `kept` survives a new `metadata`.
    package static func fold(
        _ body: JSONObject, onto old: JSONObject?, kept: [String] = []
    ) -> (body: JSONObject, metadata: JSONObject?) {
        var metadata = old
        var rest = JSONObject()
        if let given = body["metadata"] {
            metadata = given.object
            for name in kept {
                if let value = old?[name] { metadata = (metadata ?? JSONObject()).merging([name: value]) }
            }
        }
        for member in body.members where member.name != "metadata" {
            guard names.contains(member.name) else {
                rest[member.name] = member.value
                continue
            }
            guard metadata != nil || !member.value.isNull else { continue }
            var changed = metadata ?? JSONObject()
            changed[member.name] = member.value.isNull ? JSONValue?.none : member.value
            metadata = changed
        }
        if metadata?.isEmpty == true { metadata = nil }
        return (rest, metadata)
    }
}
