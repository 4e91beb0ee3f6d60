import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// The room with a store behind it.
struct StoreAccessTests {
    private static let master = "sk-master-0123456789"

    private func access(_ room: KeyRoom, _ compat: Compat = .v1_83, withoutStore: Bool = false) -> Access {
        var settings = AccessSettings(
            masterKey: Secret(Self.master), tokens: [.init(name: "blue", secret: Secret("sk-blue"))], compat: compat)
        settings.allowsWithoutStore = withoutStore
        return Access(settings, keys: room.cache)
    }

    private func ask(_ access: Access, _ key: String?, _ room: KeyRoom) async -> Result<Principal, GatewayFault> {
        do throws(GatewayFault) {
            return .success(try await access.identifyAsking(key.map(KeyRoom.show), at: room.wall))
        } catch { return .failure(error) }
    }

    @Test(arguments: [Self.master, "sk-blue"])
    func `the keys of the configuration are known without the store`(key: String) async throws {
        let room = KeyRoom()
        room.store.fail(with: .unavailable("gone"))
        #expect(try access(room).identify(KeyRoom.show(key), at: room.wall) != nil)
        #expect(room.store.reads == 0)
    }

    @Test func `a key of the store is unseen once and then known at once`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1"))
        let access = access(room)
        #expect(try access.identify(KeyRoom.show("sk-1"), at: room.wall) == nil)
        let principal = try await ask(access, "sk-1", room).get()
        #expect(principal.kind == .key)
        #expect(try access.identify(KeyRoom.show("sk-1"), at: room.wall) === principal)
    }

    @Test(arguments: Compat.allCases)
    func `an unknown key is refused with the same words, first by the store and then by memory`(
        compat: Compat
    ) async throws {
        let room = KeyRoom()
        let access = access(room, compat)
        let first = await ask(access, "sk-nobody", room).fault
        #expect(first?.code == .keyUnknown)
        let without = Access(AccessSettings(masterKey: Secret(Self.master), compat: compat))
        do throws(GatewayFault) { _ = try without.identify(KeyRoom.show("sk-nobody"), at: room.wall) } catch {
            #expect(first?.message == error.message)
        }
        #expect(throws: GatewayFault.self) { try access.identify(KeyRoom.show("sk-nobody"), at: room.wall) }
        #expect(room.store.reads == 1)
    }

    @Test(arguments: ["password", "", "Sk-1", "ey.a.b"])
    func `what is no key is refused without asking`(key: String) async {
        let room = KeyRoom()
        #expect(await ask(access(room), key, room).fault?.code == .keyMalformed)
        #expect(await ask(access(room), nil, room).fault?.code == .keyMissing)
        #expect(room.store.reads == 0)
    }

    // MARK: Blocked and expired

    @Test func `a blocked key is refused at every use`() async throws {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1", ["blocked": true]))
        let access = access(room)
        #expect(await ask(access, "sk-1", room).fault?.code == .keyBlocked)
        #expect(await ask(access, "sk-1", room).fault?.code == .keyBlocked)
        #expect(room.store.reads == 1)
    }

    @Test func `a key is good until its end and expired from then on`() async throws {
        let room = KeyRoom()
        let end = room.wall + 1_000_000_000
        try await room.add(
            KeyRoom.key("sk-1", ["expires": .int(Int64(end / 1000)), "key_name": "sk-...a388"]))
        let access = access(room)
        let principal = try await ask(access, "sk-1", room).get()
        try access.check(principal, showing: KeyRoom.show("sk-1"), at: end - 1)
        room.clock.advance(milliseconds: 1000)
        let fault = await ask(access, "sk-1", room).fault
        #expect(fault?.code == .keyExpired)
        #expect(fault?.param == "sk-...a388")
        #expect(
            fault?.message
                == "Authentication Error - Expired Key. Key Expiry time 2023-11-14 22:13:21.000000+00:00 and current "
                + "time 2023-11-14 22:13:21.000000+00:00")
        #expect(throws: GatewayFault.self) { try access.check(principal, showing: KeyRoom.show("sk-1"), at: end) }
    }

    @Test(arguments: Compat.allCases)
    func `the old key of a replaced one works until its time is over, and then there is none such`(
        compat: Compat
    ) async throws {
        let room = KeyRoom()
        let end = room.wall + 60_000_000_000
        try await room.add(
            KeyRoom.key("sk-new"),
            KeyRoom.entity(
                .retiredKeys, KeyRoom.digest("sk-old").hex,
                ["active": .string(KeyRoom.digest("sk-new").hex), "revoke_at": .int(Int64(end / 1000))]))
        let access = access(room, compat)
        let old = try await ask(access, "sk-old", room).get()
        #expect(old.keyHash == KeyRoom.digest("sk-new").hex)
        try access.check(old, showing: KeyRoom.show("sk-old"), at: end - 1)
        room.clock.advance(milliseconds: 60_000)
        let fault = try #require(await ask(access, "sk-old", room).fault)
        #expect(fault.code == .keyUnknown)
        #expect(fault.message.contains(KeyRoom.digest("sk-old").hex) == (compat == .v1_83))
        #expect(!fault.message.contains(KeyRoom.digest("sk-new").hex))
        do throws(GatewayFault) {
            try access.check(old, showing: KeyRoom.show("sk-old"), at: end)
            Issue.record("a connection that stays open goes on with it")
        } catch { #expect(error.message == fault.message) }
        #expect(await ask(access, "sk-new", room).fault == nil)
    }

    // MARK: Without the store

    @Test func `an unseen key is refused while the store is away`() async {
        let room = KeyRoom()
        room.store.fail(with: .unavailable("connection refused at 10.0.0.1"))
        let fault = await ask(access(room), "sk-1", room).fault
        #expect(fault?.code == .storeUnavailable)
        #expect(fault?.message.contains("10.0.0.1") == false)
        #expect(fault?.detail.contains("10.0.0.1") == true)
    }

    @Test func `where the configuration lets him, a stranger calls models, and every request of his asks again`()
        async throws
    {
        let room = KeyRoom()
        try await room.add(KeyRoom.key("sk-1", ["key_alias": "mine"]))
        room.store.fail(with: .unavailable("gone"))
        let access = access(room, withoutStore: true)
        let stranger = try await ask(access, "sk-1", room).get()
        #expect(stranger.alias == "failed-to-connect-to-db")
        #expect(stranger.grant?.userID == "__db_unavailable_fallback__")
        #expect(stranger.role == .internalUser)
        #expect(!stranger.isCurrent)
        try Access.checkRoute("/v1/chat/completions", stranger)
        #expect(throws: GatewayFault.self) { try Access.checkRoute("/key/generate", stranger) }
        room.store.fail(with: nil)
        room.clock.advance(milliseconds: 1000)
        #expect(try await ask(access, "sk-1", room).get().alias == "mine")
        #expect(await ask(access, "sk-2", room).fault?.code == .keyUnknown, "the store is back")
    }
}
