import WeirCore

/// The records of the one whom a token names, in the form of a key's.
enum IdentityRecords {
    enum Reading: Sendable {
        case found(GrantRecord)
        case teamUnknown, userUnknown
    }

    /// As the claims have it, where there is no store.
    static func bare(_ facts: IdentityFacts) -> GrantRecord {
        GrantRecord(key: key(facts, user: facts.userID, team: facts.teamIDs.first))
    }

    static func read(_ facts: IdentityFacts, _ session: any StoreSession) throws(StoreFault) -> Reading {
        // An admin is one by his token; the store need not know him.
        if facts.role == .proxyAdmin { return .found(bare(facts)) }
        let team = try team(facts, session)
        if team == nil, !facts.teamIDs.isEmpty { return .teamUnknown }
        let user = try user(facts, session)
        if user == nil, facts.userID != nil { return .userUnknown }
        return .found(try record(facts, user, team, session))
    }

    /// Adds the team, the user or both, where they are not there yet, with what the configuration says of new ones; then
    /// reads again.
    static func adding(_ facts: IdentityFacts, _ desk: Desk, team: Bool, user: Bool) async throws -> Reading {
        let requester = Requester(
            role: .proxyAdmin, userID: facts.userID ?? "", keyHash: "identity_token", address: "")
        return try await desk.store.write { session in
            // Another replica may have been faster.
            if team, let id = facts.namedTeamID, try self.team(facts, session) == nil {
                let records = TeamRecords(desk: desk, session: session, requester: requester)
                let document = try records.document(desk.policy.defaultTeamParams, of: id, over: JSONObject())
                try session.insert(desk.entity(.teams, id, document, by: requester))
                try desk.audit(session, requester, "created", .teams, id, before: nil, after: document)
            }
            if user, let id = facts.userID, try self.user(facts, session) == nil {
                let records = UserRecords(desk: desk, session: session, requester: requester)
                var body = JSONObject()
                body["user_role"] = facts.userRole.map { .string($0.rawValue) }
                body["user_email"] = facts.email.map { .string($0) }
                _ = try records.make(records.completed(body), id: id, home: nil)
            }
            return try read(facts, session)
        }
    }

    // MARK: Parts

    /// The first of the token's teams that is known and not blocked, or the first that is known.
    private static func team(_ facts: IdentityFacts, _ session: any StoreSession) throws(StoreFault) -> Entity? {
        if facts.teamIDs.isEmpty { return nil }
        let known = try session.entities(.teams, ids: facts.teamIDs)
        let teams = facts.teamIDs.compactMap { id in known.first { $0.id == id } }
        return teams.first { $0.document.bool("blocked") != true } ?? teams.first
    }

    private static func user(_ facts: IdentityFacts, _ session: any StoreSession) throws(StoreFault) -> Entity? {
        guard let id = facts.userID else { return nil }
        if let user = try session.entity(.users, id) { return user }
        return try session.entities(.users, where: .ssoUserID, is: id, limit: 1).first
    }

    private static func record(
        _ facts: IdentityFacts, _ user: Entity?, _ team: Entity?, _ session: any StoreSession
    ) throws(StoreFault) -> GrantRecord {
        var record = GrantRecord(key: key(facts, user: user?.id ?? facts.userID, team: team?.id))
        record.user = user
        record.team = team
        if let id = facts.organizationID ?? team?.document.string("organization_id") {
            record.organization = try session.entity(.organizations, id)
        }
        if let user, let team { record.membership = try session.membership(.team, team.id, user: user.id) }
        let holders = [user?.document, team?.document, record.organization?.document, record.membership?.document]
        for budget in try session.entities(.budgets, ids: holders.compactMap { $0?.string("budget_id") }) {
            record.budgets[budget.id] = budget
        }
        return record
    }

    private static func key(_ facts: IdentityFacts, user: String?, team: String?) -> Entity {
        var document = JSONObject()
        document["user_id"] = user.map { .string($0) }
        document["team_id"] = team.map { .string($0) }
        document["organization_id"] = facts.organizationID.map { .string($0) }
        return Entity(
            kind: .keys, id: "identity_token", document: document, createdAt: 0, updatedAt: 0, createdBy: "",
            updatedBy: "")
    }
}
