import WeirCore

/// Which keys somebody wants to see, and which of them he may.
struct KeyListing: Sendable {
    let asked: [String: String]
    let page: Int
    let size: Int
    private let sort: ListSort

    init(_ asked: [String: String], size standard: Int = 10) throws(OfficeFault) {
        self.asked = asked
        (page, size) = try Self.place(asked, standard)
        sort = try ListSort(
            asked,
            [
                "spend": .spend, "max_budget": .field(.maxBudget), "created_at": .createdAt, "updated_at": .updatedAt,
                "token": .id, "key_alias": .field(.keyAlias),
            ], standard: "desc")
        guard asked["status"] != "deleted" else {
            throw .bad(
                "Deleted keys are not kept among the keys. Read of them in /audit with action=deleted.", "status")
        }
    }

    private static func place(
        _ asked: [String: String], _ standard: Int
    ) throws(OfficeFault) -> (page: Int, size: Int) {
        let page = asked["page"].flatMap { Int($0) } ?? 1
        let size = asked["size"].flatMap { Int($0) } ?? standard
        guard page >= 1 else { throw .form([.init("page", "greater_than_equal", "Input should be 1 or more")]) }
        guard (1...1000).contains(size) else {
            throw .form([.init("size", "value_error", "Input should be between 1 and 1000")])
        }
        return (page, size)
    }

    func flag(_ name: String) -> Bool { asked[name] == "true" }

    func query(_ conditions: [EntityQuery.Condition]) -> EntityQuery {
        var query = EntityQuery(conditions)
        sort.apply(to: &query)
        query.page = page
        query.size = size
        return query
    }

    // MARK: Conditions

    /// What was asked for and may be seen; nil when that is nothing.
    func conditions(_ rights: KeyRights) throws -> [EntityQuery.Condition]? {
        var conditions = named
        let requester = rights.requester
        let userID = asked["user_id"]
        if let userID, !requester.oversees, userID != requester.userID, asked["team_id"] == nil {
            throw OfficeFault.forbidden("You are not authorized to check another user's keys")
        }
        if let organization = asked["organization_id"] {
            guard try requester.oversees || rights.leads(organization) else {
                throw OfficeFault.forbidden("You are not authorized to check this organization's keys")
            }
            conditions.append(.any(try keys(of: organization, rights)))
        }
        if let teamID = asked["team_id"] {
            conditions.append(.equals(.teamID, teamID))
            if try !seesAll(of: teamID, rights), let own = requester.userID {
                conditions.append(.equals(.userID, own))
            }
        }
        if let scope = try scope(rights) {
            guard !scope.isEmpty else { return nil }
            conditions.append(.any(scope))
        } else if let userID {
            conditions.append(flag("substring_matching") ? .contains(.userID, userID) : .equals(.userID, userID))
        }
        return conditions
    }

    private var named: [EntityQuery.Condition] {
        var conditions: [EntityQuery.Condition] = []
        if let hash = asked["key_hash"] { conditions.append(.id(KeyOffice.hash(hash))) }
        if flag("aliased") { conditions.append(.isSet(.keyAlias)) }
        if let alias = asked["key_alias"] {
            conditions.append(flag("substring_matching") ? .contains(.keyAlias, alias) : .equals(.keyAlias, alias))
        }
        if let text = asked["search"] { conditions.append(.any([.contains(.keyAlias, text), .idContains(text)])) }
        return conditions
    }

    private func keys(of organization: String, _ rights: KeyRights) throws -> [EntityQuery.Condition] {
        let teams = try rights.session.entities(.teams, where: .organizationID, is: organization, limit: 1000)
        return [.equals(.organizationID, organization)] + (teams.isEmpty ? [] : [.oneOf(.teamID, teams.map(\.id))])
    }

    /// Whether he sees all keys of this team, or only his own in it. Throws where he is not in it.
    private func seesAll(of teamID: String, _ rights: KeyRights) throws -> Bool {
        if rights.requester.oversees { return true }
        guard let team = try rights.session.entity(.teams, teamID) else { throw Self.foreignTeam }
        switch try rights.standing(in: team) {
        case .admin: return true
        case .member(let permissions): return permissions.contains("/key/list")
        case .none: throw Self.foreignTeam
        }
    }

    private static let foreignTeam = OfficeFault.forbidden("You are not authorized to check this team's keys")

    /// Whose keys, any of them; nil for no bounds of this kind.
    private func scope(_ rights: KeyRights) throws -> [EntityQuery.Condition]? {
        let requester = rights.requester
        let isNarrowed = asked["team_id"] != nil || asked["organization_id"] != nil
        let subject = asked["user_id"] ?? (requester.oversees || isNarrowed ? nil : requester.userID)
        let widens = flag("include_team_keys") || flag("include_created_by_keys")
        if requester.oversees, !widens || subject == nil { return nil }
        guard let subject else { return isNarrowed ? nil : [] }
        var scope: [EntityQuery.Condition] = [.equals(.userID, subject)]
        if flag("include_created_by_keys") { scope.append(.equals(.createdBy, subject)) }
        if flag("include_team_keys") {
            let teams = try teams(ledBy: subject, rights.session)
            if !teams.isEmpty { scope.append(.oneOf(.teamID, teams)) }
        }
        return scope
    }

    private func teams(ledBy userID: String, _ session: any StoreSession) throws -> [String] {
        let own = try session.memberships(.team, ofUser: userID).filter { $0.role == "admin" }.map(\.ownerID)
        let led = try session.memberships(.organization, ofUser: userID)
            .filter { $0.role == Role.orgAdmin.rawValue }
            .flatMap {
                try session.entities(.teams, where: .organizationID, is: $0.ownerID, limit: 1000).map(\.id)
            }
        return Set(own + led).sorted()
    }

    // MARK: What is no column

    /// Filters that no index serves.
    var isSifting: Bool {
        ["status", "project_id", "agent_id", "access_group_id"].contains { asked[$0] != nil }
    }

    func keeps(_ key: Entity, at now: Int64) -> Bool {
        if let status = asked["status"], KeyState(of: key, at: now).rawValue != status { return false }
        for name in ["project_id", "agent_id"] {
            if let id = asked[name], key.document.string(name) != id { return false }
        }
        if let id = asked["access_group_id"] { return key.document.strings("access_group_ids").contains(id) }
        return true
    }
}
