import WeirAccess

/// The part of a statement behind WHERE, put together from fixed words; values only ever become parameters.
struct Conditions {
    /// Up to so many values of a list stand as parameters of their own; a longer list goes as one text of JSON.
    private static let parametersOfList = 100

    private let dialect: SQLDialect
    private var terms: [String] = []
    private(set) var values: [SQLValue] = []

    init(_ dialect: SQLDialect) { self.dialect = dialect }

    /// Throws `broken` for a field that `kind` has no column for.
    init(
        _ conditions: [EntityQuery.Condition], of kind: EntityKind, _ dialect: SQLDialect
    ) throws(StoreFault) {
        self.init(dialect)
        for condition in conditions { terms.append(try term(condition, kind)) }
    }

    /// ` WHERE …`, or nothing without conditions.
    var clause: String { terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ") }

    /// Makes `value` a parameter and gives its name.
    mutating func parameter(_ value: SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    /// `term` is a fixed text that ends where the parameter stands: `at >=`.
    mutating func add(_ term: String, _ value: SQLValue) {
        if case .text(let text) = value, text.utf8.contains(0) {
            terms.append(Self.never)
        } else {
            terms.append("\(term) \(parameter(value))")
        }
    }

    private static let never = "1 = 0"

    private mutating func term(_ condition: EntityQuery.Condition, _ kind: EntityKind) throws(StoreFault) -> String {
        switch condition {
        case .equals(let field, let value): return equal(try column(field, kind), value)
        case .id(let id): return equal("id", id)
        case .oneOf(let field, let values): return one(of: values, try column(field, kind))
        case .ids(let ids): return one(of: ids, "id")
        case .isSet(let field): return "\(try sortedColumn(field, kind)) IS NOT NULL"
        case .isNull(let field): return "\(try column(field, kind)) IS NULL"
        case .contains(let field, let text): return contains(try folded(field, kind), text)
        case .idContains(let text): return contains("lower(id)", text)
        case .any(let conditions):
            var alternatives: [String] = []
            for condition in conditions { alternatives.append(try term(condition, kind)) }
            return alternatives.isEmpty ? Self.never : "(" + alternatives.joined(separator: " OR ") + ")"
        }
    }

    private func column(_ field: LookupField, _ kind: EntityKind) throws(StoreFault) -> String {
        guard LookupField.fields(of: kind).contains(field) else {
            throw .broken("\(kind.rawValue) are not found by \(field.rawValue)")
        }
        return field.rawValue
    }

    /// The field in lowercase: where there is a copy, that one.
    private func folded(_ field: LookupField, _ kind: EntityKind) throws(StoreFault) -> String {
        let column = try column(field, kind)
        let sorted = try sortedColumn(field, kind)
        return sorted == column ? "lower(\(column))" : sorted
    }

    /// The column that lists are sorted by: their index has it.
    private func sortedColumn(_ field: LookupField, _ kind: EntityKind) throws(StoreFault) -> String {
        let column = try column(field, kind)
        return SortField.fields(of: kind).first { $0.rawValue == field.rawValue }.map(EntityTable.column) ?? column
    }

    private mutating func equal(_ column: String, _ value: String) -> String {
        value.utf8.contains(0) ? Self.never : "\(column) = \(parameter(.text(value)))"
    }

    private mutating func one(of values: [String], _ column: String) -> String {
        let values = values.filter { !$0.utf8.contains(0) }
        if values.isEmpty { return Self.never }
        if values.count <= Self.parametersOfList {
            return "\(column) IN (\(values.map { parameter(.text($0)) }.joined(separator: ", ")))"
        }
        let list = parameter(.json(values))
        return switch dialect {
        case .sqlite: "\(column) IN (SELECT value FROM json_each(\(list)))"
        case .postgres: "\(column) IN (SELECT jsonb_array_elements_text(CAST(\(list) AS JSONB)))"
        }
    }

    /// Only what comes behind a row in the order of `columns`, or with it: `comparison` is `>`, `>=`, `<` or `<=`.
    mutating func start(_ columns: [String], _ comparison: String, _ values: [SQLValue]) {
        let parameters = values.map { parameter($0) }
        terms.append("(\(columns.joined(separator: ", "))) \(comparison) (\(parameters.joined(separator: ", ")))")
    }

    /// The columns are compared byte by byte, so `lower` folds the letters of ASCII in both databases. Not LIKE: nothing needs
    /// escaping here, and no pattern is too long.
    private mutating func contains(_ folded: String, _ text: String) -> String {
        // Nothing that is longer than what is kept can be a part of it.
        if !LookupField.fits(text) { return Self.never }
        let function = dialect == .sqlite ? "instr" : "strpos"
        return "\(function)(\(folded), \(parameter(.text(SortField.folded(text))))) > 0"
    }
}
