/// Fields that requests about keys, users, teams and budgets have in common, with LiteLLM's names.
package enum SharedFields {
    /// What may be spent, and when counting starts anew. `BudgetFields.check` looks inside `budget_limits` and
    /// `model_max_budget`.
    package static let budget: [FormField] = [
        FormField("max_budget", .money, "Dollars that may be spent; null for any amount, 0 for none."),
        FormField("soft_budget", .money, "Dollars from which on somebody is told; nothing is refused."),
        FormField(
            "budget_duration", .duration, "After how long the spend counts from zero again: 1h, 1d, 7d, 30d, 1mo."),
        FormField(
            "budget_limits", .list, "Budgets side by side, each with budget_duration and max_budget; all of them hold."),
        FormField(
            "model_max_budget", .object,
            "Budgets by model: {\"gpt-4o\": {\"budget_limit\": 1, \"time_period\": \"1d\"}}."),
    ]

    /// A grant on top of a budget that ends by itself; both go together.
    package static let temporaryBudget: [FormField] = [
        FormField("temp_budget_increase", .money, "Dollars on top of max_budget until temp_budget_expiry."),
        FormField("temp_budget_expiry", .moment, "When temp_budget_increase ends."),
    ]

    /// How much at a time.
    package static let limits: [FormField] = [
        FormField("tpm_limit", .count, "Tokens in any minute; 0 lets nothing in."),
        FormField("rpm_limit", .count, "Requests in any minute; 0 lets nothing in."),
        FormField("tpd_limit", .count, "Tokens in any day."),
        FormField("max_parallel_requests", .count, "Requests at once."),
    ]

    /// How much at a time of each model. They are kept in `metadata`.
    package static let modelLimits: [FormField] = [
        FormField("model_rpm_limit", .counts, "Requests in any minute by model: {\"gpt-4o\": 10}."),
        FormField("model_tpm_limit", .counts, "Tokens in any minute by model."),
    ]

    /// Whether limits are promised or only allowed. They are kept in `metadata`.
    package static let limitTypes: [FormField] = ["rpm_limit_type", "tpm_limit_type"].map {
        FormField($0, .choice(["guaranteed_throughput", "best_effort_throughput", "dynamic"]))
    }

    /// What requests are marked with and checked by. They are kept in `metadata`.
    package static let marks: [FormField] = [
        FormField("tags", .strings, "Tags that go with every request."),
        FormField("guardrails", .strings, "Guardrails that look at every request."),
        FormField("prompts", .strings, "Prompts that may be used."),
        FormField("enforced_params", .strings, "Members that every request must have: user, metadata.generation_name."),
        FormField("disable_global_guardrails", .bool),
    ]

    /// Settings that are carried for those who read them.
    package static let carried: [FormField] = [
        FormField("router_settings", .object, "Settings of the router for this one's requests."),
        FormField("access_group_ids", .strings, "Access groups whose models may be called."),
        FormField("policies", .strings),
        FormField("object_permission", .object, "MCP servers, vector stores and agents that may be used."),
    ]

    package static let models = FormField(
        "models", .strings,
        "Models that may be called: names, patterns with one *, access groups, all-team-models, all-proxy-models; "
            + "empty for all.")
    package static let metadata = FormField("metadata", .object, "Anything that shall be kept with it.")

    /// Which page of a list is wanted.
    package static let paging: [FormField] = [
        FormField("page", .count, "From 1."),
        FormField("size", .count, "How many on a page, 1 to 1000."),
    ]
}
