import WeirCore

extension KeyOffice {
    // MARK: One key

    /// `POST /key/update`: what the body names is set, what it names with null is taken away.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let requester = request.requester
        let asked = request.body.string("key").flatMap { $0.isEmpty ? nil : $0 }
        let body = try changes(request.body)
        let changed = try await desk.write { session -> Entity in
            let rights = KeyRights(requester: requester, session: session)
            let name = try asked ?? keyNamed(request.body.string("key_alias"), rights)
            let key = try self.key(name, for: .update, rights)
            return try change(key, body, rights)
        }
        return OfficeAnswer(answers.updated(changed, asked: asked ?? changed.id))
    }

    /// A body for a change, checked as far as that goes without the store.
    func changes(_ body: JSONObject) throws(OfficeFault) -> JSONObject {
        // A field that was not filled in changes nothing.
        let body = Self.withoutEmptyIDs(body)
        try KeyRules.check(body, at: desk.now)
        return try terms.bounded(body, fills: false)
    }

    /// What a body may say without setting anything of the key anew.
    private static let aboutReplacing: Set<String> = ["key", "new_key", "grace_period", "new_master_key"]

    static func setsAnew(_ body: JSONObject) -> Bool { body.names.contains { !aboutReplacing.contains($0) } }

    /// The hash of the one key with this alias.
    private func keyNamed(_ alias: String?, _ rights: KeyRights) throws -> String {
        guard let alias else {
            throw OfficeFault.form([.init("key", "missing", "either key or key_alias must be provided")])
        }
        let found = try rights.session.entities(.keys, where: .keyAlias, is: alias, limit: 2)
        guard let key = found.first else {
            throw rights.unknown(.update, "Key not found. No key with key_alias='\(alias)'.")
        }
        guard found.count == 1 else {
            throw OfficeFault.bad(
                "Multiple keys share key_alias='\(alias)', so it cannot be used as an identifier.", "key_alias")
        }
        return key.id
    }

    /// Writes the change, with its entry in the audit. Nothing is written before all is checked.
    func change(_ key: Entity, _ body: JSONObject, _ rights: KeyRights) throws -> Entity {
        let changed = try revised(key, body, rights)
        try rights.session.update(changed)
        try audit(rights, "updated", before: key, after: changed)
        return changed
    }

    /// The key as it is going to be.
    func revised(_ key: Entity, _ body: JSONObject, _ rights: KeyRights) throws -> Entity {
        let now = desk.now
        try checkFields(key, body, rights)
        var document = KeyDocument.made(of: body, onto: key.document, at: now, desk.policy.compat)
        document["settings_updated_at"] = .int(now)
        try check(document, of: key, rights)
        var changed = desk.changed(key, document, by: rights.requester)
        if let spend = body.money("spend") { changed.spend = spend }
        return changed
    }

    private func checkFields(_ key: Entity, _ body: JSONObject, _ rights: KeyRights) throws {
        try rights.requireFields(body)
        let old = key.document
        // Who may not make keys for himself does not widen one that was made for him.
        if old.string("team_id") == nil, Self.setsAnew(body) { try terms.requirePersonal(rights.requester) }
        if let blocked = body.bool("blocked"), blocked != (old.bool("blocked") ?? false) {
            try rights.require(blocked ? .block : .unblock, on: key)
        }
        if let id = old.object("metadata")?.string("service_account_id"), let given = body.object("metadata"),
            let other = given.value("service_account_id"), other != .string(id)
        {
            throw OfficeFault.bad(
                "service_account_id is immutable once set and cannot be changed via update.", "metadata")
        }
        var team = try old.string("team_id").flatMap { try rights.session.entity(.teams, $0) }
        if let given = body["team_id"], given.string != old.string("team_id") {
            team = try movedTeam(given.string, key, rights)
        }
        guard let given = body["user_id"], given.string != old.string("user_id") else { return }
        if let userID = given.string {
            try rights.requireUser(userID, in: team)
        } else if !rights.requester.isAdmin {
            throw OfficeFault.forbidden("Non-admin users cannot remove the user_id from a key.")
        }
    }

    /// The team that the key moves to; one must be allowed to make keys there.
    private func movedTeam(_ id: String?, _ key: Entity, _ rights: KeyRights) throws -> Entity? {
        if let id {
            let team = try self.team(id, rights)
            try rights.require(.generate, in: team)
            try terms.requireTeam(rights.requester, role: try rights.role(in: team))
            return team
        }
        guard rights.requester.isAdmin || key.document.string("user_id") == rights.requester.userID else {
            throw OfficeFault.forbidden(
                "Only a proxy admin, or the user whose key it is, may take a key out of its team.")
        }
        try terms.requirePersonal(rights.requester)
        return nil
    }

    func audit(_ rights: KeyRights, _ action: String, before: Entity?, after: Entity?) throws {
        guard let id = (after ?? before)?.id else { return }
        var (old, new) = (before?.document, after?.document)
        if let before, let after, before.spend != after.spend {
            old?["spend"] = .money(before.spend)
            new?["spend"] = .money(after.spend)
        }
        try desk.audit(rights.session, rights.requester, action, .keys, id, before: old, after: new)
    }

    // MARK: Blocking and spend

    /// `POST /key/block`.
    package func block(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await setBlocked(true, request, .block)
    }

    /// `POST /key/unblock`.
    package func unblock(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await setBlocked(false, request, .unblock)
    }

    private func setBlocked(
        _ blocked: Bool, _ request: OfficeRequest, _ action: KeyRights.Action
    ) async throws(OfficeFault) -> OfficeAnswer {
        let (requester, name) = (request.requester, request.body.string("key") ?? "")
        let changed = try await desk.write { session -> Entity in
            let rights = KeyRights(requester: requester, session: session)
            let key = try self.key(name, for: action, rights)
            var document = key.document
            document["blocked"] = .bool(blocked)
            document["settings_updated_at"] = .int(desk.now)
            let changed = desk.changed(key, document, by: requester)
            try session.update(changed)
            try audit(rights, blocked ? "blocked" : "unblocked", before: key, after: changed)
            return changed
        }
        return OfficeAnswer(answers.state(changed))
    }

    /// `POST /key/{key}/reset_spend`: what is spent counts as `reset_to` from now on.
    package func resetSpend(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (requester, name) = (request.requester, request.path["key"] ?? "")
        let target = request.body.money("reset_to") ?? .zero
        let (old, new) = try await desk.write { session -> (Entity, Entity) in
            let rights = KeyRights(requester: requester, session: session)
            let key = try self.key(name, for: .resetSpend, rights)
            guard target <= key.spend else {
                throw OfficeFault.bad("reset_to=\(target) is more than is spent: \(key.spend).", "reset_to")
            }
            var changed = desk.changed(key, key.document, by: requester)
            changed.spend = target
            try session.update(changed)
            try audit(rights, "updated", before: key, after: changed)
            return (key, changed)
        }
        let reset = new.document.int("budget_reset_at").map { AnswerMoment.text(Int64($0)) }
        return OfficeAnswer(
            [
                "key_hash": .string(new.id), "spend": .money(new.spend), "previous_spend": .money(old.spend),
                "max_budget": new.document["max_budget"] ?? .null,
                "budget_reset_at": reset.map(JSONValue.string) ?? .null,
            ] as JSONObject)
    }
}
