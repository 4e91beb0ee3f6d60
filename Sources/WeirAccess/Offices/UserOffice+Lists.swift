import WeirCore

extension UserOffice {
    /// A user with his keys, at most 1000 of them, and his teams: those that the requester may see. Without `user_id`: he who
    /// asks. Throws 404 for an unknown user, 403 for somebody else's.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.read { session in
            guard let user = try Self.asked(request, session, desk) else {
                return OfficeAnswer(try Self.stranger(request, session, desk))
            }
            let compat = desk.policy.compat
            let standing = Standing(session: session, requester: request.requester)
            let rights = KeyRights(requester: request.requester, session: session)
            let teams = try Self.teams(of: user.id, session).filter { try standing.maySee($0) }
            let keys = try Self.keys(of: user.id, session).filter { try rights.maySee($0) }
            let aliases = try Self.aliases(of: keys, session)
            return OfficeAnswer.object([
                "user_id": .string(user.id),
                "user_info": .object(
                    UserAnswer.info(
                        user, teams: teams.map(\.id),
                        organizations: try session.memberships(.organization, ofUser: user.id))),
                "keys": .array(
                    keys.map { key in
                        let alias = key.document.string("team_id").flatMap { aliases[$0] }
                        return .object(UserAnswer.key(key, teamAlias: alias, compat))
                    }),
                "teams": .array(
                    try teams.map { .object(TeamAnswer.row($0, members: try TeamAnswer.members(of: $0, session))) }),
                "admin_mcp_permissions": nil,
            ])
        }
    }

    /// A user alone, without keys and teams' settings.
    package func infoV2(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.read { session in
            guard let user = try Self.asked(request, session, desk) else {
                throw OfficeFault.notFound("User not found, passed user_id=\(request.requester.userID ?? "")")
            }
            let teams = try session.memberships(.team, ofUser: user.id).map(\.ownerID).sorted()
            return OfficeAnswer(UserAnswer.row(user, teams: teams))
        }
    }

    /// A page of users, at most 100. Overseers see all, the admin of an organisation its members.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let pages = try Pages(request.query, standard: 25)
        let sort = try ListSort(
            request.query,
            [
                "user_id": .id, "user_email": .field(.userEmail), "created_at": .createdAt, "spend": .spend,
                "user_alias": .field(.userAlias), "user_role": .field(.userRole), "updated_at": .updatedAt,
            ], standard: "asc")
        return try await desk.list { session in
            var query = EntityQuery(try Self.conditions(request, session))
            sort.apply(to: &query)
            pages.apply(to: &query)
            let page = try session.page(.users, query)
            let users = try page.entities.map { user -> JSONValue in
                let teams = try session.memberships(.team, ofUser: user.id).map(\.ownerID).sorted()
                let keys = try session.count(.keys, [.equals(.userID, user.id)])
                return .object(UserAnswer.row(user, teams: teams, adding: ["key_count": .int(keys)]))
            }
            return OfficeAnswer.object([
                "users": .array(users), "total": .int(page.total), "page": .int(pages.page),
                "page_size": .int(pages.size), "total_pages": .int(pages.count(of: page.total)),
            ])
        }
    }

    // MARK: Whom

    /// The user that is asked for, when the requester may see him; nil when he asks for himself and has no record, as with
    /// the master key.
    private static func asked(_ request: OfficeRequest, _ session: any StoreSession, _ desk: Desk) throws -> Entity? {
        let requester = request.requester
        let records = UserRecords(desk: desk, session: session, requester: requester)
        let email = request.query["user_email"]
        let id = request.query["user_id"] ?? (email == nil ? requester.userID : nil)
        guard id != nil || email != nil else {
            throw OfficeFault.bad("This key belongs to no user: name one with user_id.", "user_id")
        }
        guard let user = try records.find(id: id, email: id == nil ? email : nil) else {
            if id == requester.userID { return nil }
            guard requester.oversees else { throw hidden(id ?? email ?? "") }
            throw OfficeFault.notFound("User not found, passed user_id=\(id ?? email ?? "")")
        }
        guard try Standing(session: session, requester: requester).maySee(user: user) else {
            throw hidden(id ?? email ?? "")
        }
        return user
    }

    private static func hidden(_ id: String) -> OfficeFault {
        .forbidden("You may not see user \(id): ask for your own, without user_id.")
    }

    /// What somebody without a record is told of himself.
    private static func stranger(
        _ request: OfficeRequest, _ session: any StoreSession, _ desk: Desk
    ) throws -> JSONObject {
        let id = request.requester.userID ?? ""
        let compat = desk.policy.compat
        return [
            "user_id": .string(id), "user_info": nil,
            "keys": .array(
                try keys(of: id, session).map { .object(UserAnswer.key($0, teamAlias: nil, compat)) }),
            "teams": .array(
                try teams(of: id, session).map {
                    .object(TeamAnswer.row($0, members: try TeamAnswer.members(of: $0, session)))
                }),
        ]
    }

    private static func keys(of user: String, _ session: any StoreSession) throws -> [Entity] {
        try session.entities(.keys, where: .userID, is: user, limit: keysShown)
    }

    private static func teams(of user: String, _ session: any StoreSession) throws -> [Entity] {
        let ids = try session.memberships(.team, ofUser: user).map(\.ownerID)
        if ids.isEmpty { return [] }
        return try session.entities(.teams, ids: ids).sorted { $0.id < $1.id }
    }

    private static func aliases(of keys: [Entity], _ session: any StoreSession) throws -> [String: String] {
        let ids = Set(keys.compactMap { $0.document.string("team_id") })
        if ids.isEmpty { return [:] }
        let teams = try session.entities(.teams, ids: Array(ids))
        return Dictionary(
            teams.compactMap { team in team.document.string("team_alias").map { (team.id, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    // MARK: Lists

    private static func conditions(
        _ request: OfficeRequest, _ session: any StoreSession
    ) throws -> [EntityQuery.Condition] {
        let query = request.query
        var conditions: [EntityQuery.Condition] = []
        if let role = query["role"] { conditions.append(.equals(.userRole, role)) }
        if let ids = query["user_ids"] { conditions.append(.ids(parts(ids))) }
        if let ids = query["sso_user_ids"] { conditions.append(.oneOf(.ssoUserID, parts(ids))) }
        if let email = query["user_email"] { conditions.append(.contains(.userEmail, email)) }
        if let text = query["search"] { conditions.append(.any([.idContains(text), .contains(.userEmail, text)])) }
        if let team = query["team"] {
            conditions.append(.ids(try session.members(.team, of: team).map(\.userID)))
        }
        let standing = Standing(session: session, requester: request.requester)
        var organizations = query["organization_ids"].map(parts)
        if !request.requester.oversees {
            let mine = try standing.organizations()
            guard !mine.isEmpty else {
                throw OfficeFault.forbidden("Only admins may list users; /user/info shows your own.")
            }
            if let asked = organizations, !Set(mine).isSuperset(of: asked) {
                throw OfficeFault.forbidden("You may list the members of organizations that you are an admin of.")
            }
            organizations = organizations ?? mine
        }
        if let organizations {
            let members = try organizations.flatMap { try session.members(.organization, of: $0).map(\.userID) }
            conditions.append(.ids(unique(members)))
        }
        return conditions
    }

    private static func parts(_ text: String) -> [String] {
        unique(text.split(separator: ",").map(String.init))
    }
}
