import Foundation
import WeirDrivers
import WeirStorage
import WeirTestKit

extension TestDatabase {
    /// Opens a database, makes a table of its own in it (`columns` in the words of both), and closes it behind the test.
    func with<Result>(
        _ columns: String, _ test: (any SQLDatabase, _ table: String) async throws -> Result
    ) async throws -> Result {
        let database = try await open(time: realTime)
        let table = "t\(UUID().uuidString.filter { $0 != "-" }.lowercased())"
        do {
            _ = try await database.write { session in try session.execute("CREATE TABLE \(table) (\(columns))") }
            let result = try await test(database, table)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }
}

/// The fault that this throws; nil when it throws none, or another error.
func fault<Result>(_ body: () async throws -> Result) async -> SQLFault? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? SQLFault
    }
}

extension PostgresDatabase {
    /// With a few connections, for many of these are open at once.
    convenience init(url: String, _ change: (inout PostgresSettings) -> Void = { _ in }) throws {
        var settings = try PostgresSettings(url: url)
        settings.poolLimit = 3
        change(&settings)
        try self.init(settings, time: realTime)
    }
}
