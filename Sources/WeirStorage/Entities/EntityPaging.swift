import WeirAccess

/// The statement for one page of entities.
///
/// The ids are found in an index alone, from the end of it that is nearer, or from a place that is known; only the rows of the
/// page itself are read.
struct EntityPaging {
    let sql: String
    let values: [SQLValue]

    /// `place` is one before the page, or where it starts.
    init(
        _ kind: EntityKind, _ query: EntityQuery, _ span: PageSpan, from place: PagePlaces.Place?,
        _ dialect: SQLDialect
    ) throws(StoreFault) {
        let table = EntityTable(kind)
        var conditions = try Conditions(query.conditions, of: kind, dialect)
        if let place {
            let way = (query.descends ? "<" : ">") + (place.isIncluded ? "=" : "")
            conditions.start(try Self.columns(query.order, kind), way, place.row)
        }
        let clause = conditions.clause
        let limit = conditions.parameter(.int(Int64(span.limit)))
        let offset = conditions.parameter(.int(Int64(place.map { span.first - $0.offset } ?? span.offset)))
        let isFromEnd = place == nil && span.isFromEnd
        // Without conditions weir_<kind>_<order>, weir_<kind>_by_<field> or, for ids, the primary key; else weir_<kind>_<field>,
        // which has the entities of one value in the order in which they were made.
        sql = """
            SELECT \(EntityTable.columns(of: "t"))
            FROM (
                SELECT id FROM \(table.name)\(clause)
                ORDER BY \(try Self.order(query.order, kind, "", descends: query.descends != isFromEnd))
                LIMIT \(limit) OFFSET \(offset)
            ) AS found
            JOIN \(table.name) AS t ON t.id = found.id
            ORDER BY \(try Self.order(query.order, kind, "t.", descends: query.descends))
            """
        values = conditions.values
    }

    private static func order(
        _ order: EntityQuery.Order, _ kind: EntityKind, _ table: String, descends: Bool
    ) throws(StoreFault) -> String {
        let way = descends ? "DESC" : "ASC"
        var terms = try columns(order, kind).map { "\(table)\($0) \(way)" }
        if case .field = order { terms.insert("(\(table)\(try columns(order, kind)[0]) IS NULL) \(way)", at: 0) }
        return terms.joined(separator: ", ")
    }

    /// Ids break ties. Throws `broken` for a field that `kind` is not sorted by.
    private static func columns(_ order: EntityQuery.Order, _ kind: EntityKind) throws(StoreFault) -> [String] {
        switch order {
        case .createdAt: return ["created", "id"]
        case .updatedAt: return ["updated", "id"]
        case .spend: return ["spend", "id"]
        case .id: return ["id"]
        case .field(let field):
            guard SortField.fields(of: kind).contains(field) else {
                throw .broken("\(kind.rawValue) are not sorted by \(field.rawValue)")
            }
            return [EntityTable.column(of: field), "id"]
        }
    }
}
