/// Brings a store's tables to what this binary knows.
package struct Migrator: Sendable {
    private let database: any SQLDatabase
    private let steps: [SchemaStep]

    package init(_ database: any SQLDatabase) { self.init(database, steps: Schema.steps) }

    /// For tests: with other steps than those of this release.
    package init(_ database: any SQLDatabase, steps: [SchemaStep]) {
        self.database = database
        self.steps = steps
    }

    /// Looks, and changes nothing. Throws `SQLFault`.
    package func status() async throws -> MigrationStatus {
        let steps = steps
        return try await database.read { sql in try Self.status(sql, steps) }
    }

    /// Carries out what is missing: all of it, or nothing. Processes that start together wait for the first one.
    ///
    /// - Parameters:
    ///   - now: microseconds since 1970 UTC.
    ///   - binary: the version that does it.
    /// - Returns: the names of the steps that were carried out.
    /// - Throws: `MigrationFault` when this binary cannot use the store, `SQLFault` for the rest.
    package func run(now: Int64, binary: String) async throws -> [String] {
        let steps = steps
        return try await database.exclusively { sql in
            let status = try Self.status(sql, steps)
            if let fault = status.fault { throw fault }
            if status.pending.isEmpty { return status.pending }
            if status.applied.isEmpty { try Self.prepare(sql) }
            let done = Set(status.applied.map(\.number))
            for step in steps where !done.contains(step.number) {
                for statement in step.statements(sql.dialect) { try sql.execute(statement) }
                try sql.execute(
                    "INSERT INTO weir_migrations (number, name, checksum, at, made_by) VALUES ($1, $2, $3, $4, $5)",
                    [.int(Int64(step.number)), .text(step.name), .text(step.checksum), .int(now), .text(binary)])
            }
            return status.pending
        }
    }

    private static func prepare(_ sql: any SQLSession) throws(SQLFault) {
        try sql.execute(
            """
            CREATE TABLE IF NOT EXISTS weir_migrations (
                number BIGINT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                checksum TEXT NOT NULL,
                at BIGINT NOT NULL,
                made_by TEXT NOT NULL
            )
            """)
    }

    private static func status(_ sql: any SQLSession, _ steps: [SchemaStep]) throws(SQLFault) -> MigrationStatus {
        guard try isPrepared(sql) else { return MigrationStatus(applied: [], steps: steps) }
        // The whole of a table with a row for each step.
        let rows = try sql.query("SELECT number, name, checksum, at, made_by FROM weir_migrations ORDER BY number")
        let applied = rows.map { row in
            MigrationStatus.Applied(
                number: Int(row.int(0) ?? 0), name: row.text(1) ?? "", checksum: row.text(2) ?? "",
                at: row.int(3) ?? 0, binary: row.text(4) ?? "")
        }
        return MigrationStatus(applied: applied, steps: steps)
    }

    private static func isPrepared(_ sql: any SQLSession) throws(SQLFault) -> Bool {
        let rows =
            switch sql.dialect {
            case .sqlite:
                try sql.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'weir_migrations'")
            case .postgres:
                try sql.query("SELECT 1 WHERE to_regclass('weir_migrations') IS NOT NULL")
            }
        return !rows.isEmpty
    }
}
