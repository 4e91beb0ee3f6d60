import WeirCore

/// The fields of `/user/*`.
package enum UserForms {
    /// The roles that a user may be given.
    static let roles: [Role] = [.proxyAdmin, .proxyAdminViewer, .orgAdmin, .internalUser, .internalUserViewer]

    /// What a user has, and may be changed.
    private static let settings: [FormField] =
        [
            .init("user_email", .string, "Compared without case; no two users have the same."),
            .init("user_alias", .string, "A name for people."),
            .init("user_role", .choice(roles.map(\.rawValue)), "What he is to the gateway; set by admins."),
            .init("max_parallel_requests", .count, "Requests at once."),
            .init("tpm_limit", .count, "Tokens in any 60 s."),
            .init("rpm_limit", .count, "Requests in any 60 s."),
            .init("spend", .money, "What he spent so far; set by admins."),
            .init("allowed_cache_controls", .strings, "Cache settings that his requests may carry."),
            .init("policies", .strings, "Policies that hold for his requests."),
            .init("object_permission", .object, "What else he may use."),
            .init("mcp_rpm_limit", .counts, "Calls of MCP servers in any 60 s, by server."),
            .init("tag_rpm_limit", .counts, "Requests in any 60 s, by tag."),
            .init("guardrails", .strings, "Guardrails that his requests pass."),
            .init("prompts", .strings, "Prompts that he may use."),
            SharedFields.models, SharedFields.metadata,
        ] + SharedFields.budget + SharedFields.modelLimits

    /// What goes to the key that is made for a new user.
    private static let ofKey: [FormField] = [
        .init("auto_create_key", .bool, "Make a key as well; true when it is left out."),
        .init("key_alias", .string, "The key's name."),
        .init("duration", .duration, "The key ends after this time."),
        .init("team_id", .string, "The key belongs to this team."),
        .init("agent_id", .string, "The key belongs to this agent."),
        .init("aliases", .object, "Other names for models that the key uses."),
        .init("config", .object, "Settings of the key."),
        .init("permissions", .object, "What else the key may do."),
        .init("blocked", .bool, "The key is refused until it is unblocked."),
        .init("budget_fallbacks", .object, "Cheaper models for when the budget is used up."),
    ]

    package static let new = Form(
        settings + ofKey + [
            .init("user_id", .string, "Made up when it is left out."),
            .init("sso_user_id", .string, "The id that his identity provider knows him by."),
            .init("teams", .list, "Ids of teams, or {\"team_id\", \"user_role\", \"max_budget_in_team\"}."),
            .init("organizations", .strings, "Organizations that he becomes a member of."),
            .init("send_invite_email", .bool, "Taken, and without effect: no mail is sent."),
        ])
    package static let update = Form(
        settings + [.init("user_id", .string, "The user; or his user_email."), .init("sso_user_id", .string)])
    package static let bulkUpdate = Form([
        .init("users", .list, "Requests as for /user/update, at most 500."),
        .init("all_users", .bool, "Change everybody by user_updates."),
        .init("user_updates", .object, "A request as for /user/update without user_id and user_email."),
    ])
    package static let info = Form([
        .init("user_id", .string, "The user; he who asks when it is left out."),
        .init("user_email", .string, "The same by e-mail."),
    ])
    package static let list = Form(
        Pages.fields + [
            .init("role", .choice(roles.map(\.rawValue))), .init("user_ids", .string, "Ids, separated by commas."),
            .init("sso_user_ids", .string, "Ids of the identity provider, separated by commas."),
            .init("user_email", .string, "Part of an e-mail."), .init("search", .string, "Part of an id or e-mail."),
            .init("team", .string, "Members of this team."),
            .init("organization_ids", .string, "Members of these organizations, separated by commas."),
            .init(
                "sort_by", .string, "user_id, user_email, created_at, updated_at, spend, user_alias or user_role."),
            .init("sort_order", .string, "asc or desc; asc with sort_by, else the newest first."),
        ])
    package static let delete = Form([.init("user_ids", .strings, required: true, "The users, at most 1000.")])
}
