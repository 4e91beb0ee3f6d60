import WeirCore

extension Offices {
    package var customers: CustomerOffice { CustomerOffice(desk) }
}

/// End users: those whom the clients' applications serve. Only admins manage them.
package struct CustomerOffice: Sendable {
    private static let kept = [
        "alias", "blocked", "budget_id", "allowed_model_region", "default_model", "models", "object_permission",
    ]
    private static let greatestBatch = 1000

    let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// Throws 400 for an id that is taken, 404 for an unknown budget.
    package func new(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.write { session in
            let body = request.body
            let id = try Self.id(body)
            guard try session.entity(.customers, id) == nil else {
                throw OfficeFault(
                    400, "Customer already exists, passed user_id=\(id). Please pass a new user_id.",
                    type: "bad_request", param: "user_id")
            }
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            var document = RequestDraft.document(body, kept: Self.kept)
            if BudgetRows.hasSettings(body) {
                try Self.refuseBoth(body)
                document["budget_id"] = .string(try rows.make(body, heldBy: .entity(.customers, id)).id)
            } else if let budget = body.value("budget_id")?.string {
                _ = try rows.require(budget)
            }
            var customer = desk.entity(.customers, id, document, by: request.requester)
            customer.spend = body.money("spend") ?? .zero
            try session.insert(customer)
            try desk.audit(
                session, request.requester, "created", .customers, id, before: nil, after: customer.document)
            return try Self.answer(customer, session)
        }
    }

    /// Throws 404 for an unknown customer.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.query["end_user_id"] ?? ""
        return try await desk.read { session in
            guard let customer = try session.entity(.customers, id) else { throw Self.unknown(id) }
            return try Self.answer(customer, session)
        }
    }

    /// Sets what the request names. Limits go into a budget of his own: one that he shares stays as it is.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        return try await desk.write { session in
            let body = request.body
            let id = try Self.id(body)
            guard let old = try session.entityForUpdate(.customers, id) else { throw Self.unknown(id) }
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            let holder = BudgetRows.Holder.entity(.customers, id)
            let oldBudget = old.document.string("budget_id")
            var document = RequestDraft.document(body, over: old.document, kept: Self.kept)
            if BudgetRows.namesSettings(body) {
                try Self.refuseBoth(body)
                document["budget_id"] = try rows.change(oldBudget, heldBy: holder, body).map { .string($0) }
            } else if let budget = body.value("budget_id")?.string {
                _ = try rows.require(budget)
            }
            let customer = desk.changed(old, document, by: request.requester)
            try session.update(customer)
            if document.string("budget_id") != oldBudget { try rows.drop(oldBudget, heldBy: holder) }
            try desk.audit(
                session, request.requester, "updated", .customers, id, before: old.document, after: document)
            return try Self.answer(customer, session)
        }
    }

    /// At most 1000 at a time, all or none. Throws 404 naming those that are unknown.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let ids = try Self.ids(request.body)
        return try await desk.write { session in
            let found = try session.entities(.customers, ids: ids)
            let missing = Set(ids).subtracting(found.map(\.id)).sorted()
            guard missing.isEmpty else {
                throw OfficeFault.notFound(
                    "End User Id(s)=\(missing.prefix(10).joined(separator: ", ")) do not exist in db")
            }
            let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
            try session.delete(.customers, ids: ids)
            for customer in found.sorted(by: { $0.id < $1.id }) {
                try rows.drop(
                    customer.document.string("budget_id"), heldBy: .entity(.customers, customer.id))
                try desk.audit(
                    session, request.requester, "deleted", .customers, customer.id, before: customer.document,
                    after: nil)
            }
            return OfficeAnswer.object([
                "deleted_customers": .int(found.count),
                "message": .string("Successfully deleted customers with ids: \(ids.joined(separator: ", "))"),
            ])
        }
    }

    /// Newest first, at most 1000 a page.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let pages = try Pages(request.query, standard: 1000, limit: 1000)
        return try await desk.list { session in
            var query = EntityQuery(request.query["search"].map { [.idContains($0)] } ?? [])
            pages.apply(to: &query)
            let customers = try session.page(.customers, query).entities
            let budgets = try session.entities(
                .budgets, ids: Array(Set(customers.compactMap { $0.document.string("budget_id") })))
            let byID = Dictionary(budgets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            return OfficeAnswer(
                .array(
                    customers.map { customer in
                        let budget = customer.document.string("budget_id").flatMap { byID[$0] }
                        return .object(CustomerAnswer.full(customer, budget: budget))
                    }))
        }
    }

    /// Refuses the requests of these customers; those that are unknown are made, for a customer is known by his first
    /// request only.
    package func block(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await setBlocked(true, request)
    }

    /// Lets these customers in again; those that are unknown are made.
    package func unblock(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        try await setBlocked(false, request)
    }

    private func setBlocked(_ isBlocked: Bool, _ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let ids = try Self.ids(request.body).sorted()
        return try await desk.write { session in
            var rows: [JSONValue] = []
            for id in ids {
                let old = try session.entityForUpdate(.customers, id)
                let customer: Entity
                if let old {
                    customer = desk.changed(
                        old, old.document.merging(["blocked": .bool(isBlocked)]), by: request.requester)
                    try session.update(customer)
                } else {
                    customer = desk.entity(
                        .customers, id, ["blocked": .bool(isBlocked)], by: request.requester)
                    try session.insert(customer)
                }
                try desk.audit(
                    session, request.requester, isBlocked ? "blocked" : "unblocked", .customers, id,
                    before: old?.document, after: customer.document)
                rows.append(.object(CustomerAnswer.full(customer, budget: nil)))
            }
            return OfficeAnswer.object([isBlocked ? "blocked_users" : "unblocked_users": .array(rows)])
        }
    }

    // MARK: Checks

    private static func answer(_ customer: Entity, _ session: any StoreSession) throws -> OfficeAnswer {
        let budget = try customer.document.string("budget_id").flatMap { try session.entity(.budgets, $0) }
        return OfficeAnswer(CustomerAnswer.full(customer, budget: budget))
    }

    private static func unknown(_ id: String) -> OfficeFault {
        OfficeFault(404, "End User Id=\(id) does not exist in db", type: "not_found", param: "end_user_id")
    }

    private static func id(_ body: JSONObject) throws(OfficeFault) -> String {
        guard let id = body.string("user_id"), !id.isEmpty else {
            throw .form([.init("user_id", "missing", "Field required")])
        }
        return id
    }

    private static func ids(_ body: JSONObject) throws(OfficeFault) -> [String] {
        let ids = Set(body.strings("user_ids"))
        guard !ids.isEmpty, ids.count <= greatestBatch, !ids.contains("") else {
            throw .bad("user_ids must name from 1 to \(greatestBatch) customers.", "user_ids")
        }
        return ids.sorted()
    }

    private static func refuseBoth(_ body: JSONObject) throws(OfficeFault) {
        guard body.value("budget_id") == nil else {
            throw .bad("Give either budget_id or limits such as max_budget, not both.", "budget_id")
        }
    }
}
