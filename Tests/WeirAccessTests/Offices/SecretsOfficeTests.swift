import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct SecretsOfficeTests {
    private static let next = Secret("the-next-master-secret")

    /// Two models, one of them a team's, and a credential.
    private func filled() async throws -> VaultRoom {
        let room = VaultRoom()
        try await room.plant(.teams, "t1", [:])
        for (id, team) in [("m1", JSONValue.null), ("m2", "t1")] {
            _ = try await room.offices.models.new(
                VaultRoom.ask([
                    "model_name": .string(id),
                    "litellm_params": ["model": "openai/x", "api_key": .string(VaultRoom.planted + id)],
                    "model_info": ["id": .string(id), "team_id": team],
                ]))
        }
        _ = try await room.offices.credentials.new(
            VaultRoom.ask([
                "credential_name": "c1", "credential_info": [:],
                "credential_values": ["api_key": .string(VaultRoom.planted), "api_base": "https://x"],
            ]))
        return room
    }

    private func keys(_ room: VaultRoom, _ vault: Vault) async throws -> [String] {
        try await StoredModels.entries(room.store, vault).compactMap { $0.object("litellm_params")?.string("api_key") }
    }

    @Test func `a sound store is proved to be one`() async throws {
        let room = try await filled()
        let report = try await room.offices.secrets.verify()
        #expect(report.isSound)
        #expect(report.models == 2 && report.credentials == 1 && report.sealed == 4)
        try await room.offices.secrets.check()
    }

    @Test func `a secret that stands in plain text is found, with its place`() async throws {
        let room = try await filled()
        try await room.overwrite(.models, "m1") { document in
            var params = document.object("litellm_params") ?? JSONObject()
            params["client_secret"] = "in plain text"
            params["api_key"] = "os.environ/OPENAI_API_KEY"
            document["litellm_params"] = .object(params)
        }
        try await room.overwrite(.credentials, "c1") {
            $0["credential_values"] = ["any": "in plain text", "api_key": 123]
        }
        let report = try await room.offices.secrets.verify()
        #expect(
            report.plain == [
                "models/m1/litellm_params/client_secret", "credentials/c1/credential_values/api_key",
                "credentials/c1/credential_values/any",
            ])
        #expect(report.references == 1)
        #expect(!report.isSound)
    }

    @Test func `sealed texts that were swapped between records are found`() async throws {
        let room = try await filled()
        let first = try #require(try await room.document(.models, "m1"))
        try await room.overwrite(.models, "m2") { $0["litellm_params"] = first["litellm_params"] }
        let report = try await room.offices.secrets.verify()
        #expect(report.unreadable == ["models/m2/litellm_params/api_key"])
    }

    @Test func `rotation wraps the data keys anew and leaves what is sealed`() async throws {
        let room = try await filled()
        let before = try await room.document(.models, "m1")
        let plain = try await keys(room, room.vault)
        let count = try await room.offices.secrets.rotate(from: VaultRoom.master, to: Self.next, by: VaultRoom.admin)
        #expect(count == 2)
        #expect(try await room.document(.models, "m1") == before)
        #expect(try await keys(room, Vault(master: Self.next)) == plain)
        #expect(plain.count == 2 && plain.allSatisfy { $0.hasPrefix(VaultRoom.planted) })
        // A replica that runs with the old secret goes on with what it holds; a new one is refused.
        #expect(try await keys(room, room.vault) == plain)
        #expect(try await keys(room, Vault(master: VaultRoom.master)).isEmpty)
        let again = try await room.offices.secrets.rotate(from: VaultRoom.master, to: Self.next, by: VaultRoom.admin)
        #expect(again == 0)
        #expect(try await room.trail().filter { $0.action == "rotated" }.count == 2)
    }

    @Test func `rotation from a wrong secret changes nothing`() async throws {
        let room = try await filled()
        await #expect(throws: OfficeFault.self) {
            try await room.offices.secrets.rotate(from: Secret("wrong"), to: Self.next, by: VaultRoom.admin)
        }
        await #expect(throws: OfficeFault.self) {
            try await room.offices.secrets.rotate(from: VaultRoom.master, to: Secret(""), by: VaultRoom.admin)
        }
        #expect(try await room.offices.secrets.verify().isSound)
    }

    @Test func `records are sealed with new data keys`() async throws {
        let room = try await filled()
        let before = try #require(try await room.document(.models, "m1"))
        #expect(try await room.offices.secrets.rotateRecords(by: VaultRoom.admin) == 3)
        let after = try #require(try await room.document(.models, "m1"))
        #expect(before != after)
        #expect("\(after)".contains("weir:v1:models.2:") && !"\(after)".contains("weir:v1:models.1:"))
        #expect(try await room.offices.secrets.verify().isSound)
        #expect(try await keys(room, Vault(master: VaultRoom.master)).count == 2)
    }

    @Test func `a start with the wrong secret, or with none, is told what is missing`() async throws {
        let room = try await filled()
        for (master, sentence) in [
            (Secret("wrong"), "is not the one that"), (nil, "there is no secret to open them with"),
        ] {
            let other = VaultRoom(master: master, store: room.store)
            do {
                try await other.offices.secrets.check()
                Issue.record("the check passed")
            } catch {
                #expect(error.message.contains(sentence) && error.message.contains("WEIR_MASTER_SECRET"))
            }
            let report = try await other.offices.secrets.verify()
            #expect(report.unreadable.count == 4)
        }
    }

    @Test func `no data key, and nothing sealed, needs no secret`() async throws {
        try await VaultRoom(master: nil).offices.secrets.check()
    }
}
