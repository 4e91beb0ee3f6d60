import WeirCore

extension TeamOffice {
    /// Members that one request adds at most.
    static let greatestBatchOfMembers = 500
    private static let greatestAll = 10_000

    /// Adds one member or a list of them, all or none; users who are unknown are made. Throws 400 for who is a member
    /// already.
    package func addMembers(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let wanted = try Self.wanted(request.body.value("member"), "member")
        return try await desk.write { session in
            let team = try Self.managed(request.body.string("team_id") ?? "", session, request.requester)
            let members = TeamMembers(desk: desk, session: session, requester: request.requester)
            let added = try wanted.map {
                try members.add(
                    try members.person($0, of: team), role: $0.role, to: team, limits: request.body)
            }
            return OfficeAnswer(
                TeamAnswer.row(
                    team, members: try TeamAnswer.members(of: team, session),
                    adding: [
                        "updated_users": .array(try Self.users(of: added, session)),
                        "updated_team_memberships": .array(try Self.memberships(added, session)),
                    ]))
        }
    }

    /// Adds up to 500 members, or everybody (up to 10,000). One who cannot be added is told in `results`, and the others are
    /// added all the same.
    package func addMembersInBulk(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let isForAll = request.body.value("all_users")?.bool == true
        guard !isForAll || request.requester.isAdmin else {
            throw .forbidden("Only admins of the gateway may add everybody to a team.")
        }
        let wanted = isForAll ? [] : try Self.wanted(request.body.value("members"), "members")
        return try await desk.write { session in
            let team = try Self.managed(request.body.string("team_id") ?? "", session, request.requester)
            let members = TeamMembers(desk: desk, session: session, requester: request.requester)
            try members.check(request.body, team)
            let all = isForAll ? try Self.everybody(session, besides: team) : wanted
            let results = try all.map { try Self.result(of: $0, members, team, request.body) }
            let failed = results.filter { $0["success"] == false }.count
            return OfficeAnswer.object([
                "team_id": .string(team.id), "results": .array(results.map { .object($0) }),
                "total_requested": .int(all.count), "successful_additions": .int(all.count - failed),
                "failed_additions": .int(failed),
                "updated_team": .object(
                    TeamAnswer.row(team, members: try TeamAnswer.members(of: team, session))),
            ])
        }
    }

    /// Sets what the request names of a member's role and limits. Throws 404 for who is no member.
    package func updateMember(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let body = request.body
        return try await desk.write { session in
            let team = try Self.managed(body.string("team_id") ?? "", session, request.requester)
            let members = TeamMembers(desk: desk, session: session, requester: request.requester)
            let member = try members.member(body, of: team)
            _ = try members.change(member, body, of: team)
            var answer: JSONObject = [
                "user_id": .string(member.userID), "user_email": body["user_email"] ?? .null,
                "team_id": .string(team.id),
            ]
            for name in [
                "max_budget_in_team", "tpm_limit", "rpm_limit", "budget_duration", "allowed_models",
                "temp_budget_increase", "temp_budget_expiry", "model_max_budget",
            ] {
                answer[name] = body[name] ?? .null
            }
            if let expiry = body.int("temp_budget_expiry") {
                answer["temp_budget_expiry"] = RecordShape.moment(Int64(expiry))
            }
            return OfficeAnswer(answer)
        }
    }

    /// Takes a member out of the team, with his keys of it. Throws 404 for who is no member.
    package func deleteMember(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.write { session in
            let team = try Self.managed(request.body.string("team_id") ?? "", session, request.requester)
            let members = TeamMembers(desk: desk, session: session, requester: request.requester)
            try members.remove(try members.member(request.body, of: team), from: team)
            return OfficeAnswer(
                TeamAnswer.row(team, members: try TeamAnswer.members(of: team, session)))
        }
    }

