import WeirCore

/// Keys as LiteLLM's answers show them: the same members, in the same order. At 1.109, members that are null are left out.
struct KeyAnswer: Sendable {
    let compat: Compat

    /// `/key/generate`, `/key/regenerate`: the only answers in which a key stands.
    func issued(_ entity: Entity, key: Secret) -> JSONObject {
        var answer = members(Self.issuedNames, of: entity, zone: "Z")
        answer["key"] = .string(key.revealed())
        answer["router_settings"] = .object(
            Self.routerSettings.merging(entity.document.object("router_settings") ?? JSONObject()))
        for name in ["soft_budget", "policies", "auto_rotate", "rotation_interval"] {
            if let value = entity.document.value(name) { answer[name] = value }
        }
        return answer
    }

    /// The `info` of `/key/info`. `budget` is the one that the key names.
    func info(_ entity: Entity, at now: Int64, budget: Entity? = nil) -> JSONObject {
        var answer = row(entity, Self.columns, zone: "+00:00")
        if let budget { answer["litellm_budget_table"] = .object(Self.table(of: budget)) }
        answer["status"] = .string(KeyState(of: entity, at: now).rawValue)
        return answer
    }

    /// `/key/update`: the row, behind the key as it was asked for.
    func updated(_ entity: Entity, asked key: String) -> JSONObject {
        let start: JSONObject = ["key": .string(key), "token": .string(entity.id)]
        return start.merging(row(entity, Self.columns, zone: "+00:00"))
    }

    /// `/v2/key/info`.
    func infoWithToken(_ entity: Entity, at now: Int64) -> JSONObject {
        let start: JSONObject = ["token": .string(entity.id)]
        return start.merging(info(entity, at: now))
    }

    /// `/key/block` and `/key/unblock`.
    func state(_ entity: Entity) -> JSONObject { row(entity, Self.stateNames, zone: "Z") }

    /// One of `/key/list`. `team` is the key's; `user` the one it belongs to, where he is asked for.
    func listed(_ entity: Entity, team: Entity?, user: Entity?) -> JSONObject {
        var answer = state(entity)
        let alias = team?.document["team_alias"] ?? .null
        if compat == .v1_83 || !alias.isNull { answer["team_alias"] = alias }
        answer["team_models"] = team?.document["models"] ?? []
        answer["team_blocked"] = .bool(team?.document.bool("blocked") ?? false)
        answer["is_session_token"] = false
        if let user {
            answer["user"] = .object(
                JSONObject(
                    [.init("user_id", .string(user.id))]
                        + ["user_email", "user_alias", "user_role"].map { .init($0, user.document[$0] ?? .null) }))
        }
        return answer
    }

    // MARK: Members

    /// The members named, and behind them all that the document has besides.
    private func row(_ entity: Entity, _ names: [String], zone: String) -> JSONObject {
        var answer = members(names, of: entity, zone: zone)
        let known = Set(names)
        for member in entity.document.members where !known.contains(member.name) {
            answer[member.name] = member.value
        }
        return answer
    }

    private func members(_ names: [String], of entity: Entity, zone: String) -> JSONObject {
        var members: [JSONObject.Member] = []
        for name in names {
            let value = Self.value(name, of: entity, zone: zone)
            if compat == .v1_83 || !value.isNull { members.append(.init(name, value)) }
        }
        return JSONObject(members)
    }

    private static func value(_ name: String, of entity: Entity, zone: String) -> JSONValue {
        let document = entity.document
        switch name {
        case "token", "token_id": return .string(entity.id)
        // Its place: the key itself is put there by who knows it.
        case "key": return ""
        case "spend": return .money(entity.spend)
        case "total_spend": return .money(document.money("total_spend") ?? entity.spend)
        case "created_at": return .string(AnswerMoment.text(entity.createdAt, zone: zone))
        case "updated_at": return .string(AnswerMoment.text(entity.updatedAt, zone: zone))
        case "created_by": return entity.createdBy.isEmpty ? .null : .string(entity.createdBy)
        case "updated_by": return entity.updatedBy.isEmpty ? .null : .string(entity.updatedBy)
        case "soft_budget_cooldown", "auto_rotate": return document[name] ?? false
        case "rotation_count": return document[name] ?? 0
        case "metadata": return .object(shown(document.object("metadata") ?? JSONObject()))
        case _ where moments.contains(name):
            return document.int(name).map { .string(AnswerMoment.text(Int64($0), zone: zone)) } ?? .null
        case _ where lists.contains(name): return document[name] ?? []
        case _ where objects.contains(name): return document[name] ?? [:]
        default: return document[name] ?? .null
        }
    }

