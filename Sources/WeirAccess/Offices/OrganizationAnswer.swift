import WeirCore

/// Organisations as LiteLLM shows them.
enum OrganizationAnswer {
    private static let row = RecordShape(
        id: "organization_id",
        [
            "organization_id": nil, "organization_alias": nil, "budget_id": nil, "spend": nil, "metadata": [:],
            "models": [], "model_spend": [:], "created_by": nil, "updated_by": nil, "created_at": nil,
            "updated_at": nil, "object_permission_id": nil, "object_permission": nil,
        ])

    static func row(_ organization: Entity) -> JSONObject { row.show(organization) }

    /// With its budget, members and teams.
    static func full(
        _ organization: Entity, budget: Entity?, members: [JSONValue], teams: [JSONValue]
    ) -> JSONObject {
        row.show(
            organization,
            adding: [
                "litellm_budget_table": BudgetAnswer.within(budget), "members": .array(members), "teams": .array(teams),
                "users": [],
            ])
    }

    /// Somebody's place in an organisation.
    static func membership(
        _ member: Membership, user: Entity? = nil, budget: Entity? = nil
    ) -> JSONObject {
        [
            "user_id": .string(member.userID), "organization_id": .string(member.ownerID),
            "user_role": .string(member.role), "spend": .money(member.spend),
            "budget_id": member.document.value("budget_id") ?? .null, "created_at": moment("created_at", member),
            "updated_at": moment("updated_at", member),
            "user_email": user?.document.value("user_email") ?? .null,
            "litellm_budget_table": BudgetAnswer.within(budget),
        ]
    }

    private static func moment(_ name: String, _ member: Membership) -> JSONValue {
        member.document.int(name).map { RecordShape.moment(Int64($0)) } ?? .null
    }
}
