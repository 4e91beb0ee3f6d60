import WeirCore

extension Offices {
    package var budgets: BudgetOffice { BudgetOffice(desk) }
}

/// Budgets that several may share.
package struct BudgetOffice: Sendable {
    let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// Throws 409 for an id that is taken.
    package func new(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.write { session in
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            let id = request.body.value("budget_id")?.string
            if let id, try session.entity(.budgets, id) != nil {
                throw OfficeFault.conflict("Budget \(id) exists already. Change it with /budget/update.", "budget_id")
            }
            let budget = try rows.make(request.body, id: id, heldBy: nil)
            try desk.audit(
                session, request.requester, "created", .budgets, budget.id, before: nil, after: budget.document)
            return OfficeAnswer(BudgetAnswer.full(budget))
        }
    }

    /// Sets what the request names; a null takes a limit away. Throws 404 for an unknown budget.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.write { session in
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            let id = request.body.string("budget_id") ?? ""
            guard let old = try session.entityForUpdate(.budgets, id) else { throw Self.unknown(id) }
            let budget = desk.changed(
                old, try rows.document(request.body, over: old.document), by: request.requester)
            try session.update(budget)
            try desk.audit(
                session, request.requester, "updated", .budgets, id, before: old.document, after: budget.document)
            return OfficeAnswer(BudgetAnswer.full(budget))
        }
    }

    /// The budgets with the ids in `budgets`, at most 1000; those that do not exist are left out.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let ids = request.body.strings("budgets")
        guard (1...1000).contains(ids.count) else {
            throw .bad("Specify from 1 to 1000 budget ids to query; \(ids.count) were passed in.", "budgets")
        }
        return try await desk.read { session in
            let found = try session.entities(.budgets, ids: ids)
            let byID = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            var seen: Set<String> = []
            let rows = ids.filter { seen.insert($0).inserted }.compactMap { byID[$0] }
            return OfficeAnswer(.array(rows.map { .object(BudgetAnswer.full($0)) }))
        }
    }

    /// What can be set on a budget, with what is set, one entry a setting. Throws 404 for an unknown budget.
    package func settings(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.query["budget_id"] ?? ""
        return try await desk.read { session in
            guard let budget = try session.entity(.budgets, id) else { throw Self.unknown(id) }
            return OfficeAnswer(.array(Self.shown.map { .object(Self.setting($0, of: budget)) }))
        }
    }

    /// Newest first, at most 1000 a page.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let pages = try Pages(request.query, standard: 1000, limit: 1000)
        return try await desk.list { session in
            var query = EntityQuery()
            pages.apply(to: &query)
            return OfficeAnswer(
                .array(try session.page(.budgets, query).entities.map { .object(BudgetAnswer.full($0)) }))
        }
    }

    /// Throws 404 for an unknown budget, 400 for one that is in use, naming where.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.write { session in
            let id = request.body.string("id") ?? ""
            guard let budget = try session.entityForUpdate(.budgets, id) else { throw Self.unknown(id) }
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            let uses = try rows.uses(of: budget)
            guard uses.isEmpty else {
                throw OfficeFault.bad(
                    "Budget \(id) is used by \(uses.joined(separator: ", ")). Give them another budget first.", "id")
            }
            try session.delete(.budgets, ids: [id])
            try desk.audit(
                session, request.requester, "deleted", .budgets, id, before: budget.document, after: nil)
            return OfficeAnswer(BudgetAnswer.full(budget))
        }
    }

    private static func unknown(_ id: String) -> OfficeFault { .notFound("Budget \(id) does not exist.") }

    // MARK: Settings

    private static let shown = [
        "max_parallel_requests", "tpm_limit", "rpm_limit", "tpd_limit", "max_budget", "soft_budget",
        "budget_duration",
    ]

    private static func setting(_ name: String, of budget: Entity) -> JSONObject {
        let field = BudgetForms.settings.first { $0.name == name }
        let type =
            switch field?.kind {
            case .count: "Integer"
            case .money: "Float"
            default: "String"
            }
        let value = budget.document.value(name)
        return [
            "field_name": .string(name), "field_type": .string(type),
            "field_description": .string(field?.summary ?? ""), "field_value": value ?? .null,
            "stored_in_db": .bool(value != nil), "field_default_value": nil, "premium_field": false,
            "nested_fields": nil,
        ]
    }
}
