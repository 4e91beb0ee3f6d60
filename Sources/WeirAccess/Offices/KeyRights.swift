import WeirCore

/// Whose keys a requester may see and change.
///
/// Admins may everything. Users manage the keys that are theirs; admins of a team, and of the team's organisation, manage its
/// keys; other members what the team's `team_member_permissions` name.
struct KeyRights {
    /// What is done to a key; the raw value is how a team's permissions name it.
    enum Action: String {
        case generate = "/key/generate"
        case generateForService = "/key/service-account/generate"
        case update = "/key/update"
        case updateOfTeam = "/team/key/bulk_update"
        case delete = "/key/delete"
        case regenerate = "/key/regenerate"
        case block = "/key/block"
        case unblock = "/key/unblock"
        case resetSpend = "/key/reset_spend"
        case info = "/key/info"

        /// All words that a team's permissions may say it with.
        var names: [String] {
            switch self {
            case .regenerate: [rawValue, "/key/{key_id}/regenerate"]
            case .resetSpend: [rawValue, "/key/{key_id}/reset_spend"]
            case .updateOfTeam: [rawValue, "/key/bulk_update"]
            default: [rawValue]
            }
        }
    }

    /// Somebody's place in a team.
    enum Standing {
        case none
        case member(permissions: [String])
        case admin
    }

    let requester: Requester
    let session: any StoreSession

    /// What members of a team may do where the team says nothing.
    private static let commonPermissions = ["/key/info", "/key/health"]
    /// What a user may do to the keys of his own.
    private static let personal: Set<Action> = [.update, .delete, .regenerate]
    /// What a user may do to a key of his own that a team stands for: nothing that gives it more.
    private static let ownOfTeam: Set<Action> = [.delete, .regenerate]

    // MARK: Standing

    func standing(in team: Entity) throws -> Standing {
        if requester.isAdmin { return .admin }
        guard let userID = requester.userID else { return .none }
        let membership = try session.membership(.team, team.id, user: userID)
        if membership?.role == "admin" { return .admin }
        if let organization = team.document.string("organization_id"), try leads(organization) { return .admin }
        guard membership != nil else { return .none }
        let permissions = team.document.strings("team_member_permissions")
        return .member(permissions: permissions.isEmpty ? Self.commonPermissions : permissions)
    }

    /// His role in a team that he may manage keys of, as `key_generation_settings` calls it.
    func role(in team: Entity) throws -> String {
        if case .admin = try standing(in: team) { "admin" } else { "user" }
    }

    /// He is an admin of this organisation.
    func leads(_ organization: String) throws -> Bool {
        guard let userID = requester.userID else { return requester.isAdmin }
        return try requester.isAdmin
            || session.membership(.organization, organization, user: userID)?.role == Role.orgAdmin.rawValue
    }

    private func isOwn(_ key: Entity) -> Bool {
        guard let userID = requester.userID else { return false }
        return key.document.string("user_id") == userID
    }

    private func team(of key: Entity) throws -> Entity? {
        guard let id = key.document.string("team_id") else { return nil }
        return try session.entity(.teams, id)
    }

    // MARK: Seeing

    func maySee(_ key: Entity) throws -> Bool {
        if requester.oversees || key.id == requester.keyHash || isOwn(key) { return true }
        if let organization = key.document.string("organization_id"), try leads(organization) { return true }
        guard let team = try team(of: key) else { return false }
        switch try standing(in: team) {
        case .admin: return true
        case .member(let permissions): return permissions.contains(Action.info.rawValue)
        case .none: return false
        }
    }

    // MARK: Changing

    /// Who may change anything at all.
    func requireWriter() throws(OfficeFault) {
        guard [.proxyAdmin, .orgAdmin, .internalUser].contains(requester.role) else {
            throw .forbidden("Your role \(requester.role.rawValue) may not change keys. Ask an admin.")
        }
    }

    func require(_ action: Action, on key: Entity) throws {
        try requireWriter()
        if requester.isAdmin { return }
        if let organization = key.document.string("organization_id"), try leads(organization) { return }
        guard let teamID = key.document.string("team_id") else {
            guard isOwn(key), Self.personal.contains(action) else { throw refusal(action) }
            return
        }
        if isOwn(key), Self.ownOfTeam.contains(action) { return }
        guard let team = try session.entity(.teams, teamID) else { throw refusal(action) }
        try require(action, in: team)
    }

    func require(_ action: Action, in team: Entity) throws {
        switch try standing(in: team) {
        case .admin: return
        case .member(let permissions) where action.names.contains(where: permissions.contains): return
        case .member(let permissions):
            throw OfficeFault.forbidden(
                "Team member does not have permissions for endpoint: \(action.rawValue). You only have access to the "
                    + "following endpoints: \(permissions) for team \(team.id). Ask an admin to add it to the team's "
                    + "team_member_permissions.")
        case .none: throw notInTeam(team.id)
        }
    }

    func notInTeam(_ team: String) -> OfficeFault {
        .forbidden(
            "User=\(requester.userID ?? "None") not assigned to team=\(team). Only its members and admins may manage "
                + "its keys.")
    }

    private func refusal(_ action: Action) -> OfficeFault {
        switch action {
        case .block, .unblock, .resetSpend, .updateOfTeam:
            .forbidden(
                "Only proxy admins, team admins, or org admins can call \(action.rawValue). "
                    + "user_role=\(requester.role.rawValue), user_id=\(requester.userID ?? "None")")
        default:
            .forbidden(
                "You are not allowed to call \(action.rawValue) for this key: it is not yours. "
                    + "Your role=\(requester.role.rawValue)")
        }
    }

    /// What a key that is not there is answered with: who may not see all is not told that it is not there.
    func unknown(_ action: Action, _ message: String = "Key not found.") -> OfficeFault {
        requester.oversees ? OfficeFault(404, message, type: "not_found_error", param: "key") : refusal(action)
    }

    // MARK: Fields

    /// Fields that decide about more than the key itself.
    func requireFields(_ body: JSONObject) throws(OfficeFault) {
        guard !requester.isAdmin else { return }
        for name in ["spend", "permissions", "allowed_passthrough_routes"] {
            switch body.value(name) {
            case nil, [], [:]: continue
            case .number where name == "spend" && body.money(name) == .zero: continue
            default: throw .forbidden("Only a proxy admin may set \(name) of a key. Leave it out.")
            }
        }
    }

    /// The user whose key it is going to be. A user's key is his own; who leads the team may name one of its members.
    func requireUser(_ userID: String, in team: Entity?) throws {
        guard !requester.isAdmin, userID != requester.userID else { return }
        guard let team, case .admin = try standing(in: team) else {
            throw OfficeFault.forbidden(
                "User can only create keys for themselves. Got user_id=\(userID), "
                    + "Your ID=\(requester.userID ?? "None")")
        }
        guard try session.membership(.team, team.id, user: userID) != nil else {
            throw OfficeFault.bad("User=\(userID) not assigned to team=\(team.id)", "user_id")
        }
    }

    func requireOrganization(_ id: String) throws {
        guard !requester.isAdmin else { return }
        guard let userID = requester.userID,
            try session.membership(.organization, id, user: userID) != nil
        else { throw OfficeFault.forbidden("Caller is not a member of organization_id=\(id)") }
    }
}
