import WeirCore
import WeirStorage

/// One transaction on PostgreSQL. A statement that failed ends it: what comes after it fails with the same fault.
///
/// The types of parameters are what PostgreSQL infers from the statement, as with any other client: where nothing tells it
/// (`$1 + $2`), the statement has to (`CAST($1 AS BIGINT)`).
final class PostgresSession: SQLSession {
    let dialect = SQLDialect.postgres
    private let connection: PostgresConnection
    private let patience: Timeout
    /// What went wrong first.
    private(set) var fault: SQLFault?

    /// - Parameter patience: how long the answer to a statement may take.
    init(_ connection: PostgresConnection, patience: Timeout) {
        self.connection = connection
        self.patience = patience
    }

    func query(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> [SQLRow] {
        try guarded { () throws(SQLFault) in try connection.ask(sql, values, within: patience).rows }
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> Int {
        try guarded { () throws(SQLFault) in try connection.ask(sql, values, within: patience).touched }
    }

    /// The result of `work`, unless it went on after a fault.
    func perform<Result>(_ work: (any SQLSession) throws -> Result) throws -> Result {
        let result = try work(self)
        if let fault { throw fault }
        return result
    }

    func guarded<Result>(_ body: () throws(SQLFault) -> Result) throws(SQLFault) -> Result {
        if let fault { throw fault }
        do throws(SQLFault) {
            return try body()
        } catch {
            fault = error
            throw error
        }
    }
}
