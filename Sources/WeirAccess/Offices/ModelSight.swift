import WeirCore

/// Which deployments somebody may see: an overseer all of them, the others what they may call.
struct ModelSight {
    private let seesAll: Bool
    private let rights: [ModelRights]
    private let groups: AccessGroups
    private let teams: Set<String>

    init(_ requester: Requester, _ desk: Desk, _ session: any StoreSession) throws(StoreFault) {
        seesAll = requester.oversees
        guard !seesAll else {
            (rights, groups, teams) = ([], AccessGroups([:]), [])
            return
        }
        let record = try Self.record(of: requester, desk, session)
        rights = GrantBuilder.models(of: record)
        var groups: [String: Set<String>] = [:]
        for group in try ModelGroupMembership.keyGroups(session) {
            for name in group.modelNames { groups[name, default: []].insert(group.name) }
        }
        self.groups = AccessGroups(groups)
        var teams = Set([record.team?.id].compactMap(\.self))
        if let id = requester.userID {
            teams.formUnion(try session.memberships(.team, ofUser: id).map(\.ownerID))
        }
        self.teams = teams
    }

    func sees(_ row: ModelRow) -> Bool {
        if seesAll { return true }
        if row.isBlocked { return false }
        if let team = row.team { return teams.contains(team) }
        let groups = groups.groups(of: row.publicName).union(row.groups)
        return rights.allSatisfy { $0.allow(row.publicName, groups: groups) }
    }

    /// One without a key of the store goes by his team and his user.
    private static func record(
        of requester: Requester, _ desk: Desk, _ session: any StoreSession
    ) throws(StoreFault) -> GrantRecord {
        if let record = try session.grant(of: requester.keyHash, at: desk.now) { return record }
        var record = GrantRecord(key: desk.entity(.keys, requester.keyHash, JSONObject(), by: requester))
        if let id = requester.teamID { record.team = try session.entity(.teams, id) }
        if let id = requester.userID { record.user = try session.entity(.users, id) }
        return record
    }
}