    private static func shown(_ metadata: JSONObject) -> JSONObject {
        var metadata = metadata
        if let moment = metadata.int("temp_budget_expiry") {
            metadata["temp_budget_expiry"] = .string(AnswerMoment.text(Int64(moment)))
        }
        return metadata
    }

    private static func table(of budget: Entity) -> JSONObject {
        let names = ["soft_budget", "max_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration"]
        return JSONObject(
            [.init("budget_id", .string(budget.id))] + names.map { .init($0, budget.document[$0] ?? .null) })
    }

    private static let moments: Set<String> = [
        "expires", "budget_reset_at", "settings_updated_at", "last_active", "last_rotation_at", "key_rotation_at",
    ]
    private static let lists: Set<String> = [
        "models", "allowed_cache_controls", "allowed_routes", "policies", "access_group_ids",
    ]
    private static let objects: Set<String> = [
        "aliases", "config", "permissions", "model_spend", "model_max_budget", "budget_fallbacks", "router_settings",
    ]

    private static let issuedNames = [
        "key_alias", "duration", "models", "spend", "max_budget", "user_id", "team_id", "agent_id",
        "max_parallel_requests", "metadata", "tpm_limit", "rpm_limit", "budget_duration", "budget_limits",
        "allowed_cache_controls", "config", "permissions", "model_max_budget", "budget_fallbacks", "model_rpm_limit",
        "model_tpm_limit", "mcp_rpm_limit", "tag_rpm_limit", "guardrails", "prompts", "blocked", "aliases",
        "object_permission", "key", "tpd_limit", "budget_id", "end_user_budget_id", "tags", "enforced_params",
        "allowed_routes", "allowed_passthrough_routes", "rpm_limit_type", "tpm_limit_type", "router_settings",
        "access_group_ids", "key_name", "key_type", "expires", "token_id", "organization_id", "project_id",
        "litellm_budget_table", "token", "created_by", "updated_by", "created_at", "updated_at",
    ]

    /// In the order of LiteLLM's table.
    private static let columns = [
        "key_name", "key_alias", "soft_budget_cooldown", "spend", "total_spend", "expires", "models", "aliases",
        "config", "router_settings", "user_id", "team_id", "agent_id", "project_id", "permissions",
        "max_parallel_requests", "metadata", "blocked", "tpm_limit", "rpm_limit", "tpd_limit", "max_budget",
        "budget_duration", "budget_reset_at", "allowed_cache_controls", "allowed_routes", "key_type", "policies",
        "access_group_ids", "model_spend", "model_max_budget", "budget_fallbacks", "budget_id", "organization_id",
        "object_permission_id", "created_at", "created_by", "updated_at", "updated_by", "settings_updated_at",
        "last_active", "rotation_count", "auto_rotate", "rotation_interval", "last_rotation_at", "key_rotation_at",
        "budget_limits", "litellm_budget_table", "litellm_organization_table", "object_permission",
    ]

    private static let stateNames = [
        "token", "key_name", "key_alias", "spend", "total_spend", "max_budget", "expires", "models", "aliases",
        "config", "user_id", "team_id", "agent_id", "project_id", "max_parallel_requests", "metadata", "tpm_limit",
        "rpm_limit", "tpd_limit", "budget_duration", "budget_reset_at", "allowed_cache_controls", "allowed_routes",
        "key_type", "permissions", "model_spend", "model_max_budget", "budget_fallbacks", "soft_budget_cooldown",
        "blocked", "budget_id", "litellm_budget_table", "organization_id", "created_at", "created_by", "updated_at",
        "updated_by", "settings_updated_at", "last_active", "object_permission_id", "object_permission",
        "access_group_ids", "rotation_count", "auto_rotate", "rotation_interval", "last_rotation_at",
        "key_rotation_at", "router_settings", "budget_limits",
    ]

    /// What LiteLLM writes out for a key without settings of its own.
    private static let routerSettings = JSONObject(
        [
            "routing_strategy_args", "routing_strategy", "routing_groups", "retry_policy", "model_group_retry_policy",
            "model_group_affinity_config", "allowed_fails", "cooldown_time", "num_retries", "timeout", "max_retries",
            "retry_after", "fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "model_group_alias",
            "enable_tag_filtering", "weights", "tag_routing_prefix", "optional_pre_call_checks",
            "fallback_on_unsupported_params",
        ].map { .init($0, $0 == "model_group_alias" ? [:] : .null) })
}
