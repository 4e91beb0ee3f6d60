import WeirCore

/// The fields of `/organization/*`.
package enum OrganizationForms {
    /// What a member of an organisation may be in it.
    static let roles: [Role] = [.orgAdmin, .internalUser, .internalUserViewer]

    private static let settings: [FormField] = [
        .init("organization_alias", .string, "A name for people."),
        .init("models", .strings, "Models that its teams may call; empty for all."),
        .init("metadata", .object, "Anything that goes with it."),
        .init("model_rpm_limit", .counts, "Requests in any 60 s, by model."),
        .init("model_tpm_limit", .counts, "Tokens in any 60 s, by model."),
        .init("object_permission", .object, "What else may be used in it."),
        .init("budget_id", .string, "A budget that exists; shared with whoever else has it."),
    ]

    package static let new = Form(
        settings + BudgetForms.settings + [.init("organization_id", .string, "Made up when it is left out.")]
    ).requiring("organization_alias")
    package static let update = Form(
        settings + BudgetForms.settings + [.init("organization_id", .string, "The organization.")]
    ).requiring("organization_id")
    /// The organisation is named in the path.
    package static let patch = Form(settings + BudgetForms.settings)
    package static let delete = Form([
        .init("organization_ids", .strings, required: true, "The organizations, at most 1000.")
    ])
    package static let list = Form(
        Pages.fields + [
            .init("org_id", .string, "The organization."), .init("org_alias", .string, "Part of an alias."),
        ])
    package static let info = Form([.init("organization_id", .string, required: true, "The organization.")])
    package static let infos = Form([
        .init("organizations", .strings, required: true, "The organizations, at most 100.")
    ])

    // MARK: Members

    static let member = Form([
        .init("role", .choice(roles.map(\.rawValue)), required: true), .init("user_id", .string),
        .init("user_email", .string),
    ])
    package static let memberAdd = Form([
        .init("organization_id", .string, required: true, "The organization."),
        .init("member", .any, required: true, "{\"role\", \"user_id\" or \"user_email\"}, or a list of them."),
        .init("max_budget_in_organization", .money, "What each of them may spend in it."),
    ])
    package static let memberUpdate = Form([
        .init("organization_id", .string, required: true, "The organization."),
        .init("user_id", .string, "The member."), .init("user_email", .string, "The member by e-mail."),
        .init("role", .choice(roles.map(\.rawValue))),
        .init("max_budget_in_organization", .money, "What he may spend in it."),
    ])
    package static let memberDelete = Form([
        .init("organization_id", .string, required: true, "The organization."),
        .init("user_id", .string, "The member."), .init("user_email", .string, "The member by e-mail."),
    ])
}
