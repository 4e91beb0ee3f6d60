import Dispatch
import Synchronization
import Testing
import WeirDrivers
import WeirStorage
import WeirTestKit

/// What every database of the house does in the same way.
@Suite struct SQLDatabaseContractTests {
    @Test(arguments: TestDatabase.allCases)
    func `values go by the number of their parameter, also twice and in any order`(_ kind: TestDatabase) async throws {
        try await kind.with("a TEXT, b BIGINT, c TEXT, d BIGINT") { database, table async throws in
            let values: [SQLValue] = [.text("one"), .int(2), .text("three")]
            try await database.change("INSERT INTO \(table) (c, b, a, d) VALUES ($3, $2, $1, $2)", values)
            let rows = try await database.rows(
                "SELECT a, b, c, d FROM \(table) WHERE c = $2 AND a = $1 AND $1 <> $2", [values[0], values[2]])
            #expect(rows == [[.text("one"), .int(2), .text("three"), .int(2)]])
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `values come back as they went in`(_ kind: TestDatabase) async throws {
        try await kind.with("n BIGINT, i BIGINT, t TEXT, f BOOLEAN, d DOUBLE PRECISION") {
            database, table async throws in
            for (number, text, flag, double) in [
                (Int64.min, "", true, -1e300), (.max, "'\"\\ \u{1F30A} \n$1 ?1", false, 0.1), (0, "12", true, 3),
            ] {
                let values: [SQLValue] = [.null, .int(number), .text(text), .bool(flag), .double(double)]
                let rows = try await database.write { session in
                    try session.execute("DELETE FROM \(table)")
                    try session.execute("INSERT INTO \(table) (n, i, t, f, d) VALUES ($1, $2, $3, $4, $5)", values)
                    return try session.query("SELECT n, i, t, f, d FROM \(table)")
                }
                #expect(rows.count == 1)
                let row = try #require(rows.first)
                #expect(
                    [row.values[0], row.values[1], row.values[2], row.values[4]] == [
                        values[0], values[1], values[2], values[4],
                    ])
                #expect(row.bool(3) == flag)
            }
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a text with a zero character is refused instead of cut`(_ kind: TestDatabase) async throws {
        try await kind.with("a TEXT") { database, table async throws in
            let found = await fault { try await database.change("INSERT INTO \(table) VALUES ($1)", [.text("a\0b")]) }
            guard case .refused = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(try await database.rows("SELECT a FROM \(table)").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a change that throws leaves nothing, and its error comes through`(_ kind: TestDatabase) async throws {
        struct Refusal: Error, Equatable { let why: String }
        try await kind.with("a BIGINT") { database, table async throws in
            await #expect(throws: Refusal(why: "not today")) {
                try await database.write { session in
                    try session.execute("INSERT INTO \(table) VALUES (1)")
                    throw Refusal(why: "not today")
                }
            }
            #expect(try await database.rows("SELECT a FROM \(table)").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a unique constraint is a duplicate and is named`(_ kind: TestDatabase) async throws {
        try await kind.with("a TEXT PRIMARY KEY, b TEXT") { database, table async throws in
            try await database.change("CREATE UNIQUE INDEX \(table)_lower ON \(table) (lower(b))")
            try await database.change("INSERT INTO \(table) VALUES ('x', 'Name')")
            let key = await fault { try await database.change("INSERT INTO \(table) VALUES ('x', NULL)") }
            #expect(key == .duplicate(database.dialect == .sqlite ? "\(table).a" : "\(table)_pkey"))
            let index = await fault { try await database.change("INSERT INTO \(table) VALUES ('y', 'NAME')") }
            #expect(index == .duplicate("\(table)_lower"))
        }
    }

    @Test(
        arguments: TestDatabase.allCases,
        ["VALUES (NULL, 1, NULL)", "VALUES (1, 0, NULL)", "VALUES (1, 1, 99)"])
    func `other constraints refuse`(_ kind: TestDatabase, values: String) async throws {
        let columns = "a BIGINT NOT NULL UNIQUE, b BIGINT CHECK (b > 0), c BIGINT"
        try await kind.with(columns) { database, table async throws in
            try await database.change(
                "CREATE TABLE \(table)_child (a BIGINT NOT NULL, b BIGINT CHECK (b > 0), c BIGINT REFERENCES \(table) (a))"
            )
            let found = await fault { try await database.change("INSERT INTO \(table)_child \(values)") }
            guard case .refused = found else {
                Issue.record("\(String(describing: found))")
                return
            }
        }
    }

    @Test(
        arguments: TestDatabase.allCases,
        ["SELECT FROM WHERE", "SELECT nothing FROM nowhere", "SELECT $1", "SELECT 1; SELECT 2"])
    func `a wrong statement is broken`(_ kind: TestDatabase, sql: String) async throws {
        try await kind.with("a BIGINT") { database, _ async throws in
            let found = await fault { try await database.rows(sql) }
            guard case .broken = found else {
                Issue.record("\(String(describing: found))")
                return
            }
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `after a fault the transaction is over, whoever caught it`(_ kind: TestDatabase) async throws {
        try await kind.with("a BIGINT PRIMARY KEY") { database, table async throws in
            let seen = Mutex<[SQLFault]>([])
            let found = await fault {
                try await database.write { session in
                    try session.execute("INSERT INTO \(table) VALUES (1)")
                    for number in [1, 2] {
                        do throws(SQLFault) {
                            try session.execute("INSERT INTO \(table) VALUES (\(number))")
                        } catch {
                            seen.withLock { $0.append(error) }
                        }
                    }
                }
            }
            #expect(seen.withLock { $0 } == [found, found])
            guard case .duplicate = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(try await database.rows("SELECT a FROM \(table)").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `who reads changes nothing`(_ kind: TestDatabase) async throws {
        try await kind.with("a BIGINT") { database, table async throws in
            let found = await fault {
                try await database.read { session in try session.execute("INSERT INTO \(table) VALUES (1)") }
            }
            guard case .broken = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(try await database.rows("SELECT a FROM \(table)").isEmpty)
            try await database.change("INSERT INTO \(table) VALUES (2)")
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `who reads sees one state, whatever is written meanwhile`(_ kind: TestDatabase) async throws {
        try await kind.with("a BIGINT") { database, table async throws in
            let looked = DispatchSemaphore(value: 0)
            let written = DispatchSemaphore(value: 0)
            async let counts = database.read { session in
                let first = try session.query("SELECT count(*) FROM \(table)")
                looked.signal()
                written.wait()
                return [first, try session.query("SELECT count(*) FROM \(table)")]
            }
            async let change = withCheckedThrowingContinuation { done in
                DispatchQueue(label: "writer").async {
                    looked.wait()
                    Task {
                        defer { written.signal() }
                        do {
                            done.resume(returning: try await database.change("INSERT INTO \(table) VALUES (1)"))
                        } catch {
                            done.resume(throwing: error)
                        }
                    }
                }
            }
            #expect(try await change == 1)
            #expect(try await counts == [[SQLRow([.int(0)])], [SQLRow([.int(0)])]])
            #expect(try await database.rows("SELECT count(*) FROM \(table)") == [[.int(1)]])
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `the number of touched rows is told`(_ kind: TestDatabase) async throws {
        try await kind.with("a BIGINT PRIMARY KEY") { database, table async throws in
            #expect(try await database.change("INSERT INTO \(table) VALUES (1), (2), (3)") == 3)
            #expect(try await database.change("UPDATE \(table) SET a = a + 10 WHERE a > $1", [.int(1)]) == 2)
            #expect(try await database.change("INSERT INTO \(table) VALUES (1) ON CONFLICT DO NOTHING") == 0)
            #expect(try await database.change("CREATE INDEX \(table)_a ON \(table) (a)") == 0)
            #expect(try await database.change("DELETE FROM \(table)") == 3)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `no change that was read before is lost`(_ kind: TestDatabase) async throws {
        try await kind.with("id BIGINT PRIMARY KEY, a BIGINT") { database, table async throws in
            try await database.change("INSERT INTO \(table) VALUES (1, 0)")
            try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await database.write { session in
                            let before = try session.query("SELECT a FROM \(table) WHERE id = 1").first?.int(0) ?? -100
                            try session.execute("UPDATE \(table) SET a = $1 WHERE id = 1", [.int(before + 1)])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.rows("SELECT a FROM \(table)") == [[.int(6)]])
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `exclusive work runs one after the other and sees what was done before`(_ kind: TestDatabase) async throws {
        try await kind.with("a BIGINT PRIMARY KEY") { database, table async throws in
            let crowd = Crowd()
            try await withThrowingTaskGroup { group in
                for _ in 0..<5 {
                    group.addTask {
                        try await database.exclusively { session in
                            crowd.enter()
                            let before =
                                try session.query("SELECT coalesce(max(a), 0) FROM \(table)").first?.int(0) ?? -1
                            try session.execute("INSERT INTO \(table) VALUES ($1)", [.int(before + 1)])
                            crowd.leave()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(crowd.most == 1)
            #expect(try await database.rows("SELECT max(a), count(*) FROM \(table)") == [[.int(5), .int(5)]])
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a closed database is unavailable`(_ kind: TestDatabase) async throws {
        let database = try await kind.open()
        _ = try await database.rows("SELECT 1")
        await database.close()
        await database.close()
        let late = [
            await fault { try await database.rows("SELECT 1") }, await fault { try await database.change("SELECT 1") },
        ]
        #expect(late == [.unavailable("The database is closed."), .unavailable("The database is closed.")])
    }
}

/// How many are inside, and were at most.
private final class Crowd: Sendable {
    private let counts = Mutex((inside: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() {
        counts.withLock { counts in
            counts.inside += 1
            counts.most = max(counts.most, counts.inside)
        }
    }

    func leave() { counts.withLock { $0.inside -= 1 } }
}
