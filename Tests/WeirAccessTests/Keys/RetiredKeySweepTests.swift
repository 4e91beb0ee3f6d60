import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct RetiredKeySweepTests {
    private static let now: Int64 = 10_000_000_000_000

    /// Ids are in the order of the list.
    private func store(_ ends: [Int64?]) async throws -> MemoryStore {
        let store = MemoryStore()
        try await store.write { session in
            for (number, end) in ends.enumerated() {
                let id = String(100_000 + number)
                let document: JSONObject = end.map { ["active": "x", "revoke_at": .int($0)] } ?? ["active": "x"]
                try session.insert(KeyRoom.entity(.retiredKeys, id, document))
            }
        }
        return store
    }

    private func count(_ store: MemoryStore) async throws -> Int {
        try await store.read { try $0.count(.retiredKeys, []) }
    }

    @Test func `a replaced key is taken out an hour after its end`() async throws {
        let end = Self.now - RetiredKeySweep.rest
        let store = try await store([end, end + 1, Self.now + 1, nil])
        var sweep = RetiredKeySweep()
        #expect(try await sweep.run(in: store, at: Self.now) == 2)
        #expect(try await sweep.run(in: store, at: Self.now) == 0)
        let rest = try await store.read {
            try $0.entities(.retiredKeys, ids: ["100000", "100001", "100002", "100003"])
        }
        #expect(Set(rest.map(\.id)) == ["100001", "100002"])
    }

    @Test func `one run looks at a bounded part, and many that stay keep none from being found`() async throws {
        let size = RetiredKeySweep.batch
        let store = try await store(Array(repeating: Self.now, count: size + 1) + Array(repeating: 0, count: size))
        var sweep = RetiredKeySweep()
        #expect(try await sweep.run(in: store, at: Self.now) == 0)
        #expect(try await sweep.run(in: store, at: Self.now) == size - 1)
        #expect(try await sweep.run(in: store, at: Self.now) == 1)
        #expect(try await count(store) == size + 1)
        try await store.write { session in _ = try session.delete(.retiredKeys, ids: ["100000"]) }
        #expect(try await sweep.run(in: store, at: Self.now + 2 * RetiredKeySweep.rest) == size, "it began anew")
    }

    @Test func `other replicas are told of what is gone`() async throws {
        let store = try await store([0])
        let before = try await store.read { try $0.lastChange() }
        var sweep = RetiredKeySweep()
        try await sweep.run(in: store, at: Self.now)
        let changes = try #require(try await store.read { try $0.changes(after: before, limit: 10) })
        #expect(changes.map(\.kind) == ["retired_keys"])
    }
}
