/// The two databases that the SQL of this target is written for.
package enum SQLDialect: String, Sendable, CaseIterable { case sqlite, postgres }

/// A value that goes into a statement (`$1`, `$2` …) or comes out of one.
package enum SQLValue: Sendable, Hashable {
    case null
    case int(Int64)
    case text(String)
    case bool(Bool)
    /// Only for what is imported; our own tables have none.
    case double(Double)
}

package struct SQLRow: Sendable, Hashable {
    package let values: [SQLValue]

    package init(_ values: [SQLValue]) { self.values = values }

    /// Nil for null and for anything that is no text.
    package func text(_ index: Int) -> String? {
        if case .text(let text) = values[index] { text } else { nil }
    }
    package func int(_ index: Int) -> Int64? {
        if case .int(let number) = values[index] { number } else { nil }
    }
    /// SQLite keeps booleans as 0 and 1.
    package func bool(_ index: Int) -> Bool? {
        switch values[index] {
        case .bool(let flag): flag
        case .int(let number): number != 0
        default: nil
        }
    }
}

/// What can be done within one transaction, on its own thread. Blocks.
package protocol SQLSession {
    var dialect: SQLDialect { get }
    func query(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> [SQLRow]
    /// How many rows were touched.
    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> Int
}

extension SQLSession {
    package func query(_ sql: String) throws(SQLFault) -> [SQLRow] { try query(sql, []) }
    @discardableResult
    package func execute(_ sql: String) throws(SQLFault) -> Int { try execute(sql, []) }
}

/// A database: `WeirDrivers` has the two. Never called on an event loop's thread for longer than it takes to queue the work.
package protocol SQLDatabase: Sendable {
    var dialect: SQLDialect { get }
    /// In a read transaction; sees one state of the database.
    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result
    /// In a transaction that is rolled back when `work` throws, and run again (at most 10 times, with growing pauses) when the
    /// database wants that (PostgreSQL 40001 and 40P01, SQLite BUSY).
    func write<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result
    /// One process at a time, whoever starts with them: a transaction under PostgreSQL's advisory lock, or SQLite's writer
    /// lock (`BEGIN IMMEDIATE`). Waits for its turn up to 60 s.
    func exclusively<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result
    func close() async
}

package enum SQLFault: Error, Sendable, Equatable {
    /// No connection, no answer in time, or the connection broke.
    case unavailable(String)
    /// A unique constraint: its name where the database tells it, else the columns (`keys.key_alias`).
    case duplicate(String)
    /// Another constraint.
    case refused(String)
    /// The transaction must be run again; the driver does that, so nobody else sees it unless it gave up.
    case serialization(String)
    /// The statement is wrong.
    case broken(String)
}
