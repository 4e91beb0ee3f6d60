import WeirCore

/// Customers as LiteLLM shows them.
enum CustomerAnswer {
    private static let row = RecordShape(
        id: "user_id",
        [
            "user_id": nil, "blocked": false, "alias": nil, "spend": nil, "allowed_model_region": nil,
            "default_model": nil, "models": [], "budget_id": nil, "litellm_budget_table": nil,
            "object_permission_id": nil, "object_permission": nil,
        ])

    static func full(_ customer: Entity, budget: Entity?) -> JSONObject {
        row.show(customer, adding: ["litellm_budget_table": BudgetAnswer.within(budget)])
    }
}
