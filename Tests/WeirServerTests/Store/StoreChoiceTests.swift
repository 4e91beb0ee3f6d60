import Testing
import WeirConfig
import WeirCore

@testable import WeirServer

@Suite struct StoreChoiceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var store: String?
        var directory: String?
        var database: String?
        var environment: [String: String] = [:]
        let place: StoreChoice.Place
    }

    static let cases = [
        Case(testDescription: "nothing is said", place: .sqlite(path: "./weir-data/weir.db")),
        Case(
            testDescription: "a variable names a directory", environment: ["WEIR_DATA_DIR": "/var/weir"],
            place: .sqlite(path: "/var/weir/weir.db")),
        Case(
            testDescription: "a variable that is empty names none", environment: ["WEIR_DATA_DIR": ""],
            place: .sqlite(path: "./weir-data/weir.db")),
        Case(
            testDescription: "a database goes before the variable", database: "postgresql://db/weir",
            environment: ["WEIR_DATA_DIR": "/var/weir"], place: .postgres(url: "postgresql://db/weir")),
        Case(
            testDescription: "the command line goes before a database", directory: "here",
            database: "postgresql://db/weir", environment: ["WEIR_DATA_DIR": "/var/weir"],
            place: .sqlite(path: "here/weir.db")),
        Case(
            testDescription: "the command line names a file", store: "/tmp/other.db", database: "postgresql://db/weir",
            place: .sqlite(path: "/tmp/other.db")),
        Case(
            testDescription: "the command line names a database", store: "postgres://other/weir",
            database: "postgresql://db/weir", place: .postgres(url: "postgres://other/weir")),
    ]

    @Test(arguments: cases) func `one rule says which store is meant`(_ one: Case) throws {
        var section = StoreSection()
        section.databaseURL = one.database.map { Secret($0) }
        let choice = StoreChoice(store: one.store, directory: one.directory)
        #expect(try choice.place(section, one.environment) == one.place)
    }

    @Test func `a store somewhere else is refused rather than taken for a file`() {
        #expect(throws: StoreRefusal.self) {
            try StoreChoice(store: "mysql://root@db/weir").place(StoreSection(), [:])
        }
    }

    @Test func `only what somebody names is worth refusing to start for`() {
        var section = StoreSection()
        #expect(!StoreChoice().isNamed(section, ["WEIR_DATA_DIR": ""]))
        #expect(StoreChoice().isNamed(section, ["WEIR_DATA_DIR": "d"]))
        #expect(StoreChoice(directory: "d").isNamed(section, [:]))
        section.databaseURL = Secret("postgresql://db/weir")
        #expect(StoreChoice().isNamed(section, [:]))
    }
}
