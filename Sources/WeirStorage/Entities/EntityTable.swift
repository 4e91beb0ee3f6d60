import WeirAccess
import WeirCore

/// The table of a kind of entities: the same columns in each, and one for each field that they are found by.
struct EntityTable {
    /// In the order in which `entity(from:at:)` reads them.
    static let columns = ["id", "version", "spend", "created", "updated", "created_by", "updated_by", "document"]

    let kind: EntityKind

    init(_ kind: EntityKind) { self.kind = kind }

    var name: String { "weir_\(kind.rawValue)" }

    /// The fields with a column that is copied from the document.
    var fields: [LookupField] { LookupField.fields(of: kind).filter { $0 != .createdBy } }

    /// The columns that are copied from the document, with what stands in them.
    func copies(of entity: Entity) -> [(column: String, value: SQLValue)] {
        let sorted = SortField.fields(of: kind).filter { Self.column(of: $0) != $0.rawValue || $0.isMoney }
        return fields.map { ($0.rawValue, .text(orNull: $0.value(of: entity))) }
            + sorted.map { field in
                let value: SQLValue =
                    field.isMoney
                    ? field.money(of: entity).map { .nanodollars($0) } ?? .null : .text(orNull: field.text(of: entity))
                return (Self.column(of: field), value)
            }
    }

    /// Addresses and roles are in lowercase as they are; of other names there is a copy that is.
    static func column(of field: SortField) -> String {
        switch field {
        case .keyAlias, .userAlias, .teamAlias: "alias_folded"
        case .maxBudget, .userEmail, .userRole: field.rawValue
        }
    }

    /// The columns of an entity, each with the table's name in this statement before it.
    static func columns(of alias: String) -> String { columns.map { "\(alias).\($0)" }.joined(separator: ", ") }

    func entity(from row: SQLRow, at first: Int = 0) throws(StoreFault) -> Entity {
        Entity(
            kind: kind, id: try row.neededText(first), document: try row.document(first + 7),
            spend: try row.money(first + 2), createdAt: try row.neededInt(first + 3),
            updatedAt: try row.neededInt(first + 4), createdBy: try row.neededText(first + 5),
            updatedBy: try row.neededText(first + 6), version: Int(try row.neededInt(first + 1)))
    }

    func entities(from rows: [SQLRow]) throws(StoreFault) -> [Entity] {
        var entities: [Entity] = []
        entities.reserveCapacity(rows.count)
        for row in rows { entities.append(try entity(from: row)) }
        return entities
    }

    /// Throws `unfit` for what no index can hold.
    func check(_ entity: Entity) throws(StoreFault) {
        guard LookupField.fits(entity.id) else { throw .unfit(kind, nil) }
        for field in LookupField.fields(of: kind) {
            guard LookupField.fits(field.value(of: entity) ?? "") else { throw .unfit(kind, field) }
        }
    }
}
