import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct CredentialOfficeTests {
    private static let item: JSONObject = [
        "credential_name": "golden-cred", "credential_info": ["description": "d"],
        "credential_values": ["api_key": .string(VaultRoom.planted), "api_base": "https://a", "n": 3],
    ]

    private func filled() async throws -> VaultRoom {
        var room = VaultRoom()
        room.models.configured = [
            ["credential_name": "fixed", "credential_values": ["api_key": .string(VaultRoom.planted)]]
        ]
        _ = try await room.offices.credentials.new(VaultRoom.ask(Self.item))
        return room
    }

    private func use(_ room: VaultRoom, _ name: String = "golden-cred", _ params: JSONObject = [:]) async throws {
        let usual: JSONObject = ["model": "openai/x", "litellm_credential_name": .string(name)]
        _ = try await room.offices.models.new(
            VaultRoom.ask([
                "model_name": "m", "litellm_params": .object(usual.merging(params)), "model_info": ["id": "m1"],
            ]))
    }

    private func fault(_ work: () async throws -> OfficeAnswer) async -> OfficeFault? {
        do {
            _ = try await work()
            return nil
        } catch {
            return error as? OfficeFault
        }
    }

    private func named(_ name: String = "golden-cred", _ body: JSONObject = [:]) -> OfficeRequest {
        VaultRoom.ask(body, path: ["credential_name": name])
    }

    @Test func `credentials are listed as LiteLLM lists them, masked`() async throws {
        let answer = try await filled().offices.credentials.list(VaultRoom.ask())
        let golden: JSONObject = [
            "credential_name": "golden-cred", "display_name": nil, "credential_info": ["description": "d"],
            "credential_values": ["api_key": "sk****23", "api_base": "https://a", "n": 3], "source": "db",
        ]
        #expect(answer.value.object?.bool("success") == true)
        #expect(answer.value.object?["credentials"]?.array?.first == .object(golden))
        let configured = answer.value.object?["credentials"]?.array?.last?.object
        #expect(configured?.string("source") == "config" && configured?.string("credential_name") == "fixed")
    }

    @Test func `a planted secret is in no answer, no record and no entry of the audit`() async throws {
        let room = try await filled()
        let credentials = room.offices.credentials
        let change: JSONObject = ["credential_values": ["client_secret": .string(VaultRoom.planted + "x")]]
        var shown = "\(try await credentials.update(named("golden-cred", change)))"
        shown += "\(try await credentials.list(VaultRoom.ask()))\(try await credentials.byName(named()))"
        shown += "\(try await credentials.byName(named("fixed")))\(try await room.everything())"
        shown += "\(try await credentials.delete(named()))\(try await room.trail())"
        #expect(!shown.contains("planted"))
        #expect(try await room.trail().map(\.action).sorted() == ["created", "deleted", "updated"])
    }

    @Test func `a model that names a credential is served with its values, its own first`() async throws {
        let room = try await filled()
        try await use(room, "golden-cred", ["api_base": "https://own"])
        let params = try await StoredModels.entries(room.store, room.vault).first?.object("litellm_params")
        #expect(params?.string("api_key") == VaultRoom.planted)
        #expect(params?.string("api_base") == "https://own")
        #expect(params?["litellm_credential_name"] == nil)
        #expect(room.models.seen.last?.object("litellm_params")?.string("api_key") == VaultRoom.planted)
    }

    @Test func `a credential of the configuration is left to be looked up there`() async throws {
        let room = try await filled()
        try await use(room, "fixed")
        let params = try await StoredModels.entries(room.store, room.vault).first?.object("litellm_params")
        #expect(params?.string("litellm_credential_name") == "fixed")
    }

    @Test func `a credential in use is not deleted`() async throws {
        let room = try await filled()
        try await use(room)
        let refused = await fault { try await room.offices.credentials.delete(named()) }
        #expect(refused?.status == 400)
        #expect(refused?.message.contains("in use by 1 model(s): m1") == true)
        #expect(try await room.document(.credentials, "golden-cred") != nil)
        _ = try await room.offices.models.delete(VaultRoom.ask(["id": "m1"]))
        let answer = try await room.offices.credentials.delete(named())
        #expect(answer.value.object == ["success": true, "message": "Credential deleted successfully"])
    }

    @Test func `a change keeps what it does not name, and values that come back masked`() async throws {
        let room = try await filled()
        let change: JSONObject = [
            "credential_values": ["api_key": "sk****23", "client_secret": "another-secret", "api_base": nil],
            "credential_info": ["more": 1], "credential_values_to_delete": ["n"],
        ]
        _ = try await room.offices.credentials.update(named("golden-cred", change))
        try await use(room)
        let params = try await StoredModels.entries(room.store, room.vault).first?.object("litellm_params")
        #expect(params?.string("api_key") == VaultRoom.planted)
        #expect(params?.string("client_secret") == "another-secret")
        #expect(params?.string("api_base") == "https://a")
        #expect(params?["n"] == nil)
        let info = try await room.document(.credentials, "golden-cred")?.object("credential_info")
        #expect(info == ["description": "d", "more": 1])
    }

    @Test func `values can be taken from a model`() async throws {
        let room = VaultRoom()
        _ = try await room.offices.models.new(
            VaultRoom.ask([
                "model_name": "m", "model_info": ["id": "m1"],
                "litellm_params": ["model": "openai/x", "api_key": .string(VaultRoom.planted), "rpm": 1],
            ]))
        _ = try await room.offices.credentials.new(
            VaultRoom.ask(["credential_name": "c", "credential_info": [:], "model_id": "m1"]))
        let answer = try await room.offices.credentials.byName(named("c"))
        #expect(answer.value.object?.object("credential_values") == ["api_key": "sk****23"])
        #expect(try await room.offices.secrets.verify().isSound)
    }

    @Test(
        arguments: [
            (["credential_name": "c"], 400),
            (["credential_name": "", "credential_values": [:]], 400),
            (["credential_name": "c", "credential_values": [:], "model_id": "m"], 400),
            (["credential_name": "c", "model_id": "no"], 404),
            (["credential_name": "golden-cred", "credential_values": [:]], 409),
            (["credential_name": "fixed", "credential_values": [:]], 409),
            (["credential_name": "c", "credential_values": ["k": "weir:v1:x:AA"]], 400),
        ] as [(JSONObject, Int)])
    func `a credential that cannot be is refused`(body: JSONObject, status: Int) async throws {
        let room = try await filled()
        #expect(await fault { try await room.offices.credentials.new(VaultRoom.ask(body)) }?.status == status)
        #expect(try await room.store.read { session in try session.count(.credentials, []) } == 1)
    }

    @Test func `credentials that are not there, or are the configuration's, are neither changed nor deleted`()
        async throws
    {
        let credentials = try await filled().offices.credentials
        for work in [credentials.update, credentials.delete] {
            #expect(await fault { try await work(named("no")) }?.status == 404)
            #expect(await fault { try await work(named("fixed")) }?.status == 400)
        }
        let renamed = named("golden-cred", ["credential_name": "other"])
        #expect(await fault { try await credentials.update(renamed) }?.status == 400)
        #expect(await fault { try await credentials.byName(named("no")) }?.status == 404)
        #expect(
            await fault { try await credentials.byModel(VaultRoom.ask(path: ["model_id": "no"])) }?.status == 404)
    }
}
