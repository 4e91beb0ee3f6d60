import WeirCore

extension Offices {
    package var audit: AuditOffice { AuditOffice(desk) }
}

/// Who changed what, when and from where. Nothing of it can be changed.
package struct AuditOffice: Sendable {
    private static let greatestPage = 1000
    private static let day: Int64 = 86_400_000_000

    let desk: Desk

    package init(_ desk: Desk) { self.desk = desk }

    /// `GET /audit`.
    package func list(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let query = try Self.query(request.query)
        let (entries, total) = try await desk.list { session in try session.audit(query) }
        let answer: JSONObject = [
            "audit_logs": .array(entries.map { .object(Self.answer($0)) }),
            "total": .int(total),
            "page": .int(query.page),
            "page_size": .int(query.size),
            "total_pages": .int((total + query.size - 1) / query.size),
        ]
        return OfficeAnswer(answer)
    }

    /// `GET /audit/{id}`.
    package func entry(_ request: OfficeRequest) async throws(OfficeFault) -> OfficeAnswer {
        let id = request.path["id"] ?? ""
        var query = AuditQuery()
        query.id = id
        query.size = 1
        let asked = query
        let found = try await desk.read { session in try session.audit(asked).entries.first }
        guard let found else { throw .notFound("Audit log with ID \(id) not found") }
        return OfficeAnswer(Self.answer(found))
    }

    private static func query(_ given: [String: String]) throws(OfficeFault) -> AuditQuery {
        var query = AuditQuery()
        query.page = Int(given["page"] ?? "") ?? 1
        query.size = Int(given["page_size"] ?? "") ?? query.size
        guard (1...1_000_000).contains(query.page) else { throw .bad("page has to be 1 or more.", "page") }
        guard (1...greatestPage).contains(query.size) else {
            throw .bad("page_size has to be between 1 and \(greatestPage).", "page_size")
        }
        query.changedBy = given["changed_by"]
        query.changedByKey = given["changed_by_api_key"]
        query.action = given["action"]
        query.table = given["table_name"]
        query.objectID = given["object_id"]
        if let team = given["object_team_id"] { (query.table, query.objectID) = (Desk.table(.teams), team) }
        if let key = given["object_key_hash"] { (query.table, query.objectID) = (Desk.table(.keys), key) }
        query.from = given["start_date"].flatMap(Int64.init)
        // A day without an hour is meant to its end.
        query.to = given["end_date"].flatMap(Int64.init).map { $0 % day == 0 ? $0 + day - 1 : $0 }
        query.descends = given["sort_order"] != "asc"
        return query
    }

    private static func answer(_ entry: AuditEntry) -> JSONObject {
        [
            "id": .string(entry.id),
            "updated_at": .string(AnswerMoment.text(entry.at)),
            "changed_by": .string(entry.changedBy),
            "changed_by_api_key": .string(entry.changedByKey),
            "action": .string(entry.action),
            "table_name": .string(entry.table),
            "object_id": .string(entry.objectID),
            "before_value": entry.before.map { .object($0) } ?? .null,
            "updated_values": entry.after.map { .object($0) } ?? .null,
            "changed_from": .string(entry.address),
        ]
    }
}
