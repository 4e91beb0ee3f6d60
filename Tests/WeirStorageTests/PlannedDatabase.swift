import Synchronization
import WeirStorage

/// Asks the database how it means to carry out each query before it does.
final class PlannedDatabase: SQLDatabase {
    struct Plan: Sendable {
        let sql: String
        let lines: [String]

        /// Every line that reads a table or an index from one end to the other.
        var readsAll: Bool { lines.contains { $0.contains("Seq Scan on weir_") || $0.contains("SCAN weir_") } }

        /// Those that read a large table so: an index alone may be read up to the page that is wanted.
        var scans: [String] {
            lines.filter { line in
                if line.contains("Seq Scan on ") { return Self.large.contains { line.contains("Seq Scan on \($0)") } }
                return line.contains("SCAN ") && !line.contains("SCAN found") && !line.contains("SCAN list")
                    && !line.contains("SCAN json_each") && !line.contains("COVERING INDEX")
                    && line.contains("SCAN weir_")
                    || line.contains("SCAN t")
            }
        }

        /// How often rows are put in order; once is what the rows of a page take.
        var sorts: Int {
            lines.filter { $0.contains("TEMP B-TREE FOR") && $0.contains("ORDER BY") || $0.contains("Sort  (cost") }
                .count
        }

        private static let large = ["weir_keys", "weir_users", "weir_teams", "weir_team_members", "weir_audit"]
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
