import WeirAccess

/// What a condition of a query means.
enum MemoryCondition {
    /// Throws `broken` for a field that the kind has no column for, as a database does.
    static func check(_ condition: EntityQuery.Condition, _ kind: EntityKind) throws(StoreFault) {
        switch condition {
        case .equals(let field, _), .oneOf(let field, _), .isNull(let field), .isSet(let field),
            .contains(let field, _):
            guard LookupField.fields(of: kind).contains(field) else {
                throw .broken("\(kind.rawValue) are not found by \(field.rawValue)")
            }
        case .any(let conditions): for condition in conditions { try check(condition, kind) }
        case .ids, .id, .idContains: break
        }
    }

    static func holds(_ condition: EntityQuery.Condition, _ entity: Entity) -> Bool {
        switch condition {
        case .equals(let field, let value): same(field.value(of: entity), value)
        case .oneOf(let field, let values): values.contains { same(field.value(of: entity), $0) }
        case .isNull(let field): field.value(of: entity) == nil
        case .isSet(let field): field.value(of: entity) != nil
        case .ids(let ids): ids.contains { same(entity.id, $0) }
        case .contains(let field, let text): field.value(of: entity).map { contains($0, text) } ?? false
        case .idContains(let text): contains(entity.id, text)
        case .id(let id): same(entity.id, id)
        case .any(let conditions): conditions.contains { holds($0, entity) }
        }
    }

    static func holds(_ query: AuditQuery, _ entry: AuditEntry) -> Bool {
        let texts = [
            (query.id, entry.id), (query.changedBy, entry.changedBy), (query.changedByKey, entry.changedByKey),
            (query.action, entry.action), (query.table, entry.table), (query.objectID, entry.objectID),
        ]
        return texts.allSatisfy { $0 == nil || same($0, $1) }
            && (query.from ?? entry.at) <= entry.at && (query.to ?? entry.at) >= entry.at
    }

    /// Byte for byte.
    static func same(_ left: String?, _ right: String?) -> Bool {
        left.map(MemoryTables.Exact.init) == right.map(MemoryTables.Exact.init)
    }

    /// Letters of ASCII count as the same in both cases, others do not.
    private static func contains(_ text: String, _ part: String) -> Bool {
        let (text, part) = (folded(text), folded(part))
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
    }
}
