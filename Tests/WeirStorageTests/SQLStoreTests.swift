import Testing
import WeirAccess
import WeirCore
import WeirStorage
import WeirTestKit

@Suite struct SQLStoreTests {
    @Test(arguments: TestDatabase.dialects, StoreContract.Clause.allCases)
    func `a store with SQL keeps the contract`(database: TestDatabase, clause: StoreContract.Clause) async throws {
        let breach = try await database.withTables { await StoreContract(store: SQLStore($0)).breach(of: clause) }
        #expect(breach == nil)
    }

    @Test(arguments: TestDatabase.dialects)
    func `pages that go on from a known place have no gaps`(database: TestDatabase) async throws {
        let breach = try await database.withTables { database in
            await StoreContract(store: SQLStore(database, time: TestClock().source, placeDepth: 2))
                .breach(of: .pagesMeetWithoutGaps)
        }
        #expect(breach == nil)
    }

    @Test(arguments: TestDatabase.dialects)
    func `who reads on within a minute reads on where he was`(kind: TestDatabase) async throws {
        try await kind.withTables { database in
            let clock = TestClock()
            let store = SQLStore(database, time: clock.source, placeDepth: 5)
            try await store.write { session in
                for number in 10..<60 { try session.insert(Self.user("\(number)", "\(number)@x")) }
            }
            let page = { (number: Int) in
                var query = EntityQuery()
                (query.order, query.descends, query.page, query.size) = (.id, false, number, 5)
                let asked = query
                return try await store.read { try $0.page(.users, asked).entities.map(\.id) }
            }
            #expect(try await page(3) == ["20", "21", "22", "23", "24"])
            try await store.write { session in
                try session.insert(Self.user("0", "0@x"))
                try session.delete(.users, ids: ["20"])
                try session.insert(Self.user("1", "1@x"))
            }
            #expect(try await page(4) == ["25", "26", "27", "28", "29"])
            #expect(try await page(3) == ["21", "22", "23", "24", "25"])
            #expect(try await page(1) == ["0", "1", "10", "11", "12"])
            clock.advance(milliseconds: 61_000)
            #expect(try await page(4) == ["24", "25", "26", "27", "28"])
        }
    }

    @Test(arguments: TestDatabase.dialects)
    func `what was stored before lists were sorted by it is sorted all the same`(kind: TestDatabase) async throws {
        let database = try await kind.empty()
        _ = try await Migrator(database, steps: Array(Schema.steps.prefix(1))).run(now: 1, binary: "old")
        let columns = "id, version, spend, created, updated, created_by, updated_by, document"
        for (number, document) in [
            #"{"key_alias":"Beta","max_budget":0.5}"#, #"{"key_alias":"alpha","max_budget":1e12}"#, "{}",
        ].enumerated() {
            let alias = number == 2 ? "NULL" : number == 1 ? "'alpha'" : "'Beta'"
            try await database.change(
                """
                INSERT INTO weir_keys (\(columns), key_alias)
                VALUES ('\(number)', 1, 0, 1, 1, '', '', '\(document)', \(alias))
                """)
        }
        try await database.change(
            """
            INSERT INTO weir_users (\(columns)) VALUES
            ('a', 1, 0, 1, 1, '', '', '{"user_alias":"zoe"}'), ('b', 1, 0, 1, 1, '', '', '{"user_alias":"Ann"}')
            """)
        try await database.change("UPDATE weir_tallies SET total = 3 WHERE name = 'keys'")
        try await database.change("UPDATE weir_tallies SET total = 2 WHERE name = 'users'")
        _ = try await Migrator(database).run(now: 2, binary: "new")
        let cases: [(EntityKind, SortField, [String])] = [
            (.keys, .keyAlias, ["1", "0", "2"]), (.keys, .maxBudget, ["0", "1", "2"]),
            (.users, .userAlias, ["b", "a"]),
        ]
        for (kind, field, ids) in cases {
            var query = EntityQuery()
            (query.order, query.descends) = (.field(field), false)
            let asked = query
            let found = try await SQLStore(database).read { try $0.page(kind, asked).entities.map(\.id) }
            #expect(found == ids, "\(field)")
        }
        await database.close()
    }

    @Test(arguments: TestDatabase.dialects)
    func `what somebody else makes duplicate is told by its field`(kind: TestDatabase) async throws {
        try await kind.withTables { database in
            let store = SQLStore(database)
            try await store.write { try $0.insert(Self.user("1", "a")) }
            // A row that the store does not know of until it writes the same address.
            let rival = RivalDatabase(database)
            let fault = await fault {
                try await SQLStore(rival).write { session in
                    try session.insert(Self.user("2", "b"))
                    try session.update(Self.user("2", "c"))
                }
            }
            #expect(fault == .duplicate(.users, .userEmail))
            #expect(try await store.read { try $0.count(.users, []) } == 1)
        }
    }

    @Test(arguments: TestDatabase.dialects)
    func `a store without tables is broken and a closed one is unavailable`(kind: TestDatabase) async throws {
        let database = try await kind.empty()
        let missing = await fault { _ = try await SQLStore(database).read { try $0.lastChange() } }
        guard case .broken = missing else {
            Issue.record("\(String(describing: missing))")
            return
        }
        await database.close()
        let closed = await fault { _ = try await SQLStore(database).read { try $0.lastChange() } }
        guard case .unavailable = closed else {
            Issue.record("\(String(describing: closed))")
            return
        }
    }

    @Test(arguments: TestDatabase.dialects)
    func `moments of changes are the database's own`(kind: TestDatabase) async throws {
        try await kind.withTables { database in
            let store = SQLStore(database)
            try await store.write { try $0.insert(Self.user("1", "a")) }
            try await store.write { try $0.insert(Self.user("2", "b")) }
            // 2020 and 2100.
            try await store.write { try $0.pruneChanges(before: 1_577_836_800_000_000) }
            #expect(try await store.read { try $0.changes(after: 0, limit: 9)?.count } == 2)
            try await store.write { try $0.pruneChanges(before: 4_102_444_800_000_000) }
            #expect(try await store.read { try $0.changes(after: 0, limit: 9) } == nil)
        }
    }

    static func user(_ id: String, _ email: String) -> Entity {
        Entity(
            kind: .users, id: id, document: ["user_email": .string(email)], createdAt: 1, updatedAt: 1, createdBy: "x",
            updatedBy: "x")
    }

    private func fault(_ body: () async throws -> Void) async -> StoreFault? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StoreFault
        }
    }
}

/// Takes the address `c` for itself right before a statement that updates users.
private struct RivalDatabase: SQLDatabase {
    struct Session: SQLSession {
        let inner: any SQLSession
        var dialect: SQLDialect { inner.dialect }

        func query(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> [SQLRow] { try inner.query(sql, values) }

        func execute(_ sql: String, _ values: [SQLValue]) throws(SQLFault) -> Int {
            if sql.hasPrefix("UPDATE weir_users") {
                try inner.execute("UPDATE weir_users SET user_email = 'c' WHERE id = '1'")
            }
            return try inner.execute(sql, values)
        }
    }

    private let inner: any SQLDatabase

    init(_ inner: any SQLDatabase) { self.inner = inner }

    var dialect: SQLDialect { inner.dialect }

    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result { try await inner.read { try work(Session(inner: $0)) } }
    func write<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result { try await inner.write { try work(Session(inner: $0)) } }
    func exclusively<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result { try await inner.exclusively { try work(Session(inner: $0)) } }
    func close() async { await inner.close() }
}
