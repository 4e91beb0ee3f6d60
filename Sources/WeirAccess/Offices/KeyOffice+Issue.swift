import WeirCore

extension KeyOffice {
    /// `POST /key/generate`.
    package func generate(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await issue(request.body, request.requester, .generate)
    }

    /// `POST /key/service-account/generate`: a key of a team that belongs to no user.
    package func generateForService(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        guard let teamID = request.body.string("team_id"), !teamID.isEmpty else {
            throw .bad(
                "team_id is required for service account keys. Please specify `team_id` in the request body.", "team_id"
            )
        }
        var body = request.body
        body["user_id"] = nil
        var metadata = body.object("metadata") ?? JSONObject()
        if metadata.value("service_account_id") == nil {
            metadata["service_account_id"] = .string(body.string("key_alias") ?? desk.newID())
        }
        body["metadata"] = .object(metadata)
        return try await issue(body, request.requester, .generateForService)
    }

    private func issue(
        _ asked: JSONObject, _ requester: Requester, _ action: KeyRights.Action
    ) async throws(OfficeFault) -> OfficeAnswer {
        var draft = try draft(asked)
        if action == .generateForService { draft.body["user_id"] = nil }
        if draft.body.value("key_type") == nil { draft.body["key_type"] = "default" }
        let wanted = draft
        let made = try await desk.write { session -> Entity in
            let rights = KeyRights(requester: requester, session: session)
            var owned = wanted
            owned.body = try settled(wanted.body, rights, action)
            return try insert(owned, rights)
        }
        return OfficeAnswer(answers.issued(made, key: wanted.key))
    }

    // MARK: Making

    /// A key that is going to be made.
    private struct Draft: Sendable {
        let key: Secret
        var body: JSONObject
        /// When it is made, in microseconds since 1970.
        let now: Int64
    }

    /// What `asked` makes with the configuration's defaults and bounds, checked as far as that goes without the store.
    private func draft(_ asked: JSONObject) throws(OfficeFault) -> Draft {
        let now = desk.now
        let body = Self.withoutEmptyIDs(try terms.completed(asked))
        try KeyRules.check(body, at: now)
        let key =
            try body.string("key").map { text throws(OfficeFault) in
                try KeyRules.chosen(text, desk.policy, field: "key")
            } ?? desk.newKey()
        return Draft(key: key, body: try terms.bounded(body, fills: true), now: now)
    }

    /// Writes the key, with its entry in the audit. Nothing is written before all is checked.
    private func insert(_ draft: Draft, _ rights: KeyRights) throws -> Entity {
        var document = KeyDocument.made(of: draft.body, onto: JSONObject(), at: draft.now, desk.policy.compat)
        document["key_name"] = .string(KeyDocument.name(of: draft.key))
        let hash = KeyDigest(of: draft.key).hex
        try check(document, of: nil, rights)
        try requireFree(hash, at: draft.now, rights.session)
        var entity = desk.entity(.keys, hash, document, by: rights.requester)
        entity.spend = draft.body.money("spend") ?? .zero
        try rights.session.insert(entity)
        try audit(rights, "created", before: nil, after: entity)
        return entity
    }

    /// Settings of a new user that the key which comes with him has as well.
    private static let ofNewUser = [
        "key_alias", "duration", "models", "aliases", "config", "permissions", "max_parallel_requests", "tpm_limit",
        "rpm_limit", "allowed_cache_controls", "model_max_budget", "budget_fallbacks", "team_id", "agent_id",
        "blocked",
    ]

    /// The key that comes with `user`, who was made a moment ago by what `asked` says.
    func insert(of user: Entity, _ asked: JSONObject, _ rights: KeyRights) throws -> (entity: Entity, key: Secret) {
        // Whose key it is stands fast, whatever the configuration's defaults say.
        let own: JSONObject = [
            "user_id": .string(user.id), "organization_id": user.document["organization_id"] ?? .null,
        ]
        var draft = try draft(asked.keeping(Self.ofNewUser).merging(own))
        draft.body = draft.body.merging(own)
        try rights.requireWriter()
        try rights.requireFields(draft.body)
        if let teamID = draft.body.string("team_id") { _ = try team(teamID, rights) }
        return (try insert(draft, rights), draft.key)
    }

    /// Forms of pages send `""` for what is not chosen.
    static func withoutEmptyIDs(_ body: JSONObject) -> JSONObject {
        var body = body
        for name in ["key", "key_alias", "user_id", "team_id", "organization_id", "project_id", "budget_id"]
        where body[name] == "" {
            body[name] = nil
        }
        return body
    }