    /// What the requester is in a team, and what he may spend in it. Throws 404 for who is no member.
    package func me(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.path["team_id"] ?? ""
        return try await desk.read { session in
            guard let user = request.requester.userID,
                let member = try session.membership(.team, id, user: user)
            else { throw OfficeFault.notFound("You are no member of team \(id).") }
            let budget = try member.document.string("budget_id").flatMap { try session.entity(.budgets, $0) }
            return OfficeAnswer(
                TeamAnswer.membership(member, budget: budget).merging([
                    "role": .string(member.role),
                    "max_budget_in_team": budget?.document.value("max_budget") ?? JSONValue.null,
                    "tpm_limit": member.document.value("tpm_limit") ?? .null,
                    "rpm_limit": member.document.value("rpm_limit") ?? .null,
                    "allowed_models": member.document.value("allowed_models") ?? [],
                ]))
        }
    }

    // MARK: Parts

    private static func wanted(
        _ value: JSONValue?, _ field: String
    ) throws(OfficeFault) -> [TeamMembers.Wanted] {
        let values = value?.array ?? value.map { [$0] } ?? []
        guard (1...greatestBatchOfMembers).contains(values.count) else {
            throw .bad("Give from 1 to \(greatestBatchOfMembers) members.", field)
        }
        return try values.map { (value) throws(OfficeFault) in try TeamMembers.wanted(value, field) }
    }

    private static func users(of members: [Membership], _ session: any StoreSession) throws -> [JSONValue] {
        try session.entities(.users, ids: members.map(\.userID)).sorted { $0.id < $1.id }.map { user in
            let teams = try session.memberships(.team, ofUser: user.id).map(\.ownerID).sorted()
            return .object(UserAnswer.added(user, teams: teams))
        }
    }

    private static func memberships(_ members: [Membership], _ session: any StoreSession) throws -> [JSONValue] {
        let budgets = try budgets(of: members, session)
        return members.map { member in
            let budget = member.document.string("budget_id").flatMap { budgets[$0] }
            return .object(TeamAnswer.membership(member, budget: budget))
        }
    }

    static func budgets(of members: [Membership], _ session: any StoreSession) throws -> [String: Entity] {
        let ids = Set(members.compactMap { $0.document.string("budget_id") })
        if ids.isEmpty { return [:] }
        return Dictionary(
            try session.entities(.budgets, ids: Array(ids)).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
        )
    }

    private static func everybody(
        _ session: any StoreSession, besides team: Entity
    ) throws -> [TeamMembers.Wanted] {
        let total = try session.count(.users, [])
        guard total <= greatestAll else {
            throw OfficeFault.bad(
                "There are \(total) users, and all_users adds \(greatestAll) at most: name them in members.",
                "all_users")
        }
        let present = Set(try session.members(.team, of: team.id).map(\.userID))
        var query = EntityQuery()
        query.order = .id
        query.descends = false
        query.size = 1000
        var all: [TeamMembers.Wanted] = []
        while true {
            let page = try session.page(.users, query).entities
            all += page.filter { !present.contains($0.id) }.map { .init(role: "user", id: $0.id, email: nil) }
            if page.count < query.size { return all }
            query.page += 1
        }
    }

    private static func result(
        of wanted: TeamMembers.Wanted, _ members: TeamMembers, _ team: Entity, _ body: JSONObject
    ) throws -> JSONObject {
        var result: JSONObject = [
            "user_id": wanted.id.map { .string($0) } ?? .null, "user_email": wanted.email.map { .string($0) } ?? .null,
            "success": true, "error": nil, "updated_user": nil, "updated_team_membership": nil,
        ]
        do {
            // Whether he is a member is asked before a user is made: a refusal leaves nothing behind.
            let known = try UserRecords(desk: members.desk, session: members.session, requester: members.requester)
                .find(id: wanted.id, email: wanted.email)?.id
            let user = try known ?? members.person(wanted, of: team)
            let member = try members.add(user, role: wanted.role, to: team, limits: body)
            result["user_id"] = .string(user)
            result["updated_user"] = try users(of: [member], members.session).first ?? .null
            result["updated_team_membership"] = try memberships([member], members.session).first ?? .null
        } catch let fault as OfficeFault {
            result["success"] = false
            result["error"] = .string(fault.message)
        }
        return result
    }
}
