import WeirAccess
import WeirCore

extension SQLStoreSession {
    private static let auditColumns = [
        "id", "at", "changed_by", "changed_by_key", "address", "action", "object_table", "object_id", "before_change",
        "after_change",
    ]

    func record(_ entry: AuditEntry) throws(StoreFault) {
        let columns = Self.auditColumns
        try execute(
            """
            INSERT INTO weir_audit (\(columns.joined(separator: ", ")))
            VALUES (\(columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")))
            """,
            [
                .text(Self.clipped(entry.id)), .int(entry.at), .text(Self.clipped(entry.changedBy)),
                .text(Self.clipped(entry.changedByKey)), .text(Self.clipped(entry.address)),
                .text(Self.clipped(entry.action)), .text(Self.clipped(entry.table)),
                .text(Self.clipped(entry.objectID)),
                entry.before.map { .json($0) } ?? .null, entry.after.map { .json($0) } ?? .null,
            ])
        try tally("audit", add: 1)
    }

    func audit(_ query: AuditQuery) throws(StoreFault) -> (entries: [AuditEntry], total: Int) {
        var conditions = Self.conditions(query, dialect)
        let clause = conditions.clause
        // weir_audit_<field>, without a look at the table.
        let total =
            clause.isEmpty
            ? try tally("audit")
            : Int(
                try self.query("SELECT count(*) FROM weir_audit\(clause)", conditions.values).first?.neededInt(0) ?? 0)
        guard let span = PageSpan(page: query.page, size: query.size, total: total) else { return ([], total) }
        let limit = conditions.parameter(.int(Int64(span.limit)))
        let offset = conditions.parameter(.int(Int64(span.offset)))
        let (inner, outer) = (query.descends != span.isFromEnd ? "DESC" : "ASC", query.descends ? "DESC" : "ASC")
        // weir_audit_at or weir_audit_<field>, then the primary key for the rows of the page.
        let rows = try self.query(
            """
            SELECT \(Self.auditColumns.map { "t.\($0)" }.joined(separator: ", "))
            FROM (
                SELECT id FROM weir_audit\(clause)
                ORDER BY at \(inner), id \(inner)
                LIMIT \(limit) OFFSET \(offset)
            ) AS found
            JOIN weir_audit AS t ON t.id = found.id
            ORDER BY t.at \(outer), t.id \(outer)
            """, conditions.values)
        var entries: [AuditEntry] = []
        for row in rows { entries.append(try Self.entry(row)) }
        return (entries, total)
    }

    private static func conditions(_ query: AuditQuery, _ dialect: SQLDialect) -> Conditions {
        var conditions = Conditions(dialect)
        let texts = [
            ("id =", query.id), ("object_id =", query.objectID), ("changed_by =", query.changedBy),
            ("changed_by_key =", query.changedByKey), ("action =", query.action), ("object_table =", query.table),
        ]
        for (term, value) in texts { if let value { conditions.add(term, .text(value)) } }
        if let from = query.from { conditions.add("at >=", .int(from)) }
        if let to = query.to { conditions.add("at <=", .int(to)) }
        return conditions
    }

    private static func entry(_ row: SQLRow) throws(StoreFault) -> AuditEntry {
        AuditEntry(
            id: try row.neededText(0), at: try row.neededInt(1), changedBy: try row.neededText(2),
            changedByKey: try row.neededText(3), address: try row.neededText(4), action: try row.neededText(5),
            table: try row.neededText(6), objectID: try row.neededText(7),
            before: row.text(8) == nil ? nil : try row.document(8),
            after: row.text(9) == nil ? nil : try row.document(9))
    }

    /// As much of a text as an index can hold: an entry is never refused for what somebody called himself.
    private static func clipped(_ text: String) -> String {
        if LookupField.fits(text) { return text }
        var clipped = text
        clipped.unicodeScalars.removeAll { $0 == "\0" }
        while clipped.utf8.count > LookupField.longest { clipped.unicodeScalars.removeLast() }
        return clipped
    }
}
