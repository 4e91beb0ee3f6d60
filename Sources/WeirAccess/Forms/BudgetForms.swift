import WeirCore

/// The fields of `/budget/*`.
package enum BudgetForms {
    /// What a budget consists of; organisations, customers and tags that have one of their own take the same.
    static let settings: [FormField] = [
        .init("max_budget", .money, "Requests are refused once this much is spent."),
        .init("soft_budget", .money, "An alert is sent once this much is spent."),
        .init("max_parallel_requests", .count, "Requests at once."),
        .init("tpm_limit", .count, "Tokens in any 60 s."),
        .init("rpm_limit", .count, "Requests in any 60 s."),
        .init("tpd_limit", .count, "Tokens in a day."),
        .init("model_max_budget", .object, "Budgets of single models."),
        .init("budget_duration", .duration, "What was spent is forgotten after this time."),
        .init("budget_reset_at", .moment, "When it is forgotten next."),
        .init("allowed_models", .strings, "The models that may be called under this budget."),
        .init("temp_budget_increase", .money, "This much more, until temp_budget_expiry."),
        .init("temp_budget_expiry", .moment, "When temp_budget_increase ends."),
    ]

    package static let new = Form([.init("budget_id", .string, "Made up when it is left out.")] + settings)
    package static let update = Form([.init("budget_id", .string, required: true, "The budget.")] + settings)
    package static let info = Form([.init("budgets", .strings, required: true, "Ids of budgets.")])
    package static let settingsQuery = Form([.init("budget_id", .string, required: true, "The budget.")])
    package static let delete = Form([.init("id", .string, required: true, "The budget.")])
    package static let list = Form(Pages.fields)
}
