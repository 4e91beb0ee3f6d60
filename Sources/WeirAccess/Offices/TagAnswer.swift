import WeirCore

/// Tags as LiteLLM shows them.
enum TagAnswer {
    private static let row = RecordShape(
        id: "name",
        [
            "name": nil, "description": nil, "models": [], "model_info": nil, "spend": nil, "budget_id": nil,
            "created_at": nil, "updated_at": nil, "created_by": nil, "litellm_budget_table": nil,
        ])

    static func full(_ tag: Entity, budget: Entity?) -> JSONObject {
        row.show(tag, adding: ["litellm_budget_table": BudgetAnswer.within(budget)])
    }
}
