import WeirCore

/// Teams as LiteLLM shows them.
enum TeamAnswer {
    private static let row = RecordShape(
        id: "team_id",
        [
            "team_alias": nil, "team_id": nil, "organization_id": nil, "admins": [], "members": [],
            "members_with_roles": [], "team_member_permissions": [], "metadata": [:], "tpm_limit": nil,
            "rpm_limit": nil, "tpd_limit": nil, "max_budget": nil, "soft_budget": nil, "budget_duration": nil,
            "budget_limits": nil, "models": [], "blocked": false, "router_settings": [:], "access_group_ids": [],
            "default_team_member_models": [], "spend": nil, "max_parallel_requests": nil, "budget_reset_at": nil,
            "model_id": nil, "model_spend": [:], "model_max_budget": [:], "policies": [],
            "allow_team_guardrail_config": false, "litellm_model_table": nil, "object_permission": nil,
            "object_permission_id": nil, "updated_at": nil, "created_at": nil,
        ])

    /// A member of a team, with what is known of his user.
    struct Member {
        let membership: Membership
        let user: Entity?

        /// As in `members_with_roles`.
        func shown(withAlias: Bool) -> JSONValue {
            var shown: JSONObject = [
                "user_id": .string(membership.userID), "user_email": user?.document.value("user_email") ?? nil,
                "role": .string(membership.role),
            ]
            if withAlias { shown["user_alias"] = user?.document.value("user_alias") ?? JSONValue.null }
            return .object(shown)
        }
    }

    /// The members of a team, in the order of their ids; those who are admins last, as LiteLLM adds the creator.
    static func members(of team: Entity, _ session: any StoreSession) throws(StoreFault) -> [Member] {
        let memberships = try session.members(.team, of: team.id)
        if memberships.isEmpty { return [] }
        let users = try session.entities(.users, ids: memberships.map(\.userID))
        let byID = Dictionary(users.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return memberships.map { Member(membership: $0, user: byID[$0.userID]) }
            .sorted {
                ($0.membership.role == "admin" ? 1 : 0, $0.membership.userID)
                    < ($1.membership.role == "admin" ? 1 : 0, $1.membership.userID)
            }
    }

    /// The row, as most routes answer it.
    static func row(_ team: Entity, members: [Member], adding: JSONObject = JSONObject()) -> JSONObject {
        var added: JSONObject = ["members_with_roles": .array(members.map { $0.shown(withAlias: false) })]
        if let aliases = team.document.value("model_aliases") {
            added["litellm_model_table"] = ["model_aliases": aliases]
        }
        return row.show(team, adding: added.merging(adding))
    }

    /// `team_info` of `/team/info`. LiteLLM 1.109 leaves out what is null here.
    static func info(
        _ team: Entity, members: [Member], access: String, _ compat: Compat
    ) -> JSONObject {
        var added: JSONObject = [
            "members_with_roles": .array(members.map { $0.shown(withAlias: true) }), "model_max_budget_usage": [:],
            "caller_edit_access": ["kind": .string(access)],
        ]
        if let aliases = team.document.value("model_aliases") {
            added["litellm_model_table"] = ["model_aliases": aliases]
        }
        return row.show(team, keepsNulls: compat == .v1_83, adding: added)
    }

    /// One of `team_memberships`.
    static func membership(_ member: Membership, budget: Entity?) -> JSONObject {
        [
            "user_id": .string(member.userID), "team_id": .string(member.ownerID),
            "budget_id": member.document.value("budget_id") ?? nil, "spend": .money(member.spend),
            "total_spend": .money(member.spend), "litellm_budget_table": BudgetAnswer.within(budget),
        ]
    }

    /// The same, with where the budget comes from: `none`, `team` for the one that all members have, or `member`.
    static func membership(_ member: Membership, budget: Entity?, of team: Entity) -> JSONObject {
        let shared = team.document.object("metadata")?.string("team_member_budget_id")
        let source = budget == nil ? "none" : budget?.id == shared ? "team" : "member"
        return membership(member, budget: budget).merging(["budget_source": .string(source)])
    }
}
