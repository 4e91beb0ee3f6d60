import Dispatch
import Foundation
import Synchronization
import Testing
import WeirCore
import WeirStorage
import WeirTestKit

@testable import WeirDrivers

/// What is PostgreSQL's own, on real servers.
@Suite struct PostgresDatabaseTests {
    private func with<Result>(
        _ url: String, _ change: (inout PostgresSettings) -> Void = { _ in },
        _ test: (PostgresDatabase) async throws -> Result
    ) async throws -> Result {
        let database = try PostgresDatabase(url: url, change)
        do {
            let result = try await test(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }

    private func why(_ fault: SQLFault?) -> String {
        if case .unavailable(let why) = fault { why } else { "\(String(describing: fault))" }
    }

    @Test func `columns have the types of the store`() async throws {
        try await with(try await PostgresServer.shared().url) { database async throws in
            let rows = try await database.rows(
                """
                SELECT true, 1::int2, 2::int4, 3::int8, 1.5::float4, 2.5::float8, 12::numeric, 1.50::numeric, 'x'::varchar,
                    '2026-01-02 03:04:05.678'::timestamp(3), '2026-01-02 03:04:05+02'::timestamptz, ARRAY['a','b'],
                    '{"a":1}'::jsonb, NULL::text, '00000000-0000-0000-0000-00000000000a'::uuid
                """)
            #expect(
                rows == [
                    [
                        .bool(true), .int(1), .int(2), .int(3), .double(1.5), .double(2.5), .int(12), .text("1.50"),
                        .text("x"), .text("2026-01-02 03:04:05.678"), .text("2026-01-02 01:04:05+00"), .text("{a,b}"),
                        .text("{\"a\": 1}"), .null, .text("00000000-0000-0000-0000-00000000000a"),
                    ]
                ])
        }
    }

    @Test func `a megabyte goes in and comes out`() async throws {
        try await with(try await PostgresServer.shared().url) { database async throws in
            let text = String(repeating: "0123456789abcdef", count: 1 << 16)
            #expect(
                try await database.rows("SELECT $1::text || 'x', length($1)", [.text(text)]) == [
                    [.text(text + "x"), .int(1 << 20)]
                ])
        }
    }

    @Test func `the schema of the URL is used, through a pooler also, and stays with its transaction`() async throws {
        let server = try await PostgresServer.shared()
        let bouncer = try await PGBouncer.shared()
        let schema = try #require(try PostgresSettings(url: try server.newSchema()).schema)
        try await with("\(bouncer.url)&schema=\(schema)") { owner async throws in
            try await owner.change("CREATE TABLE things (a BIGINT)")
            try await owner.change("INSERT INTO things VALUES (5)")
            #expect(try await owner.rows("SELECT a FROM things") == [[.int(5)]])
        }
        try await with(bouncer.url) { other async throws in
            for _ in 0..<8 {
                let found = await fault { try await other.rows("SELECT a FROM things") }
                guard case .broken = found else {
                    Issue.record("\(String(describing: found))")
                    return
                }
            }
            #expect(try await other.rows("SELECT a FROM \(schema).things") == [[.int(5)]])
        }
    }

