import Testing
import WeirDrivers
import WeirStorage
import WeirTestKit

@Suite struct MigratorTests {
    private static let names = Schema.steps.map(\.name)

    @Test(arguments: TestDatabase.dialects)
    func `an empty store gets every step once`(kind: TestDatabase) async throws {
        let database = try await kind.empty()
        let migrator = Migrator(database)
        let before = try await migrator.status()
        #expect(before.pending == Self.names)
        #expect(before.applied == [])
        #expect(before.fault == nil)
        #expect(try await migrator.run(now: 77, binary: "1.2.3") == Self.names)
        #expect(try await migrator.run(now: 78, binary: "1.2.4") == [])
        let after = try await migrator.status()
        #expect(after.isCurrent)
        #expect(after.applied.map(\.name) == Self.names)
        #expect(after.applied.allSatisfy { $0.at == 77 && $0.binary == "1.2.3" })
        await database.close()
    }

    @Test(arguments: TestDatabase.dialects)
    func `of ten that start at once one does the work`(kind: TestDatabase) async throws {
        let database = try await kind.empty()
        let runs = try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<10 {
                group.addTask { try await Migrator(database).run(now: 1, binary: "\(number)") }
            }
            return try await group.reduce(into: [[String]]()) { $0.append($1) }
        }
        #expect(runs.filter { $0 == Self.names }.count == 1)
        #expect(runs.filter(\.isEmpty).count == 9)
        await database.close()
    }

    @Test(arguments: TestDatabase.dialects)
    func `a later release adds what is new and nothing else`(kind: TestDatabase) async throws {
        let database = try await kind.empty()
        _ = try await Migrator(database, steps: [Self.step(1)]).run(now: 1, binary: "a")
        let later = Migrator(database, steps: [Self.step(1), Self.step(2), Self.step(3)])
        #expect(try await later.status().pending == ["step 2", "step 3"])
        #expect(try await later.run(now: 2, binary: "b") == ["step 2", "step 3"])
        #expect(try await later.status().applied.map(\.binary) == ["a", "b", "b"])
        await database.close()
    }

    @Test(arguments: TestDatabase.dialects)
    func `a store that cannot be understood is left alone`(kind: TestDatabase) async throws {
        let database = try await kind.empty()
        _ = try await Migrator(database, steps: [Self.step(1), Self.step(2)]).run(now: 1, binary: "a")
        let cases: [([SchemaStep], MigrationFault)] = [
            ([Self.step(1)], .newer(store: 2, binary: 1)),
            (
                [Self.step(1), SchemaStep(2, "step 2", ["CREATE TABLE other (x BIGINT)"])],
                .altered(number: 2, name: "step 2")
            ),
        ]
        for (steps, fault) in cases {
            #expect(try await Migrator(database, steps: steps).status().fault == fault)
            await #expect(throws: fault) { try await Migrator(database, steps: steps).run(now: 2, binary: "b") }
            #expect(fault.sentence.hasSuffix("."))
        }
        try await database.change("DELETE FROM weir_migrations WHERE number = 1")
        await #expect(throws: MigrationFault.torn(number: 1, name: "step 1")) {
            try await Migrator(database, steps: [Self.step(1), Self.step(2)]).run(now: 2, binary: "b")
        }
        await database.close()
    }

    @Test(arguments: TestDatabase.dialects)
    func `a step that fails leaves nothing behind`(kind: TestDatabase) async throws {
        let database = try await kind.empty()
        let torn = [
            Self.step(1), SchemaStep(2, "step 2", ["CREATE TABLE half (x BIGINT)", "CREATE TABLE half (x BIGINT)"]),
        ]
        await #expect(throws: SQLFault.self) { try await Migrator(database, steps: torn).run(now: 1, binary: "a") }
        #expect(try await Migrator(database, steps: torn).status().applied == [])
        let sound = [Self.step(1), SchemaStep(2, "step 2", ["CREATE TABLE half (x BIGINT)"])]
        #expect(try await Migrator(database, steps: sound).run(now: 1, binary: "a").count == 2)
        await database.close()
    }

    /// What a release has carried out must never read otherwise afterwards.
    @Test func `released steps are never changed`() {
        #expect(Schema.steps.map(\.number) == Array(1...Schema.steps.count))
        #expect(Schema.steps.map(\.checksum) == ["e3d03c2f33517367", "5f0595ebbbe29e5b"])
    }

    private static func step(_ number: Int) -> SchemaStep {
        SchemaStep(
            number, "step \(number)",
            ["CREATE TABLE table\(number) (id {text}, seq {sequence}, at BIGINT DEFAULT ({now}))"])
    }
}
