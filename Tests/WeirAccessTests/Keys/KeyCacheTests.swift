import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct KeyCacheTests {
    @Test func `a key is unseen, then known, and the store is asked once`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1", ["key_alias": "blue"]))
        #expect(room.isUnseen("sk-1"))
        let loaded = try await room.load("sk-1").get()
        #expect(loaded?.alias == "blue")
        #expect(loaded?.keyHash == KeyRoom.digest("sk-1").hex)
        #expect(room.known("sk-1") === loaded)
        #expect(try await room.load("sk-1").get() === loaded)
        #expect(room.store.reads == 1)
    }

    @Test func `a key that does not exist is remembered for ten seconds`() async throws {
        let room = KeyRoom()
        #expect(try await room.load("sk-1").get() == nil)
        #expect(room.isUnknown("sk-1"))
        #expect(try await room.load("sk-1").get() == nil)
        #expect(room.store.reads == 1)
        room.clock.advance(milliseconds: 10_000)
        #expect(room.isUnseen("sk-1"))
    }

    @Test func `a key that is made is no longer unknown`() async throws {
        let room = KeyRoom()
        _ = await room.load("sk-1")
        try await room.add(KeyRoom.key("sk-1"))
        room.apply("keys", KeyRoom.digest("sk-1").hex)
        #expect(room.isUnseen("sk-1"))
        #expect(try await room.load("sk-1").get() != nil)
    }

    @Test func `who asks for the same key at once asks the store once`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"))
        room.store.hold()
        try await withThrowingTaskGroup(of: Principal?.self) { group in
            for _ in 0..<20 { group.addTask { try await room.load("sk-1").get() } }
            await room.store.asked(1)
            room.store.release()
            var principals: [Principal?] = []
            for try await principal in group { principals.append(principal) }
            #expect(principals.allSatisfy { $0 === principals[0] && $0 != nil })
        }
        #expect(room.store.reads == 1)
    }

    // MARK: Changes

    private static let record: [Entity] = [
        KeyRoom.key(
            "sk-1",
            [
                "team_id": "t", "user_id": "u", "organization_id": "o", "budget_id": "b",
            ]),
        KeyRoom.entity(.teams, "t"), KeyRoom.entity(.users, "u"), KeyRoom.entity(.organizations, "o"),
        KeyRoom.entity(.budgets, "b"),
    ]

    @Test(arguments: [
        ("keys", KeyRoom.digest("sk-1").hex), ("teams", "t"), ("users", "u"), ("organizations", "o"), ("budgets", "b"),
        ("team_members", "u"), ("organization_members", "u"),
    ])
    func `a change of what a key depends on drops and revokes it`(kind: String, id: String) async throws {
        let room = KeyRoom()
        for entity in Self.record { try await room.add(entity) }
        try await room.add(KeyRoom.key("sk-2", ["team_id": "other"]))
        let principal = try #require(try await room.load("sk-1").get())
        _ = await room.load("sk-2")
        room.apply(kind, id)
        #expect(!principal.isCurrent)
        #expect(room.isUnseen("sk-1"))
        #expect(room.known("sk-2")?.isCurrent == true)
    }

    @Test(arguments: [
        ("keys", "t"), ("keys", "u"), ("teams", "u"), ("users", "t"), ("models", "t"), ("budgets", "o"),
        ("access_groups", "b"), ("nonsense", "t"), ("keys", "not a hash"),
    ])
    func `other changes leave it alone`(kind: String, id: String) async throws {
        let room = KeyRoom()
        for entity in Self.record { try await room.add(entity) }
        let principal = try await room.load("sk-1").get()
        room.apply(kind, id)
        #expect(room.known("sk-1") === principal)
        #expect(principal?.isCurrent == true)
    }

    @Test func `a team that is made later concerns the keys that named it before`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1", ["team_id": "t"]))
        _ = await room.load("sk-1")
        room.apply("teams", "t")
        #expect(room.isUnseen("sk-1"))
    }

    @Test func `a key that depends on more than there are places for is dropped by any change`() async throws {
        let room = KeyRoom()
        try await room.add(
            KeyRoom.key("sk-1", ["team_id": "t", "user_id": "u", "organization_id": "o", "budget_id": "b1"]),
            KeyRoom.entity(.teams, "t", ["budget_id": "b2", "organization_id": "o2"]),
            KeyRoom.entity(.users, "u", ["budget_id": "b3"]),
            KeyRoom.entity(.organizations, "o", ["budget_id": "b4"]))
        _ = await room.load("sk-1")
        room.apply("budgets", "b4")
        #expect(room.isUnseen("sk-1"))
    }

    @Test func `the old key of a replaced one is dropped with the new one`() async throws {
        let room = KeyRoom()
        let end = Int64(room.wall / 1000) + 60_000_000
        try await room.add(
            KeyRoom.key("sk-new", ["key_alias": "n"]),
            KeyRoom.entity(
                .retiredKeys, KeyRoom.digest("sk-old").hex,
                ["active": .string(KeyRoom.digest("sk-new").hex), "revoke_at": .int(end)]))
        let principal = try #require(try await room.load("sk-old").get())
        #expect(principal.keyHash == KeyRoom.digest("sk-new").hex)
        #expect(principal.grant?.retiresAt == UInt64(end) * 1000)
        room.apply("keys", KeyRoom.digest("sk-new").hex)
        #expect(!principal.isCurrent)
        #expect(room.isUnseen("sk-old"))
    }

    @Test func `all are forgotten when changes may have been missed`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"))
        let principal = try await room.load("sk-1").get()
        _ = await room.load("sk-2")
        room.cache.dropAll()
        #expect(room.isUnseen("sk-1") && room.isUnseen("sk-2"))
        #expect(principal?.isCurrent == false)
        #expect(room.cache.count == 0)
    }

    // MARK: Changes while an answer is on its way

    @Test func `an answer that is older than a change is asked for again`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"))
        room.store.hold()
        async let loading = room.load("sk-1")
        await room.store.asked(1)
        try await room.store.write { session in
            var key = KeyRoom.key("sk-1")
            key.document["blocked"] = true
            try session.update(key)
        }
        room.apply("keys", KeyRoom.digest("sk-1").hex)
        room.store.release()
        let principal = try await loading.get()
        #expect(principal?.grant?.blocked?.code == .keyBlocked)
        #expect(room.known("sk-1") === principal)
        #expect(room.store.reads == 2)
    }

    @Test func `a key that is made while it is asked for is not remembered as unknown`() async throws {
        let room = KeyRoom()
        room.store.hold()
        async let loading = room.load("sk-1")
        await room.store.asked(1)
        try await room.add(KeyRoom.key("sk-1"))
        room.apply("keys", KeyRoom.digest("sk-1").hex)
        room.store.release()
        #expect(try await loading.get() != nil)
    }

    @Test func `an answer that is never newer than the changes holds for the one who waits and is not kept`()
        async throws
    {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"))
        room.store.hold()
        async let loading = room.load("sk-1")
        for round in 1...3 {
            await room.store.asked(round)
            room.cache.dropAll()
            room.store.releaseOnce()
        }
        let principal = try await loading.get()
        #expect(principal?.isCurrent == false)
        #expect(room.isUnseen("sk-1"))
    }

    // MARK: Bounds

    @Test func `no more keys are kept than the bound, and those in use stay`() async throws {
        var bounds = KeyCache.Bounds()
        bounds.keys = 8
        bounds.unknowns = 1
        let room = KeyRoom(bounds)
        var first: Principal?
        for number in 0..<50 {
            try await room.add(KeyRoom.key("sk-\(number)"))
            let principal = try await room.load("sk-\(number)").get()
            if number == 0 { first = principal }
            #expect(room.known("sk-0") === first, "it is used all the time")
        }
        #expect(room.cache.count == 8)
        #expect(first?.isCurrent == true)
    }

    @Test func `a key that made room is revoked`() async throws {
        var bounds = KeyCache.Bounds()
        bounds.keys = 1
        let room = KeyRoom(bounds)
        try await room.add(KeyRoom.key("sk-1"), KeyRoom.key("sk-2"))
        let first = try await room.load("sk-1").get()
        _ = await room.load("sk-2")
        #expect(first?.isCurrent == false)
        #expect(room.isUnseen("sk-1"))
        #expect(room.known("sk-2") != nil)
    }

    @Test func `no more unknown keys are kept than the bound`() async throws {
        var bounds = KeyCache.Bounds()
        bounds.unknowns = 4
        let room = KeyRoom(bounds)
        for number in 0..<100 { _ = await room.load("sk-\(number)") }
        #expect(room.cache.unknownCount <= 4)
        #expect(room.isUnknown("sk-99"))
    }

    @Test func `numbers of principals are never given twice`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"), KeyRoom.key("sk-2"))
        var numbers: Set<Int> = [room.cache.unknownCaller.index]
        for _ in 0..<3 {
            for key in ["sk-1", "sk-2"] { numbers.insert(try #require(try await room.load(key).get()).index) }
            room.cache.dropAll()
        }
        #expect(numbers.count == 7)
        #expect(numbers.allSatisfy { $0 >= (1 << 20) - 1 })
    }

    // MARK: Without the store

    @Test func `known keys go on working while the store is away`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"))
        _ = await room.load("sk-1")
        room.store.fail(with: .unavailable("gone"))
        room.clock.advance(milliseconds: 600_000)
        #expect(room.known("sk-1") != nil)
        #expect(await room.load("sk-2").fault?.code == .storeUnavailable)
    }

    @Test func `a store that does not answer is left alone for a second, and then asked again`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"))
        room.store.fail(with: .unavailable("gone"))
        #expect(await room.load("sk-1").fault?.code == .storeUnavailable)
        room.store.fail(with: nil)
        #expect(await room.load("sk-1").fault?.code == .storeUnavailable)
        #expect(room.store.reads == 1)
        room.clock.advance(milliseconds: 1000)
        #expect(try await room.load("sk-1").get() != nil)
    }

    @Test func `a fault of the store is no proof that a key does not exist`() async throws {
        let room = KeyRoom()
        room.store.fail(with: .broken("no such column"))
        #expect(await room.load("sk-1").fault?.code == .storeUnavailable)
        #expect(room.isUnseen("sk-1"))
    }

    @Test func `nobody waits longer than the bound, and an answer that comes later is nobody's`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"))
        room.store.hold()
        async let first = room.load("sk-1")
        async let second = room.load("sk-1")
        await room.store.asked(1)
        room.clock.advance(milliseconds: 5000)
        while room.alarm.count == 0 { await Task.yield() }
        room.alarm.ring()
        #expect(await first.fault?.code == .storeUnavailable)
        #expect(await second.fault?.code == .storeUnavailable)
        room.store.release()
        #expect(room.isUnseen("sk-1"))
        room.clock.advance(milliseconds: 1000)
        #expect(try await room.load("sk-1").get() != nil)
    }

    @Test func `one alarm serves all who wait`() async throws {
        let room = KeyRoom()
        room.store.hold()
        async let first = room.load("sk-1")
        await room.store.asked(1)
        room.clock.advance(milliseconds: 3000)
        async let second = room.load("sk-2")
        await room.store.asked(2)
        #expect(room.alarm.count == 1)
        room.clock.advance(milliseconds: 2000)
        room.alarm.ring()
        #expect(await first.fault?.code == .storeUnavailable)
        #expect(room.alarm.count == 1, "set again for the second")
        room.store.release()
        #expect(try await second.get() == nil)
        room.alarm.ring()
        #expect(room.alarm.count == 0)
    }

    @Test func `no more questions are on their way than the bound`() async throws {
        var bounds = KeyCache.Bounds()
        bounds.questions = 1
        let room = KeyRoom(bounds)
        room.store.hold()
        async let first = room.load("sk-1")
        await room.store.asked(1)
        let refused = await room.load("sk-2")
        #expect(refused.fault?.code == .storeUnavailable)
        #expect(refused.fault?.retryAfter != nil)
        room.store.release()
        #expect(try await first.get() == nil)
        #expect(try await room.load("sk-2").get() == nil, "being full is not being away")
    }

    @Test func `without a store every key is unknown`() async throws {
        let cache = KeyCache(store: nil, time: TestClock().source, alarm: HeldAlarm().alarm)
        #expect(try await cache.load(KeyRoom.digest("sk-1")) == nil)
    }

    // MARK: Figures

    /// Says something in an optimised build only.
    @Test(.disabled("a figure, not a test"))
    func `what a look-up and a sweep cost`() async throws {
        let room = KeyRoom()
        let digests = (0..<100_000).map { KeyRoom.digest("sk-\($0)") }
        try await room.store.write { session in
            for digest in digests { try session.insert(KeyRoom.entity(.keys, digest.hex, ["team_id": "t"])) }
        }
        for digest in digests { _ = try await room.cache.load(digest) }
        let clock = ContinuousClock()
        let lookups = clock.measure { for digest in digests { _ = room.cache.principal(for: digest, at: 0) } }
        let sweep = clock.measure { room.apply("teams", "nobody's") }
        Issue.record("\(lookups / 100_000) a look-up, \(sweep) a sweep")
    }
}
