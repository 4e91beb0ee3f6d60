import WeirCore

/// Whose things a requester may see and change: looked up in the transaction that acts on it, so that a right that was
/// taken away a moment ago is gone.
struct Standing {
    let session: any StoreSession
    let requester: Requester

    /// Viewers change nothing, whatever they are elsewhere.
    var mayChange: Bool { requester.role != .proxyAdminViewer && requester.role != .internalUserViewer }

    /// The ids of the organisations that he is an admin of.
    func organizations() throws(StoreFault) -> [String] {
        guard let user = requester.userID else { return [] }
        return try session.memberships(.organization, ofUser: user)
            .filter { $0.role == Role.orgAdmin.rawValue }.map(\.ownerID)
    }

    func administers(organization id: String?) throws(StoreFault) -> Bool {
        guard let id, let user = requester.userID else { return false }
        return try session.membership(.organization, id, user: user)?.role == Role.orgAdmin.rawValue
    }

    func isMember(ofOrganization id: String) throws(StoreFault) -> Bool {
        guard let user = requester.userID else { return false }
        return try session.membership(.organization, id, user: user) != nil
    }

    func isAdmin(ofTeam id: String) throws(StoreFault) -> Bool {
        guard let user = requester.userID else { return false }
        return try session.membership(.team, id, user: user)?.role == "admin"
    }

    /// An admin of the gateway, or of the team's organisation: may give the team more than it has.
    func mayGrant(to team: Entity) throws(StoreFault) -> Bool {
        if requester.isAdmin { return true }
        guard mayChange else { return false }
        return try administers(organization: team.document.string("organization_id"))
    }

    /// The same, and the team's own admins.
    func mayManage(_ team: Entity) throws(StoreFault) -> Bool {
        if try mayGrant(to: team) { return true }
        guard mayChange else { return false }
        return try isAdmin(ofTeam: team.id)
    }

    /// Overseers, members, the admins of its organisation, and keys of the team.
    func maySee(_ team: Entity) throws(StoreFault) -> Bool {
        if requester.oversees || requester.teamID == team.id { return true }
        if let user = requester.userID, try session.membership(.team, team.id, user: user) != nil { return true }
        return try administers(organization: team.document.string("organization_id"))
    }

    /// An organisation's admin may change users whose home it is, but never those who stand above him.
    func mayManage(user: Entity) throws(StoreFault) -> Bool {
        if requester.isAdmin { return true }
        guard mayChange, !Self.isAbove(user) else { return false }
        return try administers(organization: user.document.string("organization_id"))
    }

    /// Overseers, he himself, and the admins of an organisation that he is a member of.
    func maySee(user: Entity) throws(StoreFault) -> Bool {
        if requester.oversees || requester.userID == user.id { return true }
        let mine = try organizations()
        if mine.isEmpty { return false }
        let his = try session.memberships(.organization, ofUser: user.id).map(\.ownerID)
        return !Set(mine).isDisjoint(with: his)
    }

    private static func isAbove(_ user: Entity) -> Bool {
        let role = user.document.string("user_role")
        return role == Role.proxyAdmin.rawValue || role == Role.proxyAdminViewer.rawValue
    }
}
