import WeirAccess

/// The statement for one page of entities.
///
/// The ids are found in an index alone, from the end of it that is nearer; only the rows of the page itself are read.
struct EntityPaging {
    let sql: String
    let values: [SQLValue]

    init(_ kind: EntityKind, _ query: EntityQuery, _ span: PageSpan, _ dialect: SQLDialect) throws(StoreFault) {
        let table = EntityTable(kind)
        var conditions = try Conditions(query.conditions, of: kind, dialect)
        let clause = conditions.clause
        let limit = conditions.parameter(.int(Int64(span.limit)))
        let offset = conditions.parameter(.int(Int64(span.offset)))
        // Without conditions weir_<kind>_<order> or, for ids, the primary key; else weir_<kind>_<field>, which has the entities
        // of one value in the order in which they were made.
        sql = """
            SELECT \(EntityTable.columns(of: "t"))
            FROM (
                SELECT id FROM \(table.name)\(clause)
                ORDER BY \(Self.order(query.order, "", descends: query.descends != span.isFromEnd))
                LIMIT \(limit) OFFSET \(offset)
            ) AS found
            JOIN \(table.name) AS t ON t.id = found.id
            ORDER BY \(Self.order(query.order, "t.", descends: query.descends))
            """
        values = conditions.values
    }

    private static func order(_ order: EntityQuery.Order, _ table: String, descends: Bool) -> String {
        let way = descends ? "DESC" : "ASC"
        return switch order {
        case .createdAt: "\(table)created \(way), \(table)id \(way)"
        case .updatedAt: "\(table)updated \(way), \(table)id \(way)"
        case .spend: "\(table)spend \(way), \(table)id \(way)"
        case .id: "\(table)id \(way)"
        }
    }
}
