import WeirCore

extension Offices {
    package var tags: TagOffice { TagOffice(desk) }
}

/// Tags: words that go with requests, with models and a budget of their own.
package struct TagOffice: Sendable {
    private static let kept = ["description", "models", "model_info", "budget_id"]

    let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// Throws 409 for a name that is taken, 404 for an unknown budget.
    package func new(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let name = try Self.name(request.body)
        return try await desk.write { session in
            guard try session.entity(.tags, name) == nil else {
                throw OfficeFault.conflict("Tag \(name) already exists", "name")
            }
            let document = try Self.document(request, over: JSONObject(), name, session, desk)
            let tag = desk.entity(.tags, name, document, by: request.requester)
            try session.insert(tag)
            try desk.audit(session, request.requester, "created", .tags, name, before: nil, after: document)
            return try Self.answer(tag, "Tag \(name) created successfully", session)
        }
    }

    /// Sets what the request names. Throws 404 for an unknown tag.
    package func update(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let name = try Self.name(request.body)
        return try await desk.write { session in
            guard let old = try session.entityForUpdate(.tags, name) else { throw Self.unknown(name) }
            let document = try Self.document(request, over: old.document, name, session, desk)
            let tag = desk.changed(old, document, by: request.requester)
            try session.update(tag)
            let oldBudget = old.document.string("budget_id")
            if document.string("budget_id") != oldBudget {
                try BudgetRows(desk: desk, session: session, requester: request.requester)
                    .drop(oldBudget, heldBy: .entity(.tags, name))
            }
            try desk.audit(
                session, request.requester, "updated", .tags, name, before: old.document, after: document)
            return try Self.answer(tag, "Tag \(name) updated successfully", session)
        }
    }

    /// Those of `names` that exist, by name; at most 1000. Throws 404 when none of them does.
    package func info(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let names = request.body.strings("names")
        guard (1...1000).contains(names.count) else {
            throw .bad("names must name from 1 to 1000 tags.", "names")
        }
        return try await desk.read { session in
            let tags = try session.entities(.tags, ids: names).sorted { $0.id < $1.id }
            guard !tags.isEmpty else {
                throw OfficeFault.notFound("No tags found for names: \(names.prefix(10).joined(separator: ", "))")
            }
            let budgets = try Self.budgets(of: tags, session)
            return OfficeAnswer(
                JSONObject(tags.map { .init($0.id, .object(Self.shown($0, budgets))) }))
        }
    }

    /// Newest first, at most 1000 a page.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let pages = try Pages(request.query, standard: 1000, limit: 1000)
        return try await desk.list { session in
            var query = EntityQuery()
            pages.apply(to: &query)
            let tags = try session.page(.tags, query).entities
            let budgets = try Self.budgets(of: tags, session)
            return OfficeAnswer(.array(tags.map { .object(Self.shown($0, budgets)) }))
        }
    }

    /// Throws 404 for an unknown tag. The budget that was made for it goes with it.
    package func delete(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let desk = desk
        let name = try Self.name(request.body)
        return try await desk.write { session in
            guard let tag = try session.entityForUpdate(.tags, name) else { throw Self.unknown(name) }
            try session.delete(.tags, ids: [name])
            try BudgetRows(desk: desk, session: session, requester: request.requester)
                .drop(tag.document.string("budget_id"), heldBy: .entity(.tags, name))
            try desk.audit(
                session, request.requester, "deleted", .tags, name, before: tag.document, after: nil)
            return OfficeAnswer.object(["message": .string("Tag \(name) deleted successfully")])
        }
    }

    // MARK: Parts

    private static func document(
        _ request: OfficeRequest, over old: JSONObject, _ name: String, _ session: any StoreSession, _ desk: Desk
    ) throws -> JSONObject {
        let body = request.body
        let rows = BudgetRows(desk: desk, session: session, requester: request.requester)
        var document = RequestDraft.document(body, over: old, kept: kept)
        if BudgetRows.namesSettings(body) {
            guard body.value("budget_id") == nil else {
                throw OfficeFault.bad("Give either budget_id or limits such as max_budget, not both.", "budget_id")
            }
            document["budget_id"] = try rows.change(
                old.string("budget_id"), heldBy: .entity(.tags, name), body
            ).map { .string($0) }
        } else if let budget = body.value("budget_id")?.string {
            _ = try rows.require(budget)
        }
        return document
    }

    private static func answer(
        _ tag: Entity, _ message: String, _ session: any StoreSession
    ) throws -> OfficeAnswer {
        let budgets = try budgets(of: [tag], session)
        return OfficeAnswer.object(["message": .string(message), "tag": .object(shown(tag, budgets))])
    }

    private static func budgets(of tags: [Entity], _ session: any StoreSession) throws -> [String: Entity] {
        let ids = Set(tags.compactMap { $0.document.string("budget_id") })
        if ids.isEmpty { return [:] }
        return Dictionary(
            try session.entities(.budgets, ids: Array(ids)).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
        )
    }

    private static func shown(_ tag: Entity, _ budgets: [String: Entity]) -> JSONObject {
        TagAnswer.full(tag, budget: tag.document.string("budget_id").flatMap { budgets[$0] })
    }

    private static func unknown(_ name: String) -> OfficeFault { .notFound("Tag \(name) not found") }

    private static func name(_ body: JSONObject) throws(OfficeFault) -> String {
        guard let name = body.string("name"), !name.isEmpty else {
            throw .form([.init("name", "missing", "Field required")])
        }
        return name
    }
}
