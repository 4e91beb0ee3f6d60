import WeirCore

/// The fields of `/tag/*`.
package enum TagForms {
    package static let settings = Form(
        [
            .init("name", .string, required: true, "As requests name it in their tags."),
            .init("description", .longString, "What it stands for."),
            .init("models", .strings, "Ids of the deployments that requests with this tag go to."),
            .init("model_info", .object, "Names of these deployments, by id."),
            .init("budget_id", .string, "A budget that exists; shared with whoever else has it."),
        ] + BudgetForms.settings)
    package static let info = Form([.init("names", .strings, required: true, "The tags.")])
    package static let delete = Form([.init("name", .string, required: true, "The tag.")])
    package static let list = Form(
        Pages.fields + [
            .init("start_date", .string, "Taken, and without effect: all tags are listed."),
            .init("end_date", .string, "Taken, and without effect: all tags are listed."),
        ])
}
