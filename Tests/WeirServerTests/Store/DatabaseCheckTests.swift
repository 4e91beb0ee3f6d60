import Testing
import WeirConfig

@testable import WeirServer

@Suite struct DatabaseCheckTests {
    private func problems(
        _ yaml: String, _ environment: [String: String] = [:], namesStore: Bool = false
    ) -> [ConfigProblem] {
        let reading = ConfigReader.read(
            path: "c.yaml", source: MemorySource(["c.yaml": yaml]), environment: environment)
        let checked = DocumentChecks.checked(reading, environment, namesStore: namesStore)
        #expect((checked.document == nil) == !checked.errors.isEmpty)
        return checked.problems
    }

    @Test(arguments: [
        "mysql://root:pencil@db/weir", "postgresql://u:pencil@/weir", "postgresql://u:pencil@:5432/weir", "pencil",
        "postgresql+asyncpg://u:pencil@db/weir", "sqlite:///pencil.db", "https://pencil",
    ]) func `an address that is no PostgreSQL is an error where it is written`(_ url: String) throws {
        let told = problems("model_list: []\ngeneral_settings:\n  database_url: \"\(url)\"\n")
        let problem = try #require(told.first { $0.severity == .error })
        #expect(problem.place == SourceLocation(file: "c.yaml", line: 3))
        #expect(problem.message.hasPrefix("`database_url` must be the address of a PostgreSQL"))
        #expect(!problem.message.contains("pencil"))
    }

    @Test func `a variable is named where it is wrong`() {
        let told = problems("", ["DATABASE_URL": "mysql://db/weir", "DATABASE_URL_READ_REPLICA": "db"])
        let errors = told.filter { $0.severity == .error }.map(\.description)
        #expect(errors.count == 2)
        #expect(errors.contains { $0.hasPrefix("environment: error: DATABASE_URL must be") })
        #expect(errors.contains { $0.hasPrefix("environment: error: DATABASE_URL_READ_REPLICA must be") })
    }

    @Test(arguments: [
        "postgresql://db/weir", "postgres://u:p@a,b:6432/weir?sslmode=require",
        "postgresql:///weir?host=/run/postgresql",
    ]) func `a PostgreSQL is taken`(_ url: String) {
        #expect(problems("", ["DATABASE_URL": url, "DATABASE_URL_READ_REPLICA": url]).isEmpty)
    }

    @Test func `a replica of nothing is told of`() {
        let told = problems("", ["DATABASE_URL_READ_REPLICA": "postgresql://db/weir"])
        #expect(told.map(\.severity) == [.warning])
    }

    @Test func `an address does not matter where the command line names a store`() {
        #expect(problems("", ["DATABASE_URL": "mysql://db/weir"], namesStore: true).isEmpty)
    }
}
