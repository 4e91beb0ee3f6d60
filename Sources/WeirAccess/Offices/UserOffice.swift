import WeirCore

extension Offices {
    package var users: UserOffice { UserOffice(desk) }
}

/// Users: who calls through keys of his own.
package struct UserOffice: Sendable {
    /// Keys that `/user/info` shows at most.
    static let keysShown = 1000
    /// Users that one request changes or deletes at most.
    static let greatestBatch = 1000

    let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// Makes a user, and a key for him unless `auto_create_key` is false; the answer is the only one that shows the key.
    /// Throws 409 for an id that is taken, 400 for an e-mail, 404 for an unknown team or organisation, 403 for one that
    /// the requester does not manage.
    package func new(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let places = try Self.places(request.body)
        return try await desk.write { session in
            let records = UserRecords(desk: desk, session: session, requester: request.requester)
            let organizations = Self.unique(request.body.strings("organizations"))
            try Self.checkMaking(request, organizations, session)
            let body = records.completed(request.body)
            let id = try Self.newID(body, desk)
            let user = try records.make(body, id: id, home: organizations.first)
            for organization in organizations {
                try OrganizationMembers(desk: desk, session: session, requester: request.requester)
                    .add(user.id, role: Self.organizationRole(of: user), to: organization, limits: JSONObject())
            }
            let teams = try Self.join(
                user, places + Self.standardPlaces(body, besides: places), session, request.requester, desk)
            let rights = KeyRights(requester: request.requester, session: session)
            let makesKey = body.value("auto_create_key")?.bool != false
            let key = makesKey ? try KeyOffice(desk).insert(of: user, body, rights) : nil
            return OfficeAnswer(
                UserAnswer.made(user, body: body, key: key, teams: teams, desk.policy.compat))
        }
    }

    /// Sets what the request names; a null takes a limit away. Users may change their own name and e-mail, admins all.
    /// Throws 404 for an unknown user.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.write { session in
            let user = try Self.change(request.body, session, request.requester, desk)
            let teams = try UserRecords(desk: desk, session: session, requester: request.requester).teams(of: user.id)
            return OfficeAnswer.object([
                "user_id": .string(user.id), "data": .object(UserAnswer.row(user, teams: teams)),
            ])
        }
    }

    /// Deletes users with their keys and memberships, all of them or none. Throws 404 naming those that are unknown.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let ids = Self.unique(request.body.strings("user_ids"))
        guard (1...Self.greatestBatch).contains(ids.count) else {
            throw .bad("user_ids must name from 1 to \(Self.greatestBatch) users.", "user_ids")
        }
        return try await desk.write { session in
            let standing = Standing(session: session, requester: request.requester)
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            for id in ids.sorted() {
                guard let user = try session.entityForUpdate(.users, id) else {
                    throw OfficeFault.notFound("User not found, passed user_id=\(id)")
                }
                guard try standing.mayManage(user: user) else {
                    throw OfficeFault.forbidden("You may not delete user \(id): ask an admin of the gateway.")
                }
                let places =
                    try session.memberships(.team, ofUser: id) + session.memberships(.organization, ofUser: id)
                let keys = try session.delete(.keys, where: [.equals(.userID, id)])
                try session.delete(.users, ids: [id])
                try rows.drop(of: places)
                try desk.audit(
                    session, request.requester, "deleted", .users, id,
                    before: user.document.merging(["deleted_keys": .int(keys)]), after: nil)
            }
            return OfficeAnswer(.int(ids.count))
        }
    }

    // MARK: Changing

    /// What users may change of themselves.
    private static let own: Set<String> = ["user_id", "user_alias", "user_email"]
    /// What nobody but an admin of the gateway changes: it decides what somebody is.
    private static let adminsOnly: Set<String> = ["user_role", "spend", "sso_user_id"]

    static func change(
        _ body: JSONObject, _ session: any StoreSession, _ requester: Requester, _ desk: Desk
    ) throws -> Entity {
        let records = UserRecords(desk: desk, session: session, requester: requester)
        let id = body.value("user_id")?.string
        let email = body.value("user_email")?.string
        guard id != nil || email != nil else {
            throw OfficeFault.bad("Either user_id or user_email must be provided.", "user_id")
        }
        let found = id == nil ? try email.flatMap { try records.find(email: $0) }?.id : id
        guard let found, let old = try session.entityForUpdate(.users, found) else {
            if requester.oversees || id == requester.userID {
                throw OfficeFault.notFound("User not found, passed user_id=\(id ?? email ?? "")")
            }
            throw OfficeFault.forbidden("You may not change this user: ask an admin of the gateway.")
        }
        try checkChange(body, of: old, session, requester)
        var user = desk.changed(
            old, try records.document(body, over: old.document, of: old.id), by: requester)
        user.spend = body.money("spend") ?? old.spend
        try session.update(user)
        try desk.audit(
            session, requester, "updated", .users, user.id, before: old.document, after: user.document)
        return user
    }

    private static func checkChange(
        _ body: JSONObject, of user: Entity, _ session: any StoreSession, _ requester: Requester
    ) throws {
        if requester.isAdmin { return }
        let standing = Standing(session: session, requester: requester)
        if try standing.mayManage(user: user), requester.userID != user.id {
            let refused = body.names.filter { adminsOnly.contains($0) }
            guard refused.isEmpty else {
                throw OfficeFault.forbidden(
                    "Only admins of the gateway may set \(refused.joined(separator: ", ")) of a user.")
            }
            return
        }
        guard standing.mayChange, requester.userID == user.id else {
            throw OfficeFault.forbidden("You may not change user \(user.id): ask an admin of the gateway.")
        }
        let refused = body.names.filter { !own.contains($0) }
        guard refused.isEmpty else {
            throw OfficeFault.forbidden(
                "You may change your user_alias and user_email; only an admin may set "
                    + "\(refused.joined(separator: ", ")).")
        }
    }

    // MARK: Making

    private static func newID(_ body: JSONObject, _ desk: Desk) throws(OfficeFault) -> String {
        guard let id = body.value("user_id")?.string else { return desk.newID() }
        guard !id.isEmpty else { throw .form([.init("user_id", "value_error", "must not be empty")]) }
        return id
    }

    private static func checkMaking(
        _ request: OfficeRequest, _ organizations: [String], _ session: any StoreSession
    ) throws {
        for id in organizations where try session.entity(.organizations, id) == nil {
            // Only who may see all is told which organisations there are.
            guard request.requester.oversees else { break }
            throw OrganizationOffice.unknown(id)
        }
        if request.requester.isAdmin { return }
        let standing = Standing(session: session, requester: request.requester)
        let mine = Set(try standing.organizations())
        guard standing.mayChange, !organizations.isEmpty, mine.isSuperset(of: organizations) else {
            throw OfficeFault.forbidden(
                "Only admins may make users; the admin of an organization names it in organizations.")
        }
        let refused = request.body.names.filter { adminsOnly.contains($0) && $0 != "user_role" }
        let role = request.body.value("user_role")?.string ?? Role.internalUser.rawValue
        guard refused.isEmpty, [Role.internalUser.rawValue, Role.internalUserViewer.rawValue].contains(role) else {
            throw OfficeFault.forbidden(
                "Only admins of the gateway may set user_role to \(role), or spend and sso_user_id.")
        }
    }

    private static func organizationRole(of user: Entity) -> String {
        user.document.string("user_role") == Role.internalUserViewer.rawValue
            ? Role.internalUserViewer.rawValue : Role.internalUser.rawValue
    }

    /// A team that a new user joins.
    struct Place: Sendable {
        let team: String
        let role: String
        let limits: JSONObject
    }

    /// Reads `teams` and `team_id`. Throws 422 for what is neither an id nor a team with a role.
    static func places(_ body: JSONObject) throws(OfficeFault) -> [Place] {
        var places: [Place] = []
        for entry in body.value("teams")?.array ?? [] {
            if let id = entry.string {
                places.append(Place(team: id, role: "user", limits: JSONObject()))
            } else if let entry = entry.object, let id = entry.string("team_id") {
                let filled = try TeamForms.place.read(entry).values
                places.append(
                    Place(team: id, role: filled.value("user_role")?.string ?? "user", limits: filled))
            } else {
                throw .form([
                    .init(
                        "teams", "value_error",
                        "Input should be a list of team ids, or of {\"team_id\", \"user_role\", \"max_budget_in_team\"}"
                    )
                ])
            }
        }
        if let id = body.value("team_id")?.string { places.append(Place(team: id, role: "user", limits: [:])) }
        var seen: Set<String> = []
        return places.filter { seen.insert($0.team).inserted }
    }

    /// The teams of `default_internal_user_params`, which the operator gave: those that are gone are passed over.
    private static func standardPlaces(_ body: JSONObject, besides places: [Place]) -> [Place] {
        guard places.isEmpty, let standard = try? Self.places(body.keeping(["teams"])) else { return [] }
        return standard
    }

    private static func join(
        _ user: Entity, _ places: [Place], _ session: any StoreSession, _ requester: Requester, _ desk: Desk
    ) throws -> [String] {
        let members = TeamMembers(desk: desk, session: session, requester: requester)
        let standing = Standing(session: session, requester: requester)
        let standard = Set((try? Self.places(desk.policy.defaultUserParams.keeping(["teams"])))?.map(\.team) ?? [])
        var joined: Set<String> = []
        for place in places.sorted(by: { $0.team < $1.team }) {
            let isStandard = standard.contains(place.team)
            if isStandard, try session.entity(.teams, place.team) == nil { continue }
            let team = try members.require(place.team)
            guard try isStandard || standing.mayManage(team) else {
                throw OfficeFault.forbidden("You may not add members to team \(team.id): ask one of its admins.")
            }
            _ = try members.add(user.id, role: place.role, to: team, limits: place.limits)
            joined.insert(team.id)
        }
        return places.map(\.team).filter(joined.contains)
    }

    static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
