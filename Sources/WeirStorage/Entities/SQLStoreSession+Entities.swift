import WeirAccess
import WeirCore

extension SQLStoreSession {
    func entity(_ kind: EntityKind, _ id: String) throws(StoreFault) -> Entity? {
        try entity(kind, id, lock: "")
    }

    func entityForUpdate(_ kind: EntityKind, _ id: String) throws(StoreFault) -> Entity? {
        // Transactions that write wait for each other as it is; the lock is against statements that do not come from here.
        try entity(kind, id, lock: dialect == .postgres ? " FOR UPDATE" : "")
    }

    private func entity(_ kind: EntityKind, _ id: String, lock: String) throws(StoreFault) -> Entity? {
        if id.utf8.contains(0) { return nil }
        let table = EntityTable(kind)
        // Primary key.
        let rows = try query(
            "SELECT \(EntityTable.columns(of: "t")) FROM \(table.name) AS t WHERE t.id = $1\(lock)", [.text(id)])
        return try rows.first.map { row throws(StoreFault) in try table.entity(from: row) }
    }

    func entities(_ kind: EntityKind, ids: [String]) throws(StoreFault) -> [Entity] {
        if ids.isEmpty { return [] }
        let table = EntityTable(kind)
        let conditions = try Conditions([.ids(ids)], of: kind, dialect)
        // Primary key.
        return try table.entities(
            from: query(
                "SELECT \(EntityTable.columns(of: "t")) FROM \(table.name) AS t\(conditions.clause)", conditions.values)
        )
    }

    func entities(
        _ kind: EntityKind, where field: LookupField, is value: String, limit: Int
    ) throws(StoreFault) -> [Entity] {
        let table = EntityTable(kind)
        var conditions = try Conditions([.equals(field, value)], of: kind, dialect)
        let clause = conditions.clause
        let most = conditions.parameter(.int(Int64(max(0, limit))))
        // weir_<kind>_<field>.
        return try table.entities(
            from: query(
                """
                SELECT \(EntityTable.columns(of: "t")) FROM \(table.name) AS t\(clause)
                ORDER BY t.id LIMIT \(most)
                """, conditions.values))
    }

    /// Without conditions from the tally; else counted in the index of the conditions' field.
    func count(_ kind: EntityKind, _ conditions: [EntityQuery.Condition]) throws(StoreFault) -> Int {
        if conditions.isEmpty { return try tally(kind.rawValue) }
        // Most have one: fewer are counted that have none.
        if case .isSet(let field)? = conditions.first, conditions.count == 1 {
            return try tally(kind.rawValue) - count(kind, [.isNull(field)])
        }
        let conditions = try Conditions(conditions, of: kind, dialect)
        // weir_<kind>_<field>, without a look at the table.
        let rows = try query("SELECT count(*) FROM \(EntityTable(kind).name)\(conditions.clause)", conditions.values)
        return Int(try rows.first?.neededInt(0) ?? 0)
    }

    func page(_ kind: EntityKind, _ query: EntityQuery) throws(StoreFault) -> EntityPage {
        let total = try count(kind, query.conditions)
        guard let span = PageSpan(page: query.page, size: query.size, total: total) else {
            return EntityPage(entities: [], total: total)
        }
        let list = PagePlaces.List(kind, query)
        let place = places?.place(list, before: span)
        let statement = try EntityPaging(kind, query, span, from: place, dialect)
        let rows = try self.query(statement.sql, statement.values)
        let entities = try EntityTable(kind).entities(from: rows)
        places?.remember(list, span, entities)
        return EntityPage(entities: entities, total: total)
    }

    /// How many rows there are, as inserts and deletes counted them.
    func tally(_ name: String) throws(StoreFault) -> Int {
        // Primary key.
        let rows = try query("SELECT total FROM weir_tallies WHERE name = $1", [.text(name)])
        guard let row = rows.first else { throw .broken("there is no tally of \(name)") }
        return Int(try row.neededInt(0))
    }

    func tally(_ name: String, add number: Int) throws(StoreFault) {
        if number == 0 { return }
        // Primary key.
        try execute("UPDATE weir_tallies SET total = total + $1 WHERE name = $2", [.int(Int64(number)), .text(name)])
    }
}