    /// `body` with the user whose key it is, once it is clear that the requester may make it.
    private func settled(
        _ body: JSONObject, _ rights: KeyRights, _ action: KeyRights.Action
    ) throws -> JSONObject {
        try rights.requireWriter()
        try rights.requireFields(body)
        var body = body
        if !rights.requester.isAdmin, body.value("user_id") == nil, action == .generate {
            body["user_id"] = rights.requester.userID.map(JSONValue.string)
        }
        var team: Entity?
        if let teamID = body.string("team_id") {
            let found = try self.team(teamID, rights, isForService: action == .generateForService)
            try rights.require(action, in: found)
            try terms.checkTeam(body, rights.requester, role: try rights.role(in: found))
            team = found
        } else {
            guard rights.requester.userID != nil || rights.requester.isAdmin else {
                throw OfficeFault.forbidden("Your key belongs to no user, so it cannot make keys.")
            }
            try terms.checkPersonal(body, rights.requester)
        }
        if let userID = body.string("user_id") { try rights.requireUser(userID, in: team) }
        return body
    }

    /// The team of this id. One who is not in it learns the same of a team that does not exist.
    func team(_ id: String, _ rights: KeyRights, isForService: Bool = false) throws -> Entity {
        if let team = try rights.session.entity(.teams, id) { return team }
        guard rights.requester.oversees else { throw rights.notInTeam(id) }
        if isForService {
            throw OfficeFault.bad(
                "team_id does not exist in the database. Please specify a valid `team_id` in the request body.",
                "team_id")
        }
        throw OfficeFault(
            404, "Team doesn't exist in db. Team=\(id). Create team via `/team/new` call.", type: "not_found_error",
            param: "team_id")
    }

    // MARK: Checks against the store

    /// What must hold of the key with this document, and of all that it names and `old` did not.
    func check(_ document: JSONObject, of old: Entity?, _ rights: KeyRights) throws {
        let session = rights.session
        func changed(_ name: String) -> String? {
            let id = document.string(name)
            return id == old?.document.string(name) ? nil : id
        }
        if let id = changed("budget_id"), try session.entity(.budgets, id) == nil {
            throw OfficeFault.bad("Budget not found for budget_id=\(id). Make it with `/budget/new`.", "budget_id")
        }
        let team = try document.string("team_id").flatMap { try session.entity(.teams, $0) }
        if let id = changed("organization_id") {
            try rights.requireOrganization(id)
            guard try session.entity(.organizations, id) != nil else {
                throw OfficeFault.bad("Organization not found for organization_id=\(id)", "organization_id")
            }
            if let other = team?.document.string("organization_id"), other != id {
                throw OfficeFault.bad(
                    "The team belongs to organization_id=\(other), so its keys cannot belong to \(id).",
                    "organization_id")
            }
        }
        try KeyRules.check(document, old: old?.document, of: team, groups: groups)
        if let team, let old, changed("team_id") != nil { try KeyRules.checkMove(of: old.id, document, to: team) }
        if changed("key_alias") != nil || changed("team_id") != nil {
            try requireAlias(document, except: old?.id, session)
        }
    }

    private func requireAlias(_ document: JSONObject, except id: String?, _ session: any StoreSession) throws {
        guard let alias = document.string("key_alias") else { return }
        let team = document.string("team_id")
        var query = EntityQuery([
            .equals(.keyAlias, alias), team.map { .equals(.teamID, $0) } ?? .isNull(.teamID),
        ])
        query.size = 2
        guard try session.page(.keys, query).entities.contains(where: { $0.id != id }) else { return }
        throw OfficeFault(
            400,
            "Key with alias '\(alias)' already exists. Unique key aliases are required"
                + (team.map { " in team \($0)." } ?? " across all keys without a team."),
            type: "bad_request_error", param: "key_alias")
    }

    /// Nobody has this key, nor had it and may still use it.
    func requireFree(_ hash: String, at now: Int64, _ session: any StoreSession) throws {
        let retired = try session.entity(.retiredKeys, hash)
        let isRetired = retired?.document.int("revoke_at").map { Int64($0) > now } ?? false
        guard try session.entity(.keys, hash) == nil, !isRetired else {
            throw OfficeFault.conflict("This key exists already. Choose another one, or leave it out.", "key")
        }
        if retired != nil { try session.delete(.retiredKeys, ids: [hash]) }
    }
}
