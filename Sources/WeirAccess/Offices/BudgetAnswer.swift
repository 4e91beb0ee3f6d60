import WeirCore

/// Budgets as LiteLLM shows them.
enum BudgetAnswer {
    private static let row = RecordShape(
        id: "budget_id",
        [
            "budget_id": nil, "max_budget": nil, "soft_budget": nil, "max_parallel_requests": nil, "tpm_limit": nil,
            "rpm_limit": nil, "tpd_limit": nil, "model_max_budget": nil, "budget_duration": nil,
            "budget_reset_at": nil, "allowed_models": [], "temp_budget_increase": nil, "temp_budget_expiry": nil,
            "created_at": nil, "created_by": nil, "updated_at": nil, "updated_by": nil,
        ])
    private static let relations: JSONObject = [
        "organization": nil, "projects": nil, "keys": nil, "end_users": nil, "tags": nil, "model_access_groups": nil,
        "team_membership": nil, "organization_membership": nil,
    ]
    private static let part = RecordShape(
        id: "budget_id",
        [
            "budget_id": nil, "soft_budget": nil, "max_budget": nil, "max_parallel_requests": nil, "tpm_limit": nil,
            "rpm_limit": nil, "tpd_limit": nil, "model_max_budget": nil, "budget_duration": nil, "allowed_models": [],
            "temp_budget_increase": nil, "temp_budget_expiry": nil, "budget_reset_at": nil, "created_at": nil,
        ])

    /// The row, as `/budget/*` answers it.
    static func full(_ budget: Entity) -> JSONObject { row.show(budget, adding: relations) }

    /// As `litellm_budget_table` of what the budget belongs to.
    static func within(_ budget: Entity?) -> JSONValue { budget.map { .object(part.show($0)) } ?? .null }
}
