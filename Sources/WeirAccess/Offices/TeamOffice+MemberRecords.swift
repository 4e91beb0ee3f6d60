import WeirCore

/// Members of teams within a transaction.
struct TeamMembers {
    /// Somebody who shall become a member.
    struct Wanted: Sendable {
        let role: String
        let id: String?
        let email: String?
    }

    let desk: Desk
    let session: any StoreSession
    let requester: Requester

    // MARK: Reading

    /// Reads one member of a request. Throws 422.
    static func wanted(_ value: JSONValue, _ field: String) throws(OfficeFault) -> Wanted {
        guard let object = value.object else {
            throw .form([.init(field, "dict_type", "Input should be {\"role\", \"user_id\" or \"user_email\"}")])
        }
        let filled = try TeamForms.member.read(object).values
        let id = filled.value("user_id")?.string
        let email = filled.value("user_email")?.string
        guard id?.isEmpty != true, id != nil || email?.isEmpty == false else {
            throw .form([.init(field, "value_error", "Either user_id or user_email must be provided")])
        }
        return Wanted(role: filled.string("role") ?? "user", id: id, email: email)
    }

    /// Those who belong to a team from its beginning: `members_with_roles`, `admins`, `members`.
    static func wanted(atBirth body: JSONObject) throws(OfficeFault) -> [Wanted] {
        var all: [Wanted] = []
        for value in body.value("members_with_roles")?.array ?? [] {
            all.append(try wanted(value, "members_with_roles"))
        }
        for (name, role) in [("admins", "admin"), ("members", "user")] {
            for id in body.strings(name) where !id.isEmpty { all.append(Wanted(role: role, id: id, email: nil)) }
        }
        guard all.count <= TeamOffice.greatestBatchOfMembers else {
            throw .bad(
                "A team is made with at most \(TeamOffice.greatestBatchOfMembers) members.", "members_with_roles")
        }
        return all
    }

    /// With him who makes the team as its admin, unless he is among them.
    func withCreator(_ wanted: [Wanted]) -> [Wanted] {
        guard let creator = requester.userID, !wanted.contains(where: { $0.id == creator }) else { return wanted }
        return wanted + [Wanted(role: "admin", id: creator, email: nil)]
    }

    /// The id of the user who is meant, made when there is none. He who asks needs no record: the master key's has none.
    func person(_ wanted: Wanted, of team: Entity) throws -> String {
        if let id = wanted.id, id == requester.userID { return id }
        return try UserRecords(desk: desk, session: session, requester: requester)
            .ensure(id: wanted.id, email: wanted.email, home: team.document.string("organization_id")).id
    }

    /// The team, for a change. Throws 404.
    func require(_ id: String) throws -> Entity {
        guard let team = try session.entityForUpdate(.teams, id) else {
            guard requester.oversees else { throw OfficeFault.forbidden("You may not change team \(id).") }
            throw TeamOffice.unknown(id)
        }
        return team
    }

    /// The membership that a request means by `user_id` or `user_email`. Throws 404 for who is no member.
    func member(_ body: JSONObject, of team: Entity) throws -> Membership {
        let id = body.value("user_id")?.string
        let email = body.value("user_email")?.string
        guard id != nil || email != nil else {
            throw OfficeFault.bad("Either user_id or user_email must be provided.", "user_id")
        }
        let user =
            try id ?? UserRecords(desk: desk, session: session, requester: requester).find(email: email ?? "")?.id
        guard let user, let member = try session.membership(.team, team.id, user: user) else {
            throw OfficeFault.notFound("User \(id ?? email ?? "") is no member of team \(team.id).")
        }
        return member
    }

    // MARK: Changing

    /// What of `body` is a budget's.
    private static func budget(_ body: JSONObject) -> JSONObject {
        var budget = JSONObject()
        if let most = body["max_budget_in_team"] { budget["max_budget"] = most }
        for name in [
            "budget_duration", "tpm_limit", "rpm_limit", "allowed_models", "temp_budget_increase",
            "temp_budget_expiry", "model_max_budget",
        ] {
            if let value = body[name] { budget[name] = value }
        }
        return budget
    }

