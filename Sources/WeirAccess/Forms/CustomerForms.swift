import WeirCore

/// The fields of `/customer/*`, and of `/end_user/*`, its older name.
package enum CustomerForms {
    private static let settings: [FormField] = [
        .init("user_id", .string, required: true, "As the requests name him: `user`."),
        .init("alias", .string, "A name for people."),
        .init("blocked", .bool, "His requests are refused."),
        .init("budget_id", .string, "A budget that exists; shared with whoever else has it."),
        .init("allowed_model_region", .choice(["eu", "us"]), "Only models of this region."),
        .init("default_model", .string, "The model where a request names none, or one that is not in his region."),
        .init("models", .strings, "The models that he may call; empty for all."),
        .init("object_permission", .object, "What else he may use."),
    ]

    package static let new = Form(
        settings + [.init("spend", .money, "What he spent so far.")] + BudgetForms.settings)
    package static let update = Form(settings + BudgetForms.settings)
    package static let info = Form([.init("end_user_id", .string, required: true, "The customer.")])
    package static let ids = Form([.init("user_ids", .strings, required: true, "The customers.")])
    package static let list = Form(Pages.fields + [.init("search", .string, "Part of an id.")])
}