    @Test func `many share few connections`() async throws {
        try await with(try await PostgresServer.shared().url) { database async throws in
            let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in 1...60 {
                    group.addTask {
                        try await database.read { session in
                            try session.query("SELECT $1::bigint", [.int(Int64(number))]).first?.int(0) ?? 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 60 * 61 / 2)
            #expect((1...3).contains(database.connectionCount))
        }
    }

    @Test func `two that wait for each other both get through`() async throws {
        try await TestDatabase.postgres.with("id BIGINT PRIMARY KEY, a BIGINT") { database, table async throws in
            try await database.change("INSERT INTO \(table) VALUES (1, 0), (2, 0)")
            let arrivals = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
            let tries = Counter()
            @Sendable func cross(_ me: Int) async throws {
                let isFirst = Flag()
                try await database.write { session in
                    tries.add()
                    try session.execute("UPDATE \(table) SET a = a + 1 WHERE id = $1", [.int(Int64(me + 1))])
                    if isFirst.take() {
                        arrivals[1 - me].signal()
                        arrivals[me].wait()
                    }
                    try session.execute("UPDATE \(table) SET a = a + 1 WHERE id = $1", [.int(Int64(2 - me))])
                }
            }
            async let one: Void = cross(0)
            async let two: Void = cross(1)
            _ = try await (one, two)
            #expect(tries.count >= 3)
            #expect(try await database.rows("SELECT a FROM \(table)") == [[.int(2)], [.int(2)]])
        }
    }

    @Test func `a transaction that never fits is given up after ten tries`() async throws {
        try await with(try await PostgresServer.shared().url) { database async throws in
            let tries = Counter()
            let found = await fault {
                try await database.write { session in
                    tries.add()
                    try session.execute("DO $$ BEGIN RAISE EXCEPTION 'never' USING ERRCODE = '40001'; END $$")
                }
            }
            #expect(found == .unavailable("never"))
            #expect(tries.count == 10)
        }
    }

    @Test func `a statement that takes too long is ended, and its connection goes on`() async throws {
        try await with(try await PostgresServer.shared().url, { $0.statementTimeout = .init(.milliseconds(80)) }) {
            database async throws in
            let found = await fault { try await database.rows("SELECT pg_sleep(5)") }
            #expect(why(found).hasPrefix("PostgreSQL ended a statement that took too long: "))
            let pid = try await database.rows("SELECT pg_backend_pid()")
            _ = await fault { try await database.rows("SELECT pg_sleep(5)") }
            #expect(try await database.rows("SELECT pg_backend_pid()") == pid)
        }
    }

    @Test func `who waits too long for exclusive work gives up`() async throws {
        let server = try await PostgresServer()
        try await with(server.url, { $0.exclusiveTimeout = .init(.milliseconds(100)) }) { database async throws in
            let begun = DispatchSemaphore(value: 0)
            let end = DispatchSemaphore(value: 0)
            async let held: Void = database.exclusively { _ in
                begun.signal()
                end.wait()
            }
            await heard(begun)
            let found = await fault { try await database.exclusively { _ in } }
            end.signal()
            try await held
            #expect(why(found).hasPrefix("PostgreSQL did not give a lock in time: "))
            try await database.exclusively { _ in }
        }
    }

    @Test func `a server that was restarted is noticed by nobody who comes after it`() async throws {
        let server = try await PostgresServer()
        try await with(server.url) { database async throws in
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 { group.addTask { _ = try await database.rows("SELECT pg_sleep(0.02)") } }
                try await group.waitForAll()
            }
            server.stop()
            try await server.start()
            #expect(try await database.rows("SELECT 1") == [[.int(1)]])
            server.stop()
            let start = ContinuousClock.now
            for _ in 0..<3 {
                let found = await fault { try await database.rows("SELECT 1") }
                #expect(why(found).contains("cannot be reached"))
            }
            #expect(ContinuousClock.now - start < .seconds(2))
            try await server.start()
            let isBack = await soon(5) { await fault { try await database.rows("SELECT 1") } == nil }
            #expect(isBack)
        }
    }

    @Test func `what broke before it was committed is done again`() async throws {
        let proxy = try CuttingProxy(to: try await PostgresServer.shared().port)
        try await TestDatabase.postgres.with("a BIGINT") { direct, table async throws in
            try await with(url(of: proxy)) { database async throws in
                let tries = Counter()
                try await database.write { session in
                    tries.add()
                    try session.execute("INSERT INTO \(table) VALUES (1)")
                    guard tries.count == 1 else { return }
                    proxy.cut()
                    defer { proxy.heal() }
                    _ = try session.query("SELECT pg_sleep(1)")
                }
                #expect(tries.count == 2)
                #expect(try await direct.rows("SELECT a FROM \(table)") == [[.int(1)]])
            }
        }
        proxy.close()
    }

    @Test func `a server that turned read-only is left for the one that can write`() async throws {
        try await TestDatabase.postgres.with("a BIGINT") { database, table async throws in
            let tries = Counter()
            let before = try await database.rows("SELECT pg_backend_pid()")
            let after = try await database.write { session in
                tries.add()
                // As a primary answers that became a standby.
                if tries.count == 1 { try session.execute("SET TRANSACTION READ ONLY") }
                try session.execute("INSERT INTO \(table) VALUES (1)")
                return try session.query("SELECT pg_backend_pid()").map(\.values)
            }
            #expect(tries.count == 2)
            #expect(before != after)
        }
    }

    @Test func `a server that is silent is given up in time, and used again when it speaks`() async throws {
        let proxy = try CuttingProxy(to: try await PostgresServer.shared().port)
        let settings: (inout PostgresSettings) -> Void = { settings in
            settings.statementTimeout = .init(.milliseconds(100))
            settings.grace = .init(.milliseconds(100))
        }
        try await with(url(of: proxy) + "&connect_timeout=2", settings) { database async throws in
            _ = try await database.rows("SELECT 1")
            proxy.stall()
            let place = "PostgreSQL at 127.0.0.1:\(proxy.port)/postgres"
            let late = await fault { try await database.rows("SELECT 1") }
            #expect(late == .unavailable("\(place) did not answer within 200 ms."))
            let unreachable = await fault { try await database.rows("SELECT 1") }
            #expect(why(unreachable).hasPrefix("\(place) cannot be reached: "))
            proxy.heal()
            let isBack = await soon(5) { await fault { try await database.rows("SELECT 1") } == nil }
            #expect(isBack)
        }
        proxy.close()
    }

    @Test func `a commit without an answer is not done again`() async throws {
        let proxy = try CuttingProxy(to: try await PostgresServer.shared().port)
        let settings: (inout PostgresSettings) -> Void = { settings in
            settings.statementTimeout = .init(.milliseconds(100))
            settings.grace = .init(.milliseconds(100))
        }
        try await with(url(of: proxy), settings) { database async throws in
            let tries = Counter()
            let found = await fault {
                try await database.write { session in
                    tries.add()
                    _ = try session.query("SELECT 1")
                    proxy.stall()
                }
            }
            #expect(why(found).hasSuffix("It is not known whether the change was made."))
            #expect(tries.count == 1)
            proxy.heal()
        }
        proxy.close()
    }

    private func url(of proxy: CuttingProxy) -> String {
        "postgresql://postgres@127.0.0.1:\(proxy.port)/postgres?sslmode=disable"
    }

    private func heard(_ semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { done in
            DispatchQueue(label: "heard").async {
                semaphore.wait()
                done.resume()
            }
        }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}

/// True once.
private final class Flag: Sendable {
    private let value = Mutex(true)

    func take() -> Bool {
        value.withLock { value in
            defer { value = false }
            return value
        }
    }
}