    private static let kept = ["allowed_models", "tpm_limit", "rpm_limit"]

    /// Whether these limits can be given to a member of the team.
    func check(_ limits: JSONObject, _ team: Entity) throws(OfficeFault) {
        try checkModels(limits, team)
        _ = try rows.document(Self.budget(limits))
    }

    /// Makes `user` a member. Throws 400 when he is one.
    func add(_ user: String, role: String, to team: Entity, limits: JSONObject) throws -> Membership {
        guard try session.membership(.team, team.id, user: user) == nil else {
            throw OfficeFault(
                400, "User \(user) is already in team \(team.id). Change him with /team/member_update.",
                type: "team_member_already_in_team", param: "user_id")
        }
        var document = RequestDraft.document(limits, kept: Self.kept)
        let standard = team.document.strings("default_team_member_models")
        if document["allowed_models"] == nil, !standard.isEmpty { document["allowed_models"] = .strings(standard) }
        try checkModels(limits, team)
        let budget = Self.budget(limits)
        if BudgetRows.hasSettings(budget) {
            document["budget_id"] = .string(try rows.make(budget, heldBy: holder(user, team)).id)
        } else if let shared = team.document.object("metadata")?.string("team_member_budget_id") {
            document["budget_id"] = .string(shared)
        }
        let member = Membership(owner: .team, ownerID: team.id, userID: user, role: role, document: document)
        try session.put(member)
        try note(team, before: nil, after: member)
        return member
    }

    /// Sets what `body` names of a member.
    func change(_ member: Membership, _ body: JSONObject, of team: Entity) throws -> Membership {
        try checkModels(body, team)
        var changed = member
        changed.role = body.value("role")?.string ?? member.role
        changed.document = RequestDraft.document(body, over: member.document, kept: Self.kept)
        changed.document["budget_id"] = try rows.change(
            member.document.string("budget_id"), heldBy: holder(member.userID, team), Self.budget(body)
        ).map { .string($0) }
        try session.put(changed)
        try note(team, before: member, after: changed)
        return changed
    }

    /// Takes a member out, with his keys of the team and his budget in it.
    func remove(_ member: Membership, from team: Entity) throws {
        try session.remove(.team, team.id, user: member.userID)
        try session.delete(.keys, where: [.equals(.teamID, team.id), .equals(.userID, member.userID)])
        try rows.drop(of: [member])
        try note(team, before: member, after: nil)
    }

    private var rows: BudgetRows { BudgetRows(desk: desk, session: session, requester: requester) }

    private func holder(_ user: String, _ team: Entity) -> BudgetRows.Holder { .member(.team, team.id, user: user) }

    private func checkModels(_ body: JSONObject, _ team: Entity) throws(OfficeFault) {
        let own = team.document.strings("models")
        guard let wanted = body.value("allowed_models")?.strings, !own.isEmpty, !own.contains("all-proxy-models")
        else { return }
        let rights = ModelRights(holder: .team, names: own)
        let extra = wanted.filter { !rights.allow($0, groups: []) }
        guard extra.isEmpty else {
            throw .bad(
                "Team \(team.id) may not call \(extra.joined(separator: ", ")), so no member of it may.",
                "allowed_models")
        }
    }

    private func note(_ team: Entity, before: Membership?, after: Membership?) throws(StoreFault) {
        func shown(_ member: Membership?) -> JSONObject? {
            member.map {
                let own: JSONObject = ["user_id": .string($0.userID), "role": .string($0.role)]
                return ["member": .object(own.merging($0.document))]
            }
        }
        try desk.audit(
            session, requester, "updated", .teams, team.id, before: shown(before), after: shown(after))
    }
}
