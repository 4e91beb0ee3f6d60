import WeirCore

extension TeamOffice {
    /// Keys that `/team/info` shows at most.
    private static let keysShown = 1000

    /// A team with its members and its keys, at most 1000 of them. Without `team_id`: the key's own. Throws 404 for an unknown
    /// team, 403 for one that the requester has no part in.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        guard let id = request.query["team_id"] ?? request.requester.teamID else {
            throw .bad("Name a team with team_id: this key belongs to none.", "team_id")
        }
        let limit = min(request.query["key_limit"].flatMap { Int($0) } ?? Self.keysShown, Self.keysShown)
        return try await desk.read { session in
            let team = try Self.seen(id, session, request.requester)
            let members = try TeamAnswer.members(of: team, session)
            let budgets = try Self.budgets(of: members.map(\.membership), session)
            let keys = limit == 0 ? [] : try Self.keys(of: team, limit, request.requester, session)
            let compat = desk.policy.compat
            return OfficeAnswer.object([
                "team_id": .string(id),
                "team_info": .object(
                    TeamAnswer.info(
                        team, members: members, access: try Self.access(request.requester, team, session), compat)),
                "keys": .array(
                    keys.map {
                        .object(UserAnswer.key($0, teamAlias: team.document.string("team_alias"), compat))
                    }),
                "team_memberships": .array(
                    members.map { member in
                        let budget = member.membership.document.string("budget_id").flatMap { budgets[$0] }
                        return .object(TeamAnswer.membership(member.membership, budget: budget, of: team))
                    }),
            ])
        }
    }

    /// Teams, newest first; at most 1000 a page, which is also what an answer holds when no page is asked for. Overseers see
    /// all, everybody else his own and those of organizations that he is an admin of.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let pages = try Pages(request.query, standard: 1000, limit: 1000)
        return try await desk.list { session in
            var query = EntityQuery(try Self.conditions(request, session))
            pages.apply(to: &query)
            let teams = try session.page(.teams, query).entities
            return OfficeAnswer(
                .array(
                    try teams.map { team in
                        .object(
                            TeamAnswer.row(
                                team, members: try TeamAnswer.members(of: team, session), adding: ["keys": []]))
                    }))
        }
    }

    /// A page of teams, at most 100.
    package func listV2(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let pages = try Pages(request.query, standard: 10)
        let sort = try ListSort(
            request.query,
            [
                "team_id": .id, "team_alias": .field(.teamAlias), "created_at": .createdAt, "updated_at": .updatedAt,
                "spend": .spend,
            ], standard: "asc")
        return try await desk.list { session in
            var query = EntityQuery(try Self.conditions(request, session))
            sort.apply(to: &query)
            pages.apply(to: &query)
            // Deleted teams are kept in the audit only.
            let isForDeleted = request.query["status"] == "deleted"
            let page = isForDeleted ? EntityPage(entities: [], total: 0) : try session.page(.teams, query)
            let teams = try page.entities.map { team -> JSONValue in
                let members = try TeamAnswer.members(of: team, session)
                return .object(
                    TeamAnswer.row(team, members: members, adding: ["members_count": .int(members.count)]))
            }
            return OfficeAnswer.object([
                "teams": .array(teams), "total": .int(page.total), "page": .int(pages.page),
                "page_size": .int(pages.size), "total_pages": .int(pages.count(of: page.total)),
            ])
        }
    }

    /// The teams of `default_internal_user_params.available_teams`, which everybody may know of.
    package func available(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let ids = Array(UserOffice.unique(desk.policy.defaultUserParams.strings("available_teams")).prefix(1000))
        if ids.isEmpty { return OfficeAnswer(.array([])) }
        return try await desk.read { session in
            let teams = try session.entities(.teams, ids: ids).sorted { $0.id < $1.id }
            // Who is in them is the members' business.
            return OfficeAnswer(.array(teams.map { .object(TeamAnswer.row($0, members: [])) }))
        }
    }

    // MARK: What is seen

    /// Members who are no admins see their own keys only.
    private static func keys(
        of team: Entity, _ limit: Int, _ requester: Requester, _ session: any StoreSession
    ) throws -> [Entity] {
        let standing = Standing(session: session, requester: requester)
        let seesAll =
            try requester.oversees || standing.isAdmin(ofTeam: team.id)
            || standing.administers(organization: team.document.string("organization_id"))
        if seesAll { return try session.entities(.keys, where: .teamID, is: team.id, limit: limit) }
        guard let user = requester.userID else {
            return try session.entity(.keys, requester.keyHash).map { [$0] } ?? []
        }
        return Array(
            try session.entities(.keys, where: .userID, is: user, limit: keysShown)
                .filter { $0.document.string("team_id") == team.id }.prefix(limit))
    }

    private static func access(
        _ requester: Requester, _ team: Entity, _ session: any StoreSession
    ) throws -> String {
        let standing = Standing(session: session, requester: requester)
        if try standing.mayGrant(to: team) { return "unrestricted" }
        return try standing.mayManage(team) ? "restricted" : "none"
    }

    private static func conditions(
        _ request: OfficeRequest, _ session: any StoreSession
    ) throws -> [EntityQuery.Condition] {
        let query = request.query
        var conditions: [EntityQuery.Condition] = []
        if let id = query["team_id"] { conditions.append(.id(id)) }
        if let alias = query["team_alias"] { conditions.append(.contains(.teamAlias, alias)) }
        if let text = query["search"] {
            let id: EntityQuery.Condition = query["search_team_id_match"] == "exact" ? .id(text) : .idContains(text)
            conditions.append(.any([id, .contains(.teamAlias, text)]))
        }
        if let organization = query["organization_id"] {
            conditions.append(.equals(.organizationID, organization))
        }
        if let user = query["user_id"] {
            conditions.append(.ids(try session.memberships(.team, ofUser: user).map(\.ownerID)))
        }
        let requester = request.requester
        if requester.oversees { return conditions }
        guard let user = requester.userID else {
            throw OfficeFault.forbidden("This key belongs to no user, so it has no teams to list.")
        }
        let mine = EntityQuery.Condition.ids(try session.memberships(.team, ofUser: user).map(\.ownerID))
        let organizations = try Standing(session: session, requester: requester).organizations()
        conditions.append(
            organizations.isEmpty ? mine : .any([mine, .oneOf(.organizationID, organizations)]))
        return conditions
    }
}
