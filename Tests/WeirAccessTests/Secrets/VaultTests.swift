import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct VaultTests {
    private static let context = SealContext(.models, "m1", path: "/litellm_params/api_key", tenant: "team-1")

    private func sealed(_ text: String, _ room: VaultRoom, in context: SealContext = context) async throws -> String {
        let (desk, vault) = (room.desk, room.vault)
        return try await room.store.write { session in
            try vault.seal(Secret(text), in: context, session, desk)
        }
    }

    private func opened(
        _ text: String, _ vault: Vault, _ store: any Store, in context: SealContext = context
    ) async throws -> String {
        try await store.read { session in try vault.open(text, in: context, session).revealed() }
    }

    @Test(arguments: ["x", "sk-0123456789", "ключ 鍵 🗝", String(repeating: "long", count: 5000)])
    func `what is sealed opens again, in this process and in the next`(plain: String) async throws {
        let room = VaultRoom()
        let text = try await sealed(plain, room)
        #expect(text.hasPrefix("weir:v1:models.1:"))
        #expect(!text.contains(plain) || plain == "x")
        #expect(try await opened(text, room.vault, room.store) == plain)
        #expect(try await opened(text, Vault(master: VaultRoom.master), room.store) == plain)
    }

    @Test func `the same text is never sealed the same way twice`() async throws {
        let room = VaultRoom()
        let (first, second) = (try await sealed("same", room), try await sealed("same", room))
        #expect(first != second)
    }

    @Test func `a text that was sealed for one place does not open in another`() async throws {
        let room = VaultRoom()
        let text = try await sealed("secret", room)
        let others = [
            SealContext(.models, "m2", path: "/litellm_params/api_key", tenant: "team-1"),
            SealContext(.models, "m1", path: "/litellm_params/client_secret", tenant: "team-1"),
            SealContext(.models, "m1", path: "/litellm_params/api_key", tenant: "team-2"),
            SealContext(.models, "m1", path: "/litellm_params/api_key"),
            SealContext(.credentials, "m1", path: "/litellm_params/api_key", tenant: "team-1"),
        ]
        for other in others {
            await #expect(throws: VaultFault.tampered(other.kind, id: other.id, path: other.path)) {
                try await opened(text, room.vault, room.store, in: other)
            }
        }
    }

    @Test func `parts of a place cannot be shifted into each other`() async throws {
        let room = VaultRoom()
        let text = try await sealed("secret", room, in: SealContext(.models, "ab", path: "c", tenant: "d"))
        await #expect(throws: VaultFault.self) {
            try await opened(text, room.vault, room.store, in: SealContext(.models, "a", path: "bc", tenant: "d"))
        }
    }

    @Test func `a changed text does not open, whichever part was changed`() async throws {
        let room = VaultRoom()
        let text = try await sealed("secret", room)
        let body = text.dropFirst("weir:v1:models.1:".count)
        for place in [0, 8, body.count / 2, body.count - 2] {
            var characters = Array(body)
            characters[place] = characters[place] == "A" ? "B" : "A"
            let changed = "weir:v1:models.1:" + String(characters)
            await #expect(throws: VaultFault.self) { try await opened(changed, room.vault, room.store) }
        }
        for broken in [
            "weir:v1:", "weir:v1:models.1", "weir:v1:models.1:", "weir:v1:models.1:AAAA", "weir:v1::\(body)",
            "weir:v1:models.1:!!", "plain",
        ] {
            await #expect(throws: VaultFault.self) { try await opened(broken, room.vault, room.store) }
        }
    }

    @Test func `a data key that is gone is named`() async throws {
        let room = VaultRoom()
        let text = try await sealed("secret", room).replacing("models.1", with: "models.9")
        await #expect(throws: VaultFault.dataKeyMissing("models.9")) {
            try await opened(text, room.vault, room.store)
        }
    }

    @Test func `another master secret opens nothing, and the sentence counts the records`() async throws {
        let room = VaultRoom()
        let text = try await sealed("secret", room)
        try await room.plant(.models, "m1", [:])
        try await room.plant(.models, "m2", [:])
        let other = Vault(master: Secret("another"))
        await #expect(throws: VaultFault.wrongMaster(records: 2)) { try await opened(text, other, room.store) }
        #expect(
            VaultFault.wrongMaster(records: 2).description
                == "LITELLM_SALT_KEY / WEIR_MASTER_SECRET is not the one that 2 records were sealed with.")
        await #expect(throws: VaultFault.noMaster(records: 2)) {
            try await opened(text, Vault(master: nil), room.store)
        }
    }

    @Test func `with another master secret nothing is sealed over what is there`() async throws {
        let room = VaultRoom()
        _ = try await sealed("secret", room)
        let other = VaultRoom(master: Secret("another"), store: room.store)
        await #expect(throws: VaultFault.self) { try await sealed("more", other) }
    }

    @Test(arguments: [nil, Secret("")])
    func `without a master secret nothing is sealed, and the fault names the variables`(master: Secret?) async throws {
        let room = VaultRoom(master: master)
        await #expect(throws: VaultFault.cannotSeal) { try await sealed("secret", room) }
        let fault = OfficeFault(VaultFault.cannotSeal)
        #expect(fault.status == 400)
        #expect(fault.message.contains("WEIR_MASTER_SECRET") && fault.message.contains("LITELLM_SALT_KEY"))
    }

    @Test func `replicas that make the first data key at once end with one`() async throws {
        let first = VaultRoom(seed: 1)
        let second = VaultRoom(store: first.store, seed: 2)
        try await withThrowingTaskGroup { group in
            for room in [first, second, first, second] {
                group.addTask { try await room.vault.prepare(.models, room.desk) }
            }
            try await group.waitForAll()
        }
        let count = try await first.store.read { session in try session.count(.dataKeys, []) }
        #expect(count == 1)
        let text = try await sealed("secret", second)
        #expect(try await opened(text, first.vault, first.store) == "secret")
    }

    @Test func `a data key whose transaction came to nothing does not stay in memory`() async throws {
        struct Stop: Error {}
        let room = VaultRoom(seed: 1)
        let (desk, vault) = (room.desk, room.vault)
        await #expect(throws: Stop.self) {
            try await room.store.write { session in
                _ = try vault.seal(Secret("lost"), in: Self.context, session, desk)
                throw Stop()
            }
        }
        // Another replica makes the data key of the same id.
        let other = VaultRoom(store: room.store, seed: 2)
        let text = try await sealed("secret", other)
        #expect(try await opened(text, room.vault, room.store) == "secret")
        let more = try await sealed("more", room)
        #expect(try await opened(more, other.vault, room.store) == "more")
    }

    @Test func `a fault tells nothing of what is sealed`() async throws {
        let room = VaultRoom()
        let text = try await sealed(VaultRoom.planted, room)
        do {
            _ = try await opened(text, room.vault, room.store, in: SealContext(.models, "m2", path: "/a"))
            Issue.record("it opened")
        } catch {
            let fault = (error as? VaultFault).map { OfficeFault($0) }
            #expect(!"\(error) \(String(describing: fault))".contains("planted"))
        }
    }
}
