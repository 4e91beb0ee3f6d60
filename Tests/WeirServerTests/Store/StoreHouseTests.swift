import Testing
import WeirAccess
import WeirDrivers
import WeirTestKit

@testable import WeirServer

@Suite struct StoreHouseTests {
    @Test func `a store that was only looked at may be used when its tables are there`() async throws {
        let database = try SQLiteDatabase.temporary()
        let time = TestClock().source
        let looking = StoreHouse(database, title: "SQLite", time: time)
        _ = try await looking.status()
        await #expect(throws: StoreFault.self) { try await looking.store.read { try $0.lastChange() } }
        let preparing = StoreHouse(database, title: "SQLite", time: time)
        #expect(try await !preparing.prepare().isEmpty)
        #expect(try await preparing.prepare().isEmpty)
        _ = try await looking.status()
        #expect(try await looking.store.read { try $0.lastChange() } == 0)
        await database.close()
    }
}
