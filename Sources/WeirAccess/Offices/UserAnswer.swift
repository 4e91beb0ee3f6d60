import WeirCore

/// Users as LiteLLM shows them.
enum UserAnswer {
    /// Behind `user_info`, with what is asked of relations that no answer fills.
    private static let row = RecordShape(
        id: "user_id",
        [
            "user_id": nil, "user_alias": nil, "team_id": nil, "sso_user_id": nil, "organization_id": nil,
            "object_permission_id": nil, "password_reset_required": nil, "last_breach_check_at": nil, "teams": [],
            "user_role": nil, "max_budget": nil, "spend": nil, "user_email": nil, "models": [], "metadata": [:],
            "max_parallel_requests": nil, "tpm_limit": nil, "rpm_limit": nil, "budget_duration": nil,
            "budget_reset_at": nil, "allowed_cache_controls": [], "policies": [], "model_spend": [:],
            "model_max_budget": [:], "created_at": nil, "updated_at": nil,
        ])

    /// The row alone, as lists and other offices show it.
    static func row(_ user: Entity, teams: [String], adding: JSONObject = JSONObject()) -> JSONObject {
        let teams: JSONObject = ["teams": .strings(teams)]
        return row.show(user, adding: teams.merging(adding))
    }

    /// As a member who was just added is shown.
    static func added(_ user: Entity, teams: [String]) -> JSONObject {
        row(
            user, teams: teams,
            adding: [
                "organization_memberships": nil, "object_permission": user.document.value("object_permission") ?? nil,
            ])
    }

    /// `user_info` of `/user/info`.
    static func info(_ user: Entity, teams: [String], organizations: [Membership]) -> JSONObject {
        let shown = row(
            user, teams: teams,
            adding: [
                "litellm_organization_table": nil,
                "organization_memberships": .array(organizations.map { .object(OrganizationAnswer.membership($0)) }),
                "invitations_created": nil, "invitations_updated": nil, "invitations_user": nil,
                "object_permission": user.document.value("object_permission") ?? nil, "model_max_budget_usage": [:],
            ])
        return JSONObject([.init("verified_subjects", nil)] + shown.members)
    }

    // MARK: A new one

    private static let made = RecordShape(
        id: "user_id",
        [
            "key_alias": nil, "duration": nil, "models": [], "spend": nil, "max_budget": nil, "user_id": nil,
            "team_id": nil, "agent_id": nil, "max_parallel_requests": nil, "metadata": [:], "tpm_limit": nil,
            "rpm_limit": nil, "budget_duration": nil, "budget_limits": nil, "allowed_cache_controls": [],
            "config": [:], "permissions": [:], "model_max_budget": [:], "budget_fallbacks": [:],
            "model_rpm_limit": nil, "model_tpm_limit": nil, "guardrails": nil, "policies": nil, "prompts": nil,
            "blocked": nil, "aliases": [:], "object_permission": nil, "key": nil, "allowed_routes": [],
            "router_settings": nil, "access_group_ids": [], "key_name": nil, "expires": nil, "token_id": nil,
            "organization_id": nil, "created_at": nil, "updated_at": nil, "user_email": nil, "user_role": nil,
            "teams": nil, "user_alias": nil,
        ])
    /// What LiteLLM 1.109 answers for settings of the router that nobody gave.
    private static let noRouterSettings: JSONObject = JSONObject(
        [
            "routing_strategy_args", "routing_strategy", "routing_groups", "retry_policy",
            "model_group_retry_policy", "model_group_affinity_config", "allowed_fails", "cooldown_time",
            "num_retries", "timeout", "max_retries", "retry_after", "fallbacks", "context_window_fallbacks",
            "content_policy_fallbacks", "model_group_alias", "enable_tag_filtering", "weights", "tag_routing_prefix",
            "optional_pre_call_checks", "fallback_on_unsupported_params",
        ].map { .init($0, $0 == "model_group_alias" ? [:] : nil) })

    /// The answer of `/user/new`, the only one that shows the key.
    static func made(
        _ user: Entity, body: JSONObject, key: (entity: Entity, key: Secret)?, teams: [String], _ compat: Compat
    ) -> JSONObject {
        var adding: JSONObject = ["router_settings": .object(noRouterSettings)]
        for name in ["key_alias", "duration", "team_id", "agent_id", "config", "permissions", "aliases"] {
            if let value = body.value(name) { adding[name] = value }
        }
        if let key {
            adding["key"] = .string(key.key.revealed())
            adding["key_name"] = key.entity.document["key_name"]
            if let expires = key.entity.document.int("expires") {
                adding["expires"] = RecordShape.moment(Int64(expires))
            }
            if compat == .v1_83 { adding["token_id"] = .string(key.entity.id) }
        }
        if !teams.isEmpty { adding["teams"] = .strings(teams) }
        for name in ["model_rpm_limit", "model_tpm_limit", "guardrails", "prompts", "blocked"] {
            if let value = body.value(name) { adding[name] = value }
        }
        return made.show(user, keepsNulls: compat == .v1_83, adding: adding)
    }

    // MARK: Keys

    private static let key = RecordShape(
        id: "token",
        [
            "token": nil, "key_name": nil, "key_alias": nil, "soft_budget_cooldown": false, "spend": nil,
            "total_spend": nil, "expires": nil, "models": [], "aliases": [:], "config": [:], "router_settings": [:],
            "user_id": nil, "team_id": nil, "agent_id": nil, "project_id": nil, "permissions": [:],
            "max_parallel_requests": nil, "metadata": [:], "blocked": nil, "tpm_limit": nil, "rpm_limit": nil,
            "tpd_limit": nil, "max_budget": nil, "budget_duration": nil, "budget_reset_at": nil,
            "allowed_cache_controls": [], "allowed_routes": [], "key_type": nil, "policies": [],
            "access_group_ids": [], "model_spend": [:], "model_max_budget": [:], "budget_fallbacks": [:],
            "budget_id": nil, "organization_id": nil, "object_permission_id": nil, "created_at": nil,
            "created_by": nil, "updated_at": nil, "updated_by": nil, "rotation_count": 0, "auto_rotate": false,
            "rotation_interval": nil, "last_rotation_at": nil, "key_rotation_at": nil, "budget_limits": nil,
        ])

    /// A key as `/user/info` and `/team/info` list it.
    static func key(_ entity: Entity, teamAlias: String?, _ compat: Compat) -> JSONObject {
        key.show(
            entity, keepsNulls: compat == .v1_83,
            // LiteLLM writes Python's `None` here, as text.
            adding: ["team_alias": .string(teamAlias ?? "None")])
    }
}
