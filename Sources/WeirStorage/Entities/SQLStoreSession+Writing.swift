import WeirAccess
import WeirCore

extension SQLStoreSession {
    func insert(_ entity: Entity) throws(StoreFault) {
        let table = EntityTable(entity.kind)
        try table.check(entity)
        let copies = table.copies(of: entity)
        let columns = EntityTable.columns + copies.map(\.column)
        let parameters = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let values: [SQLValue] =
            [
                .text(entity.id), .int(Int64(entity.version)), .nanodollars(entity.spend), .int(entity.createdAt),
                .int(entity.updatedAt), .text(entity.createdBy), .text(entity.updatedBy), .json(entity.document),
            ] + copies.map(\.value)
        // A conflict is no fault of the statement: PostgreSQL would end the transaction for one.
        let inserted = try execute(
            """
            INSERT INTO \(table.name) (\(columns.joined(separator: ", "))) VALUES (\(parameters))
            ON CONFLICT DO NOTHING
            """, values)
        guard inserted == 1 else { throw .duplicate(entity.kind, try conflict(entity)) }
        try tally(entity.kind.rawValue, add: 1)
        try note(entity.kind.rawValue, entity.id)
    }

    func update(_ entity: Entity) throws(StoreFault) {
        let table = EntityTable(entity.kind)
        guard !entity.id.utf8.contains(0) else { throw .missing(entity.kind, entity.id) }
        // Primary key.
        let stored = try query("SELECT version FROM \(table.name) WHERE id = $1", [.text(entity.id)])
        guard let version = stored.first?.int(0) else { throw .missing(entity.kind, entity.id) }
        guard version == Int64(entity.version) else { throw .stale(entity.kind, entity.id) }
        try table.check(entity)
        if let field = try takenField(entity) { throw .duplicate(entity.kind, field) }
        try write(entity, into: table)
        try note(entity.kind.rawValue, entity.id)
    }

    private func write(_ entity: Entity, into table: EntityTable) throws(StoreFault) {
        let copies = table.copies(of: entity)
        let columns = ["spend", "updated", "updated_by", "document"] + copies.map(\.column)
        let settings = columns.enumerated().map { "\($1) = $\($0 + 1)" }.joined(separator: ", ")
        let values: [SQLValue] =
            [.nanodollars(entity.spend), .int(entity.updatedAt), .text(entity.updatedBy), .json(entity.document)]
            + copies.map(\.value)
        let updated: Int
        do {
            // Primary key.
            updated = try sql.execute(
                """
                UPDATE \(table.name) SET \(settings), version = version + 1
                WHERE id = $\(columns.count + 1) AND version = $\(columns.count + 2)
                """, values + [.text(entity.id), .int(Int64(entity.version))])
        } catch {
            throw StoreFault(error, writing: entity.kind)
        }
        guard updated == 1 else { throw .stale(entity.kind, entity.id) }
    }

    /// What stands in the way of an insert: the id (nil) before all else.
    private func conflict(_ entity: Entity) throws(StoreFault) -> LookupField? {
        // Primary key.
        let same = try query("SELECT 1 FROM \(EntityTable(entity.kind).name) WHERE id = $1", [.text(entity.id)])
        return same.isEmpty ? try takenField(entity) : nil
    }

    /// The unique field whose value another entity has; nil when there is none.
    private func takenField(_ entity: Entity) throws(StoreFault) -> LookupField? {
        let table = EntityTable(entity.kind)
        for field in LookupField.unique(of: entity.kind) {
            guard let value = field.value(of: entity) else { continue }
            var values: [SQLValue] = [.text(value), .text(entity.id)]
            var sameTeam = ""
            if field == .keyAlias {
                sameTeam = " AND COALESCE(team_id, '') = $3"
                values.append(.text(LookupField.teamID.value(of: entity) ?? ""))
            }
            // weir_<kind>_<field>.
            let others = try query(
                "SELECT id FROM \(table.name) WHERE \(field.rawValue) = $1 AND id <> $2\(sameTeam) LIMIT 1", values)
            if !others.isEmpty { return field }
        }
        return nil
    }

    @discardableResult
    func delete(_ kind: EntityKind, ids: [String]) throws(StoreFault) -> Int {
        ids.isEmpty ? 0 : try delete(kind, where: [.ids(ids)])
    }

    @discardableResult
    func delete(_ kind: EntityKind, where conditions: [EntityQuery.Condition]) throws(StoreFault) -> Int {
        if conditions.isEmpty { return 0 }
        let table = EntityTable(kind)
        let conditions = try Conditions(conditions, of: kind, dialect)
        // Each by the primary key or weir_<kind>_<field>. Nobody writes in between: all of them mean the same rows.
        let chosen = "FROM \(table.name)\(conditions.clause)"
        try execute(
            "INSERT INTO weir_changes (kind, id) SELECT '\(kind.rawValue)', id \(chosen) ORDER BY id", conditions.values
        )
        try deleteMemberships(of: kind, "SELECT id \(chosen)", conditions.values)
        let deleted = try execute("DELETE \(chosen)", conditions.values)
        try tally(kind.rawValue, add: -deleted)
        return deleted
    }
}
