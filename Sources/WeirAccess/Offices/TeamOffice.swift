import WeirCore

extension Offices {
    package var teams: TeamOffice { TeamOffice(desk) }
}

/// Teams: users who share models, limits and a budget.
package struct TeamOffice: Sendable {
    /// Teams that one request deletes at most.
    private static let greatestBatch = 1000

    let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// Makes a team; who makes it becomes its admin. Throws 400 for an id that is taken and for more than its organisation
    /// has, 404 for an unknown organisation, 403 for somebody who is neither an admin nor the admin of the organisation.
    package func new(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let wanted = try TeamMembers.wanted(atBirth: request.body)
        return try await desk.write { session in
            let requester = request.requester
            let body = Self.completed(request.body, desk)
            let organization = body.value("organization_id")?.string
            let standing = Standing(session: session, requester: requester)
            guard try requester.isAdmin || (standing.mayChange && standing.administers(organization: organization))
            else {
                throw OfficeFault.forbidden(
                    "Only admins may make teams; the admin of an organization names it in organization_id.")
            }
            let id = try Self.newID(body, desk)
            guard try session.entity(.teams, id) == nil else {
                throw OfficeFault.bad("Team id = \(id) already exists. Please use a different team id.", "team_id")
            }
            let records = TeamRecords(desk: desk, session: session, requester: requester)
            let team = desk.entity(.teams, id, try records.document(body, of: id, over: JSONObject()), by: requester)
            try session.insert(team)
            let members = TeamMembers(desk: desk, session: session, requester: requester)
            for member in members.withCreator(wanted) {
                let user = try members.person(member, of: team)
                if try session.membership(.team, id, user: user) == nil {
                    _ = try members.add(user, role: member.role, to: team, limits: JSONObject())
                }
            }
            try desk.audit(session, requester, "created", .teams, id, before: nil, after: team.document)
            return OfficeAnswer(
                TeamAnswer.row(team, members: try TeamAnswer.members(of: team, session)))
        }
    }

    /// Sets what the request names; a null takes a limit away. A team's own admins may lower its limits and narrow its
    /// models, never raise or widen them.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let id = request.path["team_id"] ?? request.body.string("team_id") ?? ""
        if let other = request.body.value("team_id")?.string, other != id {
            throw .bad("The body names team \(other), the path team \(id).", "team_id")
        }
        return try await desk.write { session in
            let requester = request.requester
            let old = try Self.managed(id, session, requester)
            let records = TeamRecords(desk: desk, session: session, requester: requester)
            try records.checkRights(request.body, on: old)
            let team = desk.changed(
                old, try records.document(request.body, of: id, over: old.document), by: requester)
            try session.update(team)
            try desk.audit(
                session, requester, "updated", .teams, id, before: old.document, after: team.document)
            return OfficeAnswer.object([
                "team_id": .string(id),
                "data": .object(TeamAnswer.row(team, members: try TeamAnswer.members(of: team, session))),
            ])
        }
    }

    /// Deletes teams with their keys, models, memberships and members' budgets, all of them or none.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let ids = UserOffice.unique(request.body.strings("team_ids"))
        guard (1...Self.greatestBatch).contains(ids.count) else {
            throw .bad("team_ids must name from 1 to \(Self.greatestBatch) teams.", "team_ids")
        }
        return try await desk.write { session in
            let requester = request.requester
            let rows = BudgetRows(desk: desk, session: session, requester: requester)
            for id in ids.sorted() {
                let team = try Self.managed(id, session, requester, toGrant: true)
                let members = try session.members(.team, of: id)
                let keys = try session.delete(.keys, where: [.equals(.teamID, id)])
                // A team that is given the same id later must not find them.
                let models = try session.delete(.models, where: [.equals(.teamID, id)])
                try session.delete(.teams, ids: [id])
                try rows.drop(of: members)
                try rows.drop(
                    team.document.object("metadata")?.string("team_member_budget_id"), heldBy: .entity(.teams, id))
                try desk.audit(
                    session, requester, "deleted", .teams, id,
                    before: team.document.merging(["deleted_keys": .int(keys), "deleted_models": .int(models)]),
                    after: nil)
            }
            return OfficeAnswer.object(["deleted_teams": .strings(ids)])
        }
    }

    /// Requests with the team's keys are refused.
    package func block(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await change(request, "blocked", toGrant: true) { $0["blocked"] = true }
    }

    package func unblock(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await change(request, "unblocked", toGrant: true) { $0["blocked"] = false }
    }

    // MARK: Models and permissions

    /// Adds models to those that the team may call. A team without a list may call all; with its first one, only that.
    package func addModels(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let models = request.body.strings("models")
        let desk = desk
        return try await change(request, "updated", toGrant: true) { document, session in
            if models.isEmpty { return }
            document["models"] = .strings(UserOffice.unique(document.strings("models") + models))
            try OrganizationLimits(desk: desk, session: session).check(document)
        }
    }

    /// Takes models from those that the team may call. The last one stays: an empty list would allow all.
    package func deleteModels(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let models = Set(request.body.strings("models"))
        return try await change(request, "updated", toGrant: true) { document in
            let old = document.strings("models")
            let left = old.filter { !models.contains($0) }
            guard !left.isEmpty || old.isEmpty else {
                throw OfficeFault.bad(
                    "The team would have no model left, which means that it may call all of them. Block it with "
                        + "/team/block, or set models to [\"no-default-models\"] with /team/update.", "models")
            }
            document["models"] = .strings(left)
        }
    }

    /// What members who are no admins may do with the team's keys.
    package func permissions(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.query["team_id"] ?? ""
        return try await desk.read { session in
            let team = try Self.seen(id, session, request.requester)
            let given = team.document.value("team_member_permissions")?.strings ?? TeamRecords.standardPermissions
            return OfficeAnswer.object([
                "team_id": .string(id), "team_member_permissions": .strings(given),
                "all_available_permissions": .strings(TeamRecords.permissions),
            ])
        }
    }

    package func setPermissions(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let permissions = request.body.strings("team_member_permissions")
        try TeamRecords.checkPermissions(permissions)
        return try await change(request, "updated", toGrant: false) {
            $0["team_member_permissions"] = .strings(UserOffice.unique(permissions))
        }
    }

    private func change(
        _ request: OfficeRequest, _ action: String, toGrant: Bool,
        _ edit: @escaping @Sendable (inout JSONObject) throws -> Void
    ) async throws(OfficeFault) -> OfficeAnswer {
        try await change(request, action, toGrant: toGrant) { document, _ in try edit(&document) }
    }

    private func change(
        _ request: OfficeRequest, _ action: String, toGrant: Bool,
        _ edit: @escaping @Sendable (inout JSONObject, any StoreSession) throws -> Void
    ) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let id = request.body.string("team_id") ?? ""
        return try await desk.write { session in
            let old = try Self.managed(id, session, request.requester, toGrant: toGrant)
            var document = old.document
            try edit(&document, session)
            let team = desk.changed(old, document, by: request.requester)
            try session.update(team)
            try desk.audit(
                session, request.requester, action, .teams, id, before: old.document, after: document)
            return OfficeAnswer(TeamAnswer.row(team, members: try TeamAnswer.members(of: team, session)))
        }
    }

    // MARK: Whose team

    /// The team, for a change. Throws 403 for somebody who may not make it, 404 for an unknown team.
    static func managed(
        _ id: String, _ session: any StoreSession, _ requester: Requester, toGrant: Bool = false
    ) throws -> Entity {
        guard let team = try session.entityForUpdate(.teams, id) else {
            guard requester.oversees else { throw OfficeFault.forbidden("You may not change team \(id).") }
            throw unknown(id)
        }
        let standing = Standing(session: session, requester: requester)
        guard try toGrant ? standing.mayGrant(to: team) : standing.mayManage(team) else {
            throw OfficeFault.forbidden(
                toGrant
                    ? "Only an admin of the gateway or of the team's organization may do this to team \(id)."
                    : "You may not change team \(id): ask one of its admins.")
        }
        return team
    }

    /// The team, to look at.
    static func seen(_ id: String, _ session: any StoreSession, _ requester: Requester) throws -> Entity {
        guard let team = try session.entity(.teams, id) else {
            guard requester.oversees else { throw OfficeFault.forbidden("You may not see team \(id).") }
            throw unknown(id)
        }
        guard try Standing(session: session, requester: requester).maySee(team) else {
            throw OfficeFault.forbidden("You may not see team \(id): you are no member of it.")
        }
        return team
    }

    static func unknown(_ id: String) -> OfficeFault { .notFound("Team not found, passed team_id=\(id)") }

    private static func newID(_ body: JSONObject, _ desk: Desk) throws(OfficeFault) -> String {
        guard let id = body.value("team_id")?.string else { return desk.newID() }
        guard !id.isEmpty else { throw .form([.init("team_id", "value_error", "must not be empty")]) }
        return id
    }

    private static func completed(_ body: JSONObject, _ desk: Desk) -> JSONObject {
        var completed = body
        for member in desk.policy.defaultTeamParams.members
        where completed.value(member.name) == nil && !member.value.isNull { completed[member.name] = member.value }
        return completed
    }
}
