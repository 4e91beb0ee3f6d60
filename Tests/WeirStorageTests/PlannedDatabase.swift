import Synchronization
import WeirStorage

/// Asks the database how it means to carry out each query before it does.
final class PlannedDatabase: SQLDatabase {
    struct Plan: Sendable {
        let sql: String
        let lines: [String]

        /// The lines that read a large table from one end to the other; an index alone may be read up to the page that is wanted.
        var scans: [String] {
            lines.filter { line in
                Self.large.contains { line.contains("Seq Scan on \($0)") }
                    || line.hasPrefix("SCAN ") && !line.contains("COVERING INDEX")
                        && !Self.small.contains { line.hasPrefix("SCAN \($0)") }
            }
        }

        private static let large = ["weir_keys", "weir_users", "weir_teams", "weir_team_members", "weir_audit"]
        /// What SQLite makes for one statement.
        private static let small = ["found", "json_each", "CONSTANT ROW"]
    }

    private struct Session: SQLSession {
        let inner: any SQLSession
        let note: (Plan) -> Void

        var dialect: SQLDialect { inner.dialect }

        func query(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> [SQLRow] {
            let word = dialect == .sqlite ? "EXPLAIN QUERY PLAN" : "EXPLAIN"
            let rows = try inner.query("\(word) \(sql)", values)
            note(Plan(sql: sql, lines: rows.map { $0.values.count > 1 ? $0.text(3) ?? "" : $0.text(0) ?? "" }))
            return try inner.query(sql, values)
        }

        func execute(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> Int { try inner.execute(sql, values) }
    }

    private let inner: any SQLDatabase
    private let plans = Mutex<[Plan]>([])

    init(_ inner: any SQLDatabase) { self.inner = inner }

    /// The plans of all queries since they were last taken.
    func takePlans() -> [Plan] {
        plans.withLock { plans in
            defer { plans = [] }
            return plans
        }
    }

    var dialect: SQLDialect { inner.dialect }

    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await inner.read { session in
            try work(Session(inner: session) { plan in self.plans.withLock { $0.append(plan) } })
        }
    }

    func write<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result { try await inner.write(work) }

    func exclusively<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result { try await inner.exclusively(work) }

    func close() async { await inner.close() }
}
