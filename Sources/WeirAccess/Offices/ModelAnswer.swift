import WeirCore

/// Deployments as LiteLLM shows them.
enum ModelAnswer {
    /// A row of its table, as the routes that change something answer: secrets masked.
    static func stored(_ entity: Entity, _ desk: Desk, _ session: any StoreSession) throws -> JSONObject {
        let shown = try DocumentSeal(desk.vault, entity).masked(entity.document, session)
        var info: JSONObject = ["id": .string(entity.id), "db_model": false]
        if desk.policy.compat == .v1_109 { info["member_auto_router"] = false }
        return [
            "model_id": .string(entity.id),
            "model_name": .string(shown.string("model_name") ?? ""),
            "litellm_params": .object(params(shown.object("litellm_params") ?? JSONObject(), desk.policy.compat)),
            "model_info": .object(info.merging(shown.object("model_info") ?? JSONObject())),
            "blocked": .bool(shown.bool("blocked") ?? false),
            "created_at": .string(AnswerMoment.text(entity.createdAt)),
            "created_by": .string(entity.createdBy),
            "updated_at": .string(AnswerMoment.text(entity.updatedAt)),
            "updated_by": .string(entity.updatedBy),
        ]
    }

    /// One of `/model/info`: nothing secret, not even masked.
    static func listed(_ row: ModelRow, _ compat: Compat) -> JSONObject {
        var info: JSONObject = ["id": .string(row.id), "db_model": .bool(row.isStored)]
        if compat == .v1_109 {
            info["member_auto_router"] = false
            info["pricing_overrides"] = []
        }
        info = info.merging(DocumentSeal.bare(row.info))
        info["db_model"] = .bool(row.isStored)
        if !row.groups.isEmpty { info["access_groups"] = .strings(row.groups) }
        if row.isStored {
            info["blocked"] = .bool(row.isBlocked)
            info["created_at"] = row.createdAt.map { .string(AnswerMoment.text($0)) }
            info["updated_at"] = row.updatedAt.map { .string(AnswerMoment.text($0)) }
            info["created_by"] = row.createdBy.map { .string($0) }
        }
        info["access_via_team_ids"] = .strings(row.team.map { [$0] } ?? [])
        info["direct_access"] = .bool(row.team == nil)
        return [
            "model_name": .string(row.name),
            "litellm_params": .object(params(DocumentSeal.bare(row.params), compat)),
            "model_info": .object(info),
        ]
    }

    /// With what LiteLLM adds to every deployment.
    private static func params(_ given: JSONObject, _ compat: Compat) -> JSONObject {
        let defaults =
            compat == .v1_109
            ? [
                "use_xai_oauth", "use_litellm_proxy", "use_in_pass_through", "allow_client_keepalive_override",
                "merge_reasoning_content_in_choices",
            ] : ["use_litellm_proxy", "use_in_pass_through", "merge_reasoning_content_in_choices"]
        var params = given
        for name in defaults where params[name] == nil { params[name] = false }
        return params
    }
}
