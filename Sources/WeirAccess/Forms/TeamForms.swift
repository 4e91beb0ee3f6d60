import WeirCore

/// The fields of `/team/*`.
package enum TeamForms {
    /// What a team has, and may be changed.
    private static let settings: [FormField] =
        [
            .init("team_alias", .string, "A name for people."),
            .init("organization_id", .string, "The organization that it belongs to."),
            .init("blocked", .bool, "Requests with its keys are refused."),
            .init("model_aliases", .object, "Other names for models that its keys use."),
            .init("team_member_permissions", .strings, "What members who are no admins may do with its keys."),
            .init("default_team_member_models", .strings, "Models that new members may call."),
            .init("allow_team_guardrail_config", .bool, "Its admins may choose its guardrails."),
            .init("mcp_rpm_limit", .counts, "Calls of MCP servers in any 60 s, by server."),
            .init("tag_rpm_limit", .counts, "Requests in any 60 s, by tag."),
            .init("allowed_passthrough_routes", .strings, "Routes of providers that its keys may use."),
            .init("denied_passthrough_routes", .strings, "Routes of providers that its keys may not use."),
            .init("require_trace_id", .bool, "Requests must carry a trace id."),
            .init("secret_manager_settings", .object, "Where its secrets are kept."),
            .init("default_estimated_output_tokens", .count, "Tokens of an answer, for what is taken ahead."),
            .init("default_estimated_output_tokens_per_model", .counts, "The same by model."),
            .init("allowed_vector_store_indexes", .list, "Indexes that its keys may use."),
            .init("logging", .list, "Where its requests are logged besides."),
            .init("team_member_budget", .money, "What each member may spend in it."),
            .init("team_member_budget_duration", .duration, "What members spent is forgotten after this time."),
            .init("team_member_rpm_limit", .count, "Requests of each member in any 60 s."),
            .init("team_member_tpm_limit", .count, "Tokens of each member in any 60 s."),
            .init("team_member_key_duration", .duration, "Keys of members end after this time."),
            .init("team_member_model_max_budget", .object, "Budgets of each member for single models."),
            SharedFields.models, SharedFields.metadata,
        ] + SharedFields.budget + SharedFields.limits + SharedFields.modelLimits + SharedFields.limitTypes
        + SharedFields.marks + SharedFields.carried

    package static let new = Form(
        settings + [
            .init("team_id", .string, "Made up when it is left out."),
            .init("admins", .strings, "Ids of users who become its admins."),
            .init("members", .strings, "Ids of users who become its members."),
            .init("members_with_roles", .list, "Who belongs to it: {\"role\": \"admin|user\", \"user_id\"}."),
        ])
    package static let update = Form(settings + [.init("team_id", .string, required: true, "The team.")])
    /// The team is named in the path.
    package static let patch = Form(settings + [.init("team_id", .string, "The team, as in the path.")])
    package static let info = Form([
        .init("team_id", .string, "The team; that of the key when it is left out."),
        .init("key_limit", .count, "How many of its keys are shown; 1000 at most."),
    ])
    package static let id = Form([.init("team_id", .string, required: true, "The team.")])
    package static let delete = Form([.init("team_ids", .strings, required: true, "The teams, at most 1000.")])
    package static let models = Form([
        .init("team_id", .string, required: true, "The team."),
        .init("models", .strings, required: true, "The models."),
    ])
    package static let permissions = Form([
        .init("team_id", .string, required: true, "The team."),
        .init("team_member_permissions", .strings, required: true, "Routes of /key that members may use."),
    ])
    package static let permissionsOfMany = Form([
        .init("permissions", .strings, required: true, "Routes of /key that members may use besides."),
        .init("team_ids", .strings, "The teams, at most 1000."),
        .init("apply_to_all_teams", .bool, "All teams."),
    ])
    package static let list = Form(
        Pages.fields + [
            .init("user_id", .string, "Teams of this user."),
            .init("organization_id", .string, "Teams of this organization."),
        ])
    package static let listV2 = Form(
        list.fields + [
            .init("team_id", .string, "The team."), .init("team_alias", .string, "Part of an alias."),
            .init("search", .string, "Part of an id or alias."),
            .init("search_team_id_match", .choice(["exact", "contains"])),
            .init("sort_by", .string, "team_id, team_alias, created_at, updated_at or spend."),
            .init("sort_order", .string, "asc or desc; asc with sort_by, else the newest first."),
            .init("status", .choice(["active", "deleted"])),
        ])

    // MARK: Members

    /// What a member may spend and do in the team.
    static let memberLimits: [FormField] = [
        .init("max_budget_in_team", .money, "What he may spend in it."),
        .init("budget_duration", .duration, "What he spent is forgotten after this time."),
        .init("tpm_limit", .count, "His tokens in any 60 s."), .init("rpm_limit", .count, "His requests in any 60 s."),
        .init("allowed_models", .strings, "The models that he may call in it."),
        .init("temp_budget_increase", .money, "This much more, until temp_budget_expiry."),
        .init("temp_budget_expiry", .moment, "When temp_budget_increase ends."),
        .init("model_max_budget", .object, "His budgets for single models."),
    ]
    /// An entry of `teams` of a new user.
    static let place = Form(
        memberLimits + [.init("team_id", .string, required: true), .init("user_role", .choice(["user", "admin"]))])
    /// One of `members_with_roles`, `member` or `members`.
    static let member = Form([
        .init("role", .choice(["admin", "user"]), required: true), .init("user_id", .string),
        .init("user_email", .string),
    ])
    package static let memberAdd = Form(
        memberLimits + [
            .init("team_id", .string, required: true, "The team."),
            .init("member", .any, required: true, "{\"role\", \"user_id\" or \"user_email\"}, or a list of them."),
        ])
    package static let bulkMemberAdd = Form(
        memberLimits + [
            .init("team_id", .string, required: true, "The team."),
            .init("members", .list, "Each {\"role\", \"user_id\" or \"user_email\"}, at most 500."),
            .init("all_users", .bool, "Everybody becomes a member."),
        ])
    package static let memberUpdate = Form(
        memberLimits + [
            .init("team_id", .string, required: true, "The team."), .init("user_id", .string, "The member."),
            .init("user_email", .string, "The member by e-mail."), .init("role", .choice(["admin", "user"])),
        ])
    package static let memberDelete = Form([
        .init("team_id", .string, required: true, "The team."), .init("user_id", .string, "The member."),
        .init("user_email", .string, "The member by e-mail."),
    ])
}
