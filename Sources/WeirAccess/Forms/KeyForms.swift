/// What requests about keys may say, with LiteLLM's names.
package enum KeyForms {
    /// What a key is set to, when it is made and later.
    private static let settings: [FormField] =
        [
            FormField("key_alias", .string, "A name for people; no other key of the same team has it."),
            SharedFields.models,
            FormField("aliases", .object, "Other names for models: {\"mistral\": \"gpt-4o\"}."),
            FormField("user_id", .string, "Whose key it is."),
            FormField("team_id", .string, "The team that it belongs to."),
            FormField("organization_id", .string),
            FormField("project_id", .string),
            FormField("agent_id", .string),
            FormField("budget_id", .string, "A budget of /budget/new that holds for it."),
            FormField("end_user_budget_id", .string),
            FormField("spend", .money, "Dollars that count as spent."),
        ] + SharedFields.budget + SharedFields.limits + SharedFields.modelLimits + SharedFields.limitTypes + [
            FormField("mcp_rpm_limit", .counts, "Requests in any minute by MCP server."),
            FormField("tag_rpm_limit", .counts, "Requests in any minute by tag."),
            FormField("budget_fallbacks", .object, "Models to take when one's budget is spent: {\"a\": [\"b\"]}."),
            FormField("throttle_on_budget_exceeded", .bool),
            FormField("default_estimated_output_tokens", .count),
            FormField("default_estimated_output_tokens_per_model", .counts),
            FormField("blocked", .bool, "Whether its calls are refused."),
            FormField("permissions", .object),
            FormField("allowed_routes", .strings, "Paths, patterns ending in *, and groups such as llm_api_routes."),
            FormField("allowed_passthrough_routes", .list),
            FormField("denied_passthrough_routes", .strings),
            FormField("allowed_vector_store_indexes", .list),
            FormField("allowed_cache_controls", .strings),
            FormField("enable_prompt_caching", .bool),
            FormField("config", .object),
            FormField("auto_rotate", .bool, "Whether the key is replaced by itself; needs rotation_interval."),
            FormField("rotation_interval", .duration, "How often the key is replaced."),
            SharedFields.metadata,
        ] + SharedFields.marks + SharedFields.carried

    private static let life = FormField("duration", .duration, "How long it lives: 30s, 15m, 12h, 30d, 2w, 1mo.")
    /// A text, because of LiteLLM's `-1`.
    private static let newLife = FormField(
        "duration", .string, "How long it lives from now on: 30d; -1 or null for ever.")

    /// `/key/generate` and `/key/service-account/generate`.
    package static let generate = Form(settings).adding([
        life,
        FormField(
            "key", .string, "The key itself, when it shall not be made here: sk- and at least 13 characters more."),
        FormField("key_type", .choice(["default", "llm_api", "management", "read_only"])),
        FormField("send_invite_email", .bool),
    ])

    package static let update = Form(settings).adding(SharedFields.temporaryBudget).adding([
        newLife, FormField("key", .string, "The key or its hash; key_alias tells which one where it is left out."),
    ])

    /// Nothing is needed: a key is replaced as it is.
    package static let regenerate = Form(settings).adding(SharedFields.temporaryBudget).adding([
        newLife,
        FormField("key", .string, "The key or its hash."),
        FormField("new_key", .string, "The new key itself, when it shall not be made here."),
        FormField("grace_period", .string, "How long the old key goes on working: 24h; not at all when left out."),
        FormField("new_master_key", .string),
    ])
    package static let regenerateQuery = Form([FormField("key", .string, "The key or its hash.")])

    package static let bulkUpdate = Form([
        FormField("keys", .list, required: true, "At most 500, each with key and what /key/update takes.")
    ])
    static let bulkItem = update.requiring("key")

    package static let teamBulkUpdate = Form([
        FormField("team_id", .string, required: true),
        FormField("key_ids", .strings, "Keys or hashes."),
        FormField("all_keys_in_team", .bool),
        FormField("update_fields", .object, required: true, "Budgets, limits, duration, tags and metadata."),
    ])
    /// What may be set for many keys of a team at once: nothing that moves a key or gives it rights.
    static let teamBulkFields = Form(
        SharedFields.budget.filter { $0.name != "soft_budget" } + SharedFields.temporaryBudget
            + SharedFields.limits.filter { $0.name != "tpd_limit" } + SharedFields.modelLimits
            + SharedFields.limitTypes + [
                newLife, FormField("budget_id", .string), FormField("tags", .strings), SharedFields.metadata,
            ])

    package static let delete = Form([
        FormField("keys", .strings, "Keys or hashes."), FormField("key_aliases", .strings),
    ])

    /// `/key/block` and `/key/unblock`.
    package static let block = Form([FormField("key", .string, required: true, "The key or its hash.")])

    package static let resetSpend = Form([
        FormField("reset_to", .money, required: true, "Dollars; at most what is spent.")
    ])

    package static let infoQuery = Form([FormField("key", .string, "The key or its hash; left out: the caller's own.")])
    package static let infoOfMany = Form([FormField("keys", .strings, required: true, "Keys or hashes.")])

    package static let list = Form(
        SharedFields.paging + [
            FormField("user_id", .string), FormField("team_id", .string), FormField("organization_id", .string),
            FormField("project_id", .string), FormField("agent_id", .string), FormField("access_group_id", .string),
            FormField("key_hash", .string), FormField("key_alias", .string),
            FormField("search", .string, "A part of the alias or of the hash."),
            FormField("substring_matching", .bool, "key_alias and user_id are parts of what is meant."),
            FormField("return_full_object", .bool), FormField("include_team_keys", .bool),
            FormField("include_created_by_keys", .bool),
            FormField("sort_by", .string, "spend, max_budget, created_at, updated_at, token or key_alias."),
            FormField("sort_order", .string, "asc or desc, which is the standard."),
            FormField("expand", .string, "user: with what is known of the user."),
            FormField("status", .choice(["active", "blocked", "expired", "deleted"])),
        ])

    package static let aliases = Form(
        SharedFields.paging + [
            FormField("search", .string, "A part of the alias."), FormField("team_id", .string),
        ])
}
