import Foundation
import WeirDrivers
import WeirStorage
import WeirTestKit

/// The databases that the store must be the same on.
enum TestDatabase: String, CaseIterable, Sendable {
    case sqlite, postgres

    /// Empty, for the asker alone.
    func empty() async throws -> any SQLDatabase {
        switch self {
        case .sqlite: return try SQLiteDatabase.temporary()
        case .postgres:
            var settings = try PostgresSettings(url: try await PostgresServer.shared().newSchema())
            settings.poolLimit = 5
            return try PostgresDatabase(settings, time: TestClock().source)
        }
    }

    /// With the tables of the store; closed behind `use`.
    func withTables<Result>(_ use: (any SQLDatabase) async throws -> Result) async throws -> Result {
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
}

extension SQLDatabase {
    func rows(_ sql: String) async throws -> [[SQLValue]] {
        try await read { session in try session.query(sql).map(\.values) }
    }

    @discardableResult
    func change(_ sql: String) async throws -> Int { try await write { session in try session.execute(sql) } }
}
