import GRDB
import WeirStorage

/// One transaction on SQLite. As on PostgreSQL, a statement that failed ends the transaction: what comes after it fails
/// with the same fault.
final class SQLiteSession: SQLSession {
    let dialect = SQLDialect.sqlite
    private let database: Database
    /// What went wrong first.
    private(set) var fault: SQLFault?

    init(_ database: Database) { self.database = database }

    func query(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> [SQLRow] {
        try guarded { database in
            let statement = try prepared(sql, values, in: database)
            let columns = 0..<statement.columnCount
            var rows: [SQLRow] = []
            let cursor = try Row.fetchCursor(statement)
            while let row = try cursor.next() {
                rows.append(SQLRow(try columns.map { try Self.value(row[$0]) }))
            }
            return rows
        }
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> Int {
        try guarded { database in
            let before = database.totalChangesCount
            try prepared(sql, values, in: database).execute()
            // Without a change the count is still that of an earlier statement.
            return database.totalChangesCount == before ? 0 : database.changesCount
        }
    }

    /// The result of `work`, unless it went on after a fault.
    func perform<Result>(_ work: (any SQLSession) throws -> Result) throws -> Result {
        let result = try work(self)
        if let fault { throw fault }
        return result
    }

    func guarded<Result>(_ body: (Database) throws -> Result) throws(SQLFault) -> Result {
        if let fault { throw fault }
        do {
            return try body(database)
        } catch {
            let found = SQLiteFault.of(error)
            fault = found
            throw found
        }
    }

    /// GRDB knows `$7` by the name `7`, so that a number may be used twice and in any order.
    private func prepared(_ sql: String, _ values: [SQLValue], in database: Database) throws -> Statement {
        let statement = try database.cachedStatement(sql: sql)
        var named: [String: (any DatabaseValueConvertible)?] = [:]
        for (index, value) in values.enumerated() {
            named[String(index + 1)] =
                switch value {
                case .null: DatabaseValue.null
                case .int(let number): number.databaseValue
                case .text(let text): try SQLText.checked(text).databaseValue
                case .bool(let flag): flag.databaseValue
                case .double(let number): number.databaseValue
                }
        }
        try statement.setArguments(StatementArguments(named))
        return statement
    }

    private static func value(_ value: DatabaseValue) throws(SQLFault) -> SQLValue {
        switch value.storage {
        case .null: return .null
        case .int64(let number): return .int(number)
        case .double(let number): return .double(number)
        case .string(let text): return .text(text)
        case .blob(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .broken("A value of the database is bytes that are no text.")
            }
            return .text(text)
        }
    }
}
