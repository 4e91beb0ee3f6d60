import WeirCore

extension Offices {
    package var organizations: OrganizationOffice { OrganizationOffice(desk) }
}

/// Organisations: they own teams, and have models and a budget that no team of theirs exceeds.
package struct OrganizationOffice: Sendable {
    private static let kept = ["organization_alias", "models", "object_permission", "budget_id"]
    private static let within = ["model_rpm_limit", "model_tpm_limit"]
    private static let greatestBatch = 1000

    let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// Makes an organisation, with a budget of its own unless `budget_id` names one. Throws 409 for an id that is taken, 404 for
    /// an unknown budget.
    package func new(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let body = request.body
        guard body.value("organization_id")?.string?.isEmpty != true else {
            throw .form([.init("organization_id", "value_error", "must not be empty")])
        }
        return try await desk.write { session in
            let id = body.value("organization_id")?.string ?? desk.newID()
            guard try session.entity(.organizations, id) == nil else {
                throw OfficeFault.conflict("Organization \(id) exists already.", "organization_id")
            }
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            var document = RequestDraft.document(body, kept: Self.kept, within: Self.within)
            if let budget = body.value("budget_id")?.string {
                try Self.refuseBoth(body)
                _ = try rows.require(budget)
            } else {
                document["budget_id"] = .string(try rows.make(body, heldBy: .entity(.organizations, id)).id)
            }
            let organization = desk.entity(.organizations, id, document, by: request.requester)
            try session.insert(organization)
            try desk.audit(
                session, request.requester, "created", .organizations, id, before: nil, after: document)
            return OfficeAnswer(OrganizationAnswer.row(organization))
        }
    }

    /// Sets what the request names; limits go into a budget of its own. Its admins change its name and metadata, admins of
    /// the gateway all.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let body = request.body
        let id = request.path["organization_id"] ?? body.string("organization_id") ?? ""
        return try await desk.write { session in
            let old = try Self.managed(id, session, request.requester)
            try Self.checkRights(body, request.requester)
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            let holder = BudgetRows.Holder.entity(.organizations, id)
            let oldBudget = old.document.string("budget_id")
            var document = RequestDraft.document(body, over: old.document, kept: Self.kept, within: Self.within)
            if BudgetRows.namesSettings(body) {
                try Self.refuseBoth(body)
                document["budget_id"] = try rows.change(oldBudget, heldBy: holder, body).map { .string($0) }
            } else if let budget = body.value("budget_id")?.string {
                _ = try rows.require(budget)
            }
            let organization = desk.changed(old, document, by: request.requester)
            try session.update(organization)
            if document.string("budget_id") != oldBudget { try rows.drop(oldBudget, heldBy: holder) }
            try desk.audit(
                session, request.requester, "updated", .organizations, id, before: old.document, after: document)
            return OfficeAnswer(try Self.full(organization, session, request.requester))
        }
    }

    /// Deletes organisations with their memberships and budgets, all of them or none. Throws 400 for one that has teams.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let ids = UserOffice.unique(request.body.strings("organization_ids"))
        guard (1...Self.greatestBatch).contains(ids.count) else {
            throw .bad("organization_ids must name from 1 to \(Self.greatestBatch) organizations.", "organization_ids")
        }
        return try await desk.write { session in
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            var deleted: [JSONValue] = []
            for id in ids.sorted() {
                guard let old = try session.entityForUpdate(.organizations, id) else { throw Self.unknown(id) }
                try Self.checkUnused(id, session)
                let members = try session.members(.organization, of: id)
                try session.delete(.organizations, ids: [id])
                try rows.drop(of: members)
                try rows.drop(old.document.string("budget_id"), heldBy: .entity(.organizations, id))
                try desk.audit(
                    session, request.requester, "deleted", .organizations, id, before: old.document, after: nil)
                deleted.append(.object(OrganizationAnswer.row(old)))
            }
            return OfficeAnswer(.array(deleted))
        }
    }

    private static func checkUnused(_ id: String, _ session: any StoreSession) throws {
        let teams = try session.count(.teams, [.equals(.organizationID, id)])
        let keys = try session.count(.keys, [.equals(.organizationID, id)])
        guard teams + keys > 0 else { return }
        let uses = [(teams, "team"), (keys, "key")].filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        throw OfficeFault.bad(
            "Organization \(id) has \(uses.joined(separator: " and ")). Delete them first, or move them to another.",
            "organization_ids")
    }

    // MARK: Lists

    /// Organisations with budgets, members and teams, newest first; at most 100 a page. Members see their own.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let pages = try Pages(request.query, standard: 100)
        return try await desk.list { session in
            var query = EntityQuery()
            if let id = request.query["org_id"] { query.conditions.append(.id(id)) }
            if let alias = request.query["org_alias"] { query.conditions.append(.contains(.organizationAlias, alias)) }
            if !request.requester.oversees {
                let user = request.requester.userID ?? ""
                query.conditions.append(.ids(try session.memberships(.organization, ofUser: user).map(\.ownerID)))
            }
            pages.apply(to: &query)
            let organizations = try session.page(.organizations, query).entities
            return OfficeAnswer(
                .array(try organizations.map { .object(try Self.full($0, session, request.requester)) }))
        }
    }

    /// Throws 404 for an unknown organisation, 403 for one that the requester is no member of.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.query["organization_id"] ?? ""
        return try await desk.read { session in
            OfficeAnswer(try Self.full(try Self.seen(id, session, request.requester), session, request.requester))
        }
    }

    /// The same for several, by a POST.
    package func infos(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let ids = UserOffice.unique(request.body.strings("organizations"))
        guard (1...100).contains(ids.count) else {
            throw .bad(
                "Specify from 1 to 100 organization ids to query; \(ids.count) were passed in.", "organizations")
        }
        return try await desk.read { session in
            OfficeAnswer(
                .array(
                    try ids.map {
                        .object(
                            try Self.full(try Self.seen($0, session, request.requester), session, request.requester))
                    }))
        }
    }

    /// Teams are shown as rows; 1000 of them at most.
    private static func full(
        _ organization: Entity, _ session: any StoreSession, _ requester: Requester
    ) throws -> JSONObject {
        let members = try session.members(.organization, of: organization.id)
        let users =
            members.isEmpty ? [] : try session.entities(.users, ids: members.map(\.userID))
        let byID = Dictionary(users.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let budgets = try TeamOffice.budgets(of: members, session)
        let teams = try teams(of: organization.id, session, requester)
        return OrganizationAnswer.full(
            organization,
            budget: try organization.document.string("budget_id").flatMap { try session.entity(.budgets, $0) },
            members: members.map { member in
                let budget = member.document.string("budget_id").flatMap { budgets[$0] }
                return .object(
                    OrganizationAnswer.membership(member, user: byID[member.userID], budget: budget))
            },
            teams: teams.map { .object(TeamAnswer.row($0, members: [])) })
    }

    /// Who is no admin of it sees of its teams his own.
    private static func teams(
        of id: String, _ session: any StoreSession, _ requester: Requester
    ) throws -> [Entity] {
        let all = try session.entities(.teams, where: .organizationID, is: id, limit: 1000)
        let standing = Standing(session: session, requester: requester)
        if try requester.oversees || standing.administers(organization: id) { return all }
        let own = try requester.userID.map { try session.memberships(.team, ofUser: $0).map(\.ownerID) } ?? []
        return all.filter { own.contains($0.id) || $0.id == requester.teamID }
    }

    // MARK: Whose organisation

    static func unknown(_ id: String) -> OfficeFault {
        .notFound("Organization not found for organization_id=\(id)")
    }

    /// The organisation, for a change by an admin of the gateway or by one of its own.
    static func managed(_ id: String, _ session: any StoreSession, _ requester: Requester) throws -> Entity {
        let standing = Standing(session: session, requester: requester)
        guard try requester.isAdmin || (standing.mayChange && standing.administers(organization: id)) else {
            throw OfficeFault.forbidden("You may not change organization \(id): you are no admin of it.")
        }
        guard let organization = try session.entityForUpdate(.organizations, id) else { throw unknown(id) }
        return organization
    }

    private static func seen(_ id: String, _ session: any StoreSession, _ requester: Requester) throws -> Entity {
        let standing = Standing(session: session, requester: requester)
        guard try requester.oversees || standing.isMember(ofOrganization: id) else {
            throw OfficeFault.forbidden("You may not see organization \(id): you are no member of it.")
        }
        guard let organization = try session.entity(.organizations, id) else { throw unknown(id) }
        return organization
    }

    /// An organisation's own admin would otherwise give it more than it was given.
    private static func checkRights(_ body: JSONObject, _ requester: Requester) throws(OfficeFault) {
        if requester.isAdmin { return }
        let own: Set<String> = ["organization_id", "organization_alias", "metadata"]
        let limits = body.object("metadata").map { metadata in within.filter { metadata[$0] != nil } } ?? []
        let refused = body.names.filter { !own.contains($0) } + limits
        guard refused.isEmpty else {
            throw .forbidden(
                "Only admins of the gateway may set \(refused.joined(separator: ", ")) of an organization.")
        }
    }

    private static func refuseBoth(_ body: JSONObject) throws(OfficeFault) {
        guard body.value("budget_id") == nil || !BudgetRows.namesSettings(body) else {
            throw .bad("Give either budget_id or limits such as max_budget, not both.", "budget_id")
        }
    }
}
