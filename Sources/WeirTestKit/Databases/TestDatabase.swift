package import WeirCore
import WeirDrivers
package import WeirStorage

/// The databases that must behave alike.
package enum TestDatabase: CaseIterable, Sendable {
    case sqlite, postgres
    /// PostgreSQL behind pgbouncer in transaction mode.
    case pooled

    /// Those that statements are written for.
    package static let dialects = [TestDatabase.sqlite, .postgres]

    /// For the asker alone with SQLite; with PostgreSQL the one for all tests, where tables have names of their own.
    package func open(time: TimeSource = TestClock().source) async throws -> any SQLDatabase {
        switch self {
        case .sqlite: try SQLiteDatabase.temporary()
        case .postgres: try Self.open(try await PostgresServer.shared().url, time)
        case .pooled: try Self.open(try await PGBouncer.shared().url, time)
        }
    }

    /// Empty, for the asker alone.
    package func empty() async throws -> any SQLDatabase {
        if self == .sqlite { return try SQLiteDatabase.temporary() }
        return try Self.open(try await PostgresServer.shared().newSchema(), TestClock().source)
    }

    /// With the tables of the store; closed behind `use`.
    package func withTables<Result>(_ use: (any SQLDatabase) async throws -> Result) async throws -> Result {
        let database = try await empty()
        do {
            _ = try await Migrator(database).run(now: 1, binary: "test")
            let result = try await use(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }

    /// With a few connections, for many of these are open at once.
    private static func open(_ url: String, _ time: TimeSource) throws -> PostgresDatabase {
        var settings = try PostgresSettings(url: url)
        settings.poolLimit = 4
        return try PostgresDatabase(settings, time: time)
    }
}

extension SQLDatabase {
    package func rows(_ sql: String, _ values: [SQLValue] = []) async throws -> [[SQLValue]] {
        try await read { session in try session.query(sql, values).map(\.values) }
    }

    @discardableResult
    package func change(_ sql: String, _ values: [SQLValue] = []) async throws -> Int {
        try await write { session in try session.execute(sql, values) }
    }
}
