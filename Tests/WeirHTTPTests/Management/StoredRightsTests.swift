import Testing
import WeirAccess
import WeirCore
import WeirDrivers
import WeirStorage
import WeirTestKit

/// The rights of every role at every route, with the offices on real databases.
struct StoredRightsTests {
    @Test(arguments: Role.allCases)
    func `on SQLite a role is let in where the table says so and nowhere else`(role: Role) async throws {
        try await check(role, on: try SQLiteDatabase.temporary())
    }

    @Test(arguments: Role.allCases)
    func `on PostgreSQL a role is let in where the table says so and nowhere else`(role: Role) async throws {
        var settings = try PostgresSettings(url: try await PostgresServer.shared().newSchema())
        settings.poolLimit = 3
        try await check(role, on: try PostgresDatabase(settings, time: TestClock().source))
    }

    private func check(_ role: Role, on database: any SQLDatabase) async throws {
        _ = try await Migrator(database).run(now: 1, binary: "test")
        try await RightsTests.check(role, at: FrontDesk(SQLStore(database)))
        await database.close()
    }
}
