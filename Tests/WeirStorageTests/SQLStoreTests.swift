import Testing
import WeirAccess
import WeirCore
import WeirStorage
import WeirTestKit

@Suite struct SQLStoreTests {
    @Test(arguments: TestDatabase.allCases, StoreContract.Clause.allCases)
    func `a store with SQL keeps the contract`(database: TestDatabase, clause: StoreContract.Clause) async throws {
        let breach = try await database.withTables { await StoreContract(store: SQLStore($0)).breach(of: clause) }
        #expect(breach == nil)
    }

    @Test(arguments: TestDatabase.allCases)
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

    @Test(arguments: TestDatabase.allCases)
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

    @Test(arguments: TestDatabase.allCases)
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
