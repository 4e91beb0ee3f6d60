import WeirCore

extension OrganizationOffice {
    private static let greatestBatchOfMembers = 500

    /// Adds one member or a list of them, all or none; users who are unknown are made. Throws 400 for who is a member
    /// already.
    package func addMembers(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let body = request.body
        let wanted = try Self.wanted(body.value("member"))
        return try await desk.write { session in
            let requester = request.requester
            let organization = try Self.managed(body.string("organization_id") ?? "", session, requester)
            let members = OrganizationMembers(desk: desk, session: session, requester: requester)
            let records = UserRecords(desk: desk, session: session, requester: requester)
            var users: [JSONValue] = []
            var added: [JSONValue] = []
            for wanted in wanted {
                let user = try records.ensure(id: wanted.id, email: wanted.email, home: organization.id)
                let member = try members.add(user.id, role: wanted.role, to: organization.id, limits: body)
                let budget = try member.document.string("budget_id").flatMap { try session.entity(.budgets, $0) }
                users.append(.object(UserAnswer.added(user, teams: try records.teams(of: user.id))))
                added.append(.object(OrganizationAnswer.membership(member, user: user, budget: budget)))
            }
            return OfficeAnswer.object([
                "organization_id": .string(organization.id), "updated_users": .array(users),
                "updated_organization_memberships": .array(added),
            ])
        }
    }

    /// Sets a member's role and budget. Throws 404 for who is no member.
    package func updateMember(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await withMember(request) { members, member in
            try members.change(member, request.body)
        }
    }

    /// Takes a member out of the organisation. Throws 404 for who is no member, 400 for who still is a member of a team of
    /// it.
    package func deleteMember(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await withMember(request) { members, member in
            try members.remove(member)
            return member
        }
    }

    private func withMember(
        _ request: OfficeRequest,
        _ work: @escaping @Sendable (OrganizationMembers, Membership) throws -> Membership
    ) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let body = request.body
        return try await desk.write { session in
            let requester = request.requester
            let organization = try Self.managed(body.string("organization_id") ?? "", session, requester)
            let members = OrganizationMembers(desk: desk, session: session, requester: requester)
            let member = try work(members, try members.member(body, of: organization.id))
            let user = try session.entity(.users, member.userID)
            let budget = try member.document.string("budget_id").flatMap { try session.entity(.budgets, $0) }
            return OfficeAnswer(OrganizationAnswer.membership(member, user: user, budget: budget))
        }
    }

    private static func wanted(_ value: JSONValue?) throws(OfficeFault) -> [TeamMembers.Wanted] {
        let values = value?.array ?? value.map { [$0] } ?? []
        guard (1...greatestBatchOfMembers).contains(values.count) else {
            throw .bad("Give from 1 to \(greatestBatchOfMembers) members.", "member")
        }
        return try values.map { (value) throws(OfficeFault) in
            guard let object = value.object else {
                throw .form([
                    .init("member", "dict_type", "Input should be {\"role\", \"user_id\" or \"user_email\"}")
                ])
            }
            let filled = try OrganizationForms.member.read(object).values
            let (id, email) = (filled.value("user_id")?.string, filled.value("user_email")?.string)
            guard id?.isEmpty != true, id != nil || email?.isEmpty == false else {
                throw .form([.init("member", "value_error", "Either user_id or user_email must be provided")])
            }
            return .init(role: filled.string("role") ?? "", id: id, email: email)
        }
    }
}

/// Members of organisations within a transaction.
struct OrganizationMembers {
    let desk: Desk
    let session: any StoreSession
    let requester: Requester

    /// The membership that a request means by `user_id` or `user_email`. Throws 404 for who is no member.
    func member(_ body: JSONObject, of organization: String) throws -> Membership {
        let id = body.value("user_id")?.string
        let email = body.value("user_email")?.string
        guard id != nil || email != nil else {
            throw OfficeFault.bad("Either user_id or user_email must be provided.", "user_id")
        }
        let user =
            try id ?? UserRecords(desk: desk, session: session, requester: requester).find(email: email ?? "")?.id
        guard let user, let member = try session.membership(.organization, organization, user: user) else {
            throw OfficeFault.notFound("User \(id ?? email ?? "") is no member of organization \(organization).")
        }
        return member
    }

    /// Makes `user` a member. Throws 400 when he is one.
    @discardableResult
    func add(_ user: String, role: String, to organization: String, limits: JSONObject) throws -> Membership {
        guard try session.membership(.organization, organization, user: user) == nil else {
            throw OfficeFault.bad(
                "User \(user) is already in organization \(organization). Change him with /organization/member_update.",
                "user_id")
        }
        let now = JSONValue.int(desk.now)
        var document: JSONObject = ["created_at": now, "updated_at": now]
        if let most = limits.value("max_budget_in_organization") {
            document["budget_id"] = .string(
                try rows.make(["max_budget": most], heldBy: .member(.organization, organization, user: user)).id)
        }
        let member = Membership(
            owner: .organization, ownerID: organization, userID: user, role: role, document: document)
        try session.put(member)
        try note(member, before: nil, after: member)
        return member
    }

    /// Sets what `body` names of a member.
    func change(_ member: Membership, _ body: JSONObject) throws -> Membership {
        var changed = member
        changed.role = body.value("role")?.string ?? member.role
        changed.document["updated_at"] = .int(desk.now)
        if let most = body["max_budget_in_organization"] {
            changed.document["budget_id"] = try rows.change(
                member.document.string("budget_id"),
                heldBy: .member(.organization, member.ownerID, user: member.userID), ["max_budget": most]
            ).map { .string($0) }
        }
        try session.put(changed)
        try note(member, before: member, after: changed)
        return changed
    }

    /// Takes a member out. Throws 400 for who is a member of one of its teams.
    func remove(_ member: Membership) throws {
        let ids = try session.memberships(.team, ofUser: member.userID).map(\.ownerID)
        let teams = ids.isEmpty ? [] : try session.entities(.teams, ids: ids)
        let here = teams.filter { $0.document.string("organization_id") == member.ownerID }.map(\.id).sorted()
        guard here.isEmpty else {
            throw OfficeFault.bad(
                "User \(member.userID) is a member of its teams \(here.prefix(5).joined(separator: ", ")). Take him out of "
                    + "them first.", "user_id")
        }
        try session.remove(.organization, member.ownerID, user: member.userID)
        try rows.drop(of: [member])
        try note(member, before: member, after: nil)
    }

    private var rows: BudgetRows { BudgetRows(desk: desk, session: session, requester: requester) }

    private func note(_ member: Membership, before: Membership?, after: Membership?) throws(StoreFault) {
        func shown(_ member: Membership?) -> JSONObject? {
            member.map {
                let own: JSONObject = ["user_id": .string($0.userID), "role": .string($0.role)]
                return ["member": .object(own.merging($0.document))]
            }
        }
        try desk.audit(
            session, requester, "updated", .organizations, member.ownerID, before: shown(before), after: shown(after))
    }
}
