import WeirCore

extension TeamOffice {
    /// Teams that `permissions_bulk_update` changes at most.
    private static let greatestBulk = 1000

    // MARK: What a member has spent

    /// `POST /team/{team_id}/member/{user_id}/reset_spend`: what he has spent in the team counts as `reset_to` from now on.
    package func resetMemberSpend(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await reset(request, to: request.body.money("reset_to") ?? .zero)
    }

    /// `POST /team/{team_id}/member/{user_id}/reset_budget`: as nothing.
    package func resetMemberBudget(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await reset(request, to: .zero)
    }

    private func reset(_ request: OfficeRequest, to target: Money) async throws(OfficeFault) -> OfficeAnswer {
        let (desk, id, user) = (desk, request.path["team_id"] ?? "", request.path["user_id"] ?? "")
        return try await desk.write { session in
            let team = try Self.managed(id, session, request.requester)
            guard let old = try session.membership(.team, team.id, user: user) else {
                throw OfficeFault.notFound("User \(user) is no member of team \(team.id).")
            }
            guard target <= old.spend else {
                throw OfficeFault.bad("reset_to=\(target) is more than is spent: \(old.spend).", "reset_to")
            }
            var new = old
            new.spend = target
            try session.put(new)
            func shown(_ spend: Money) -> JSONObject {
                ["member": ["user_id": .string(user), "spend": .money(spend)] as JSONValue]
            }
            try desk.audit(
                session, request.requester, "updated", .teams, team.id, before: shown(old.spend),
                after: shown(target))
            let budget = try new.document.string("budget_id").flatMap { try session.entity(.budgets, $0) }
            return OfficeAnswer.object([
                "team_id": .string(team.id), "user_id": .string(user), "spend": .money(target),
                "previous_spend": .money(old.spend), "max_budget": budget?.document["max_budget"] ?? .null,
                "budget_reset_at": budget?.document.int("budget_reset_at").map { RecordShape.moment(Int64($0)) }
                    ?? .null,
            ])
        }
    }

    // MARK: Permissions

    /// `POST /team/permissions_bulk_update`: adds to what members of many teams may do, of all of them or of none.
    package func addPermissions(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let (desk, body) = (desk, request.body)
        let added = UserOffice.unique(body.strings("permissions"))
        try TeamRecords.checkPermissions(added, "permissions")
        let (ids, takesAll) = (UserOffice.unique(body.strings("team_ids")), body.bool("apply_to_all_teams") ?? false)
        guard ids.isEmpty == takesAll, ids.count <= Self.greatestBulk else {
            throw .bad("Give either 1 to \(Self.greatestBulk) team_ids, or apply_to_all_teams.", "team_ids")
        }
        return try await desk.write { session in
            if takesAll, try session.count(.teams, []) > Self.greatestBulk {
                throw OfficeFault.bad(
                    "There are more than \(Self.greatestBulk) teams: name them in team_ids.", "apply_to_all_teams")
            }
            let all = takesAll ? try EntityWalk.all(.teams, session).map(\.id) : ids
            for id in all.sorted() {
                let old = try Self.managed(id, session, request.requester)
                let own = old.document.value("team_member_permissions")?.strings ?? TeamRecords.standardPermissions
                let merged = UserOffice.unique(own + added)
                guard merged != own else { continue }
                var document = old.document
                document["team_member_permissions"] = .strings(merged)
                try session.update(desk.changed(old, document, by: request.requester))
                try desk.audit(
                    session, request.requester, "updated", .teams, id, before: old.document, after: document)
            }
            return OfficeAnswer.object([
                "message": "Team permissions updated successfully", "teams_updated": .int(all.count),
                "permissions_appended": .strings(added),
            ])
        }
    }
}
