import WeirCore

/// Budgets that are made for one holder: an organisation, a customer, a tag, a member of a team. They change and go with
/// him; a budget that he merely shares is never changed through him.
struct BudgetRows {
    /// Whom a budget was made for. Kept in its document as `held_by`, and never shown.
    enum Holder {
        case entity(EntityKind, String)
        case member(Membership.Owner, String, user: String)

        var value: JSONValue {
            switch self {
            case .entity(let kind, let id): ["kind": .string(kind.rawValue), "id": .string(id)]
            case .member(let owner, let id, let user):
                ["kind": .string("\(owner.rawValue)_member"), "id": .string(id), "user_id": .string(user)]
            }
        }
    }

    static let settings = BudgetForms.settings.map(\.name)

    let desk: Desk
    let session: any StoreSession
    let requester: Requester

    /// Whether `body` sets anything that belongs into a budget.
    static func hasSettings(_ body: JSONObject) -> Bool { settings.contains { body.value($0) != nil } }
    static func namesSettings(_ body: JSONObject) -> Bool { settings.contains { body[$0] != nil } }

    func document(_ body: JSONObject, over existing: JSONObject = JSONObject()) throws(OfficeFault) -> JSONObject {
        try BudgetFields.check(body.keeping(Self.settings), at: desk.now)
        let document = RequestDraft.timed(
            RequestDraft.document(body.keeping(Self.settings), over: existing, kept: Self.settings), body, of: .budgets,
            desk)
        try RequestDraft.checkBudgets(document)
        return document
    }

    /// A new budget with what `body` sets.
    func make(_ body: JSONObject, id: String? = nil, heldBy holder: Holder?) throws -> Entity {
        var document = try document(body)
        if let holder { document["held_by"] = holder.value }
        let entity = desk.entity(.budgets, id ?? desk.newID(), document, by: requester)
        try session.insert(entity)
        return entity
    }

    /// The id of the budget that holds `body`'s settings from now on: the old one when it was made for `holder`, else one of
    /// his own with what the shared one said. Nil when there was none and nothing is set.
    func change(_ id: String?, heldBy holder: Holder, _ body: JSONObject) throws -> String? {
        guard Self.namesSettings(body) else { return id }
        guard let id, let old = try session.entityForUpdate(.budgets, id) else {
            return Self.hasSettings(body) ? try make(body, heldBy: holder).id : nil
        }
        var document = try document(body, over: old.document)
        if old.document["held_by"] == holder.value {
            try session.update(desk.changed(old, document, by: requester))
            return id
        }
        document["held_by"] = holder.value
        let own = desk.entity(.budgets, desk.newID(), document, by: requester)
        try session.insert(own)
        return own.id
    }

    /// Deletes those of `ids` that were made for `holder`.
    func drop(_ id: String?, heldBy holder: Holder) throws {
        guard let id, let budget = try session.entity(.budgets, id), budget.document["held_by"] == holder.value else {
            return
        }
        try session.delete(.budgets, ids: [id])
    }

    /// Deletes the budgets that were made for these members.
    func drop(of members: [Membership]) throws {
        let ids = members.compactMap { $0.document.string("budget_id") }
        if ids.isEmpty { return }
        let holders = Dictionary(
            members.map { ($0.document.string("budget_id") ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        let own = try session.entities(.budgets, ids: Array(Set(ids))).filter { budget in
            guard let member = holders[budget.id] else { return false }
            return budget.document["held_by"]
                == Holder.member(member.owner, member.ownerID, user: member.userID).value
        }
        if !own.isEmpty { try session.delete(.budgets, ids: own.map(\.id)) }
    }

    /// Throws 404 when there is no budget `id`.
    func require(_ id: String) throws -> Entity {
        guard let budget = try session.entity(.budgets, id) else {
            throw OfficeFault.notFound("Budget \(id) does not exist. Make it with /budget/new.")
        }
        return budget
    }

    /// Where the budget is used, in words; empty where it is not.
    func uses(of budget: Entity) throws -> [String] {
        var uses: [String] = []
        let words: [(EntityKind, String)] = [
            (.keys, "keys"), (.organizations, "organizations"), (.customers, "customers"), (.tags, "tags"),
        ]
        for (kind, word) in words {
            let count = try session.count(kind, [.equals(.budgetID, budget.id)])
            if count > 0 { uses.append("\(count) \(count == 1 ? String(word.dropLast()) : word)") }
        }
        if let member = try holdingMember(of: budget) { uses.append(member) }
        return uses
    }

    /// Memberships have no column for their budget; it tells itself whose it is.
    private func holdingMember(of budget: Entity) throws -> String? {
        guard let held = budget.document.object("held_by"), let id = held.string("id") else { return nil }
        switch held.string("kind") {
        case "teams":
            let team = try session.entity(.teams, id)
            return team?.document.object("metadata")?.string("team_member_budget_id") == budget.id
                ? "the members of team \(id)" : nil
        case "team_member": return try member(.team, id, held.string("user_id"), budget.id)
        case "organization_member": return try member(.organization, id, held.string("user_id"), budget.id)
        default: return nil
        }
    }

    private func member(_ owner: Membership.Owner, _ id: String, _ user: String?, _ budget: String) throws -> String? {
        guard let user, try session.membership(owner, id, user: user)?.document.string("budget_id") == budget else {
            return nil
        }
        return "member \(user) of \(owner.rawValue) \(id)"
    }
}

extension JSONObject {
    /// Only the members with these names.
    func keeping(_ names: [String]) -> JSONObject {
        let names = Set(names)
        return JSONObject(members.filter { names.contains($0.name) })
    }
}
