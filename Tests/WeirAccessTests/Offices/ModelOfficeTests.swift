import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct ModelOfficeTests {
    private static let configured = DeployedModel(
        id: "fixed-id-1", name: "gpt-4", params: ["model": "openai/gpt-4.1-mini", "rpm": 480], info: ["mode": "chat"],
        isStored: false, accessGroups: [])

    /// A request for a model; `params` are put over the usual ones.
    private func entry(_ id: String? = "m1", _ params: JSONObject = [:], info: JSONObject = [:]) -> JSONObject {
        var info = info
        if let id { info["id"] = .string(id) }
        let usual: JSONObject = [
            "model": "openai/fake", "api_key": .string(VaultRoom.planted), "api_base": "http://127.0.0.1:8090",
        ]
        return [
            "model_name": "golden-db-model", "litellm_params": .object(usual.merging(params)),
            "model_info": .object(info),
        ]
    }

    private func room(storing: Bool = true) -> VaultRoom {
        var room = VaultRoom()
        room.policy.storesModels = storing
        room.models.models = [Self.configured]
        return room
    }

    private func refusal(_ work: () async throws -> OfficeAnswer) async -> OfficeFault? {
        do {
            _ = try await work()
            return nil
        } catch {
            return error as? OfficeFault
        }
    }

    // MARK: New

    @Test(arguments: [Compat.v1_83, .v1_109])
    func `a new model is answered as LiteLLM answers, with its secret masked`(compat: Compat) async throws {
        var room = room()
        room.policy.compat = compat
        let answer = try await room.offices.models.new(VaultRoom.ask(entry("golden-model-id")))
        let object = try #require(answer.value.object)
        #expect(
            object.names == [
                "model_id", "model_name", "litellm_params", "model_info", "blocked", "created_at", "created_by",
                "updated_at", "updated_by",
            ])
        let params = try #require(object.object("litellm_params"))
        #expect(params.string("api_key") == "sk****23")
        #expect(params.string("api_base") == "http://127.0.0.1:8090")
        #expect(params.bool("use_litellm_proxy") == false)
        #expect((params["use_xai_oauth"] != nil) == (compat == .v1_109))
        #expect(object.object("model_info")?.string("id") == "golden-model-id")
        #expect(object.string("created_by") == "default_user_id" && object.bool("blocked") == false)
        #expect(object.string("created_at") == "2023-11-14T22:13:20Z")
    }

    @Test func `a planted secret is in no answer, no record, no entry of the audit`() async throws {
        let room = room()
        let models = room.offices.models
        let nested: JSONObject = [
            "vertex_credentials": ["private_key": .string(VaultRoom.planted), "client_email": "planted@x"],
            "extra_headers": ["X-Any": .string(VaultRoom.planted)],
            "api_base": .string("https://u:\(VaultRoom.planted)@host/"),
        ]
        var shown = "\(try await models.new(VaultRoom.ask(entry("m1", nested))))"
        shown += "\(try await models.update(VaultRoom.ask(entry("m1", ["api_key": .string(VaultRoom.planted + "2")]))))"
        shown += "\(try await models.block(VaultRoom.ask(["model_id": "m1"])))"
        shown += "\(try await models.info(VaultRoom.ask()))\(try await models.page(VaultRoom.ask()))"
        shown += "\(try await models.groups(VaultRoom.ask()))"
        shown += "\(try await room.offices.credentials.byModel(VaultRoom.ask(path: ["model_id": "m1"])))"
        shown += "\(try await room.everything())"
        shown += "\(try await models.delete(VaultRoom.ask(["id": "m1"])))\(try await room.trail())"
        #expect(!shown.contains("planted"))
        #expect(shown.contains("weir:v1:models.1:"))
    }

    @Test func `the entry that is served has its secrets opened`() async throws {
        let room = room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1", ["api_version": "os.environ/V"])))
        let entries = try await StoredModels.entries(room.store, room.vault)
        #expect(entries.count == 1)
        #expect(entries.first?.object("litellm_params")?.string("api_key") == VaultRoom.planted)
        #expect(entries.first?.object("litellm_params")?.string("api_version") == "os.environ/V")
        #expect(entries.first?.object("model_info") == ["id": "m1", "db_model": true])
        #expect(entries.first?.names == ["model_name", "litellm_params", "model_info"])
        #expect(!"\(try await StoredModels.found(in: room.store, room.vault))".contains("planted"))
    }

    @Test func `a name of an environment variable is kept as it is, and needs no master secret`() async throws {
        let room = VaultRoom(master: nil)
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1", ["api_key": "os.environ/OPENAI_API_KEY"])))
        let document = try await room.document(.models, "m1")
        #expect(document?.object("litellm_params")?.string("api_key") == "os.environ/OPENAI_API_KEY")
    }

    @Test func `without a master secret a secret is refused, with the variable named`() async throws {
        let room = VaultRoom(master: nil)
        let fault = await refusal { try await room.offices.models.new(VaultRoom.ask(entry())) }
        #expect(fault?.status == 400)
        #expect(fault?.message.contains("WEIR_MASTER_SECRET") == true)
        #expect(try await room.document(.models, "m1") == nil)
    }

    @Test func `what a start would complain of is refused, without the secret in the sentence`() async throws {
        var room = room()
        room.models.found = ["model_list: openai/fake with key \(VaultRoom.planted) cannot be served."]
        let fault = await refusal { try await room.offices.models.new(VaultRoom.ask(entry())) }
        #expect(fault?.status == 400)
        #expect(fault?.message == "model_list: openai/fake with key **** cannot be served.")
        #expect(try await room.everything().contains("m1") == false)
    }

    @Test(
        arguments: [
            (["model_name": "x", "litellm_params": [:]], 400),
            (["model_name": "", "litellm_params": ["model": "openai/x"]], 400),
            (["model_name": "x", "litellm_params": ["model": "openai/x"], "model_info": ["id": 3]], 400),
            (["model_name": "x", "litellm_params": ["model": "openai/x"], "model_info": ["id": ""]], 400),
            (["model_name": "x", "litellm_params": ["model": "openai/x"], "model_info": ["id": "fixed-id-1"]], 400),
            (["model_name": "x", "litellm_params": ["model": "openai/x"], "model_info": ["team_id": "nope"]], 404),
            (["model_name": "x", "litellm_params": ["model": "openai/x", "litellm_credential_name": "nope"]], 400),
            (["model_name": "x", "litellm_params": ["model": "openai/x", "api_key": "weir:v1:models.1:AA"]], 400),
            (["model_name": "x", "litellm_params": ["model": "weir:v1:models.1:AA"]], 400),
            (["model_name": "x", "litellm_params": ["model": "openai/x", "api_key": 12345]], 400),
            (["model_name": "x", "litellm_params": ["model": "openai/x", "litellm_credential_name": ["c"]]], 400),
        ] as [(JSONObject, Int)])
    func `a model that cannot be is refused, and nothing is kept`(body: JSONObject, status: Int) async throws {
        let room = room()
        let fault = await refusal { try await room.offices.models.new(VaultRoom.ask(body)) }
        #expect(fault?.status == status)
        #expect(try await room.store.read { session in try session.count(.models, []) } == 0)
        #expect(try await room.trail().isEmpty)
    }

    @Test func `an id that is taken is refused, and the model that has it stays`() async throws {
        let room = room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry()))
        let before = try await room.document(.models, "m1")
        let fault = await refusal {
            try await room.offices.models.new(VaultRoom.ask(entry("m1", ["model": "other/x"])))
        }
        #expect(fault?.status == 409)
        #expect(try await room.document(.models, "m1") == before)
    }

    @Test func `models are not taken when the configuration says so`() async throws {
        let room = room(storing: false)
        for work in [room.offices.models.new, room.offices.models.update, room.offices.models.delete] {
            let fault = await refusal { try await work(VaultRoom.ask(entry().merging(["id": "m1"]))) }
            #expect(fault?.message == "Set `'STORE_MODEL_IN_DB='True'` in your env to enable this feature.")
            #expect(fault?.status == 400)
        }
    }

    // MARK: Change

    @Test func `an update changes what it names and keeps the rest, the secret too`() async throws {
        let room = room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1", ["rpm": 10, "timeout": 5])))
        _ = try await room.offices.models.patch(
            VaultRoom.ask(
                [
                    "litellm_params": ["rpm": 20, "api_base": nil, "api_key": "sk****23"],
                    "model_info": ["mode": "chat"], "litellm_params_to_remove": ["timeout"],
                ], path: ["model_id": "m1"]))
        let params = try #require(
            try await StoredModels.entries(room.store, room.vault).first?.object("litellm_params"))
        #expect(params.int("rpm") == 20)
        #expect(params["timeout"] == nil)
        #expect(params.string("api_base") == "http://127.0.0.1:8090")
        #expect(params.string("api_key") == VaultRoom.planted)
        let entry = try #require(try await room.trail().first { $0.action == "updated" })
        #expect(entry.table == "LiteLLM_ProxyModelTable" && entry.objectID == "m1")
        #expect(entry.before?.object("litellm_params")?.int("rpm") == 10)
        #expect(entry.after?.object("litellm_params")?.int("rpm") == 20)
    }

    @Test func `an update with a problem changes nothing`() async throws {
        var room = room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry()))
        let before = try await room.document(.models, "m1")
        room.models.found = ["no"]
        let offices = room.offices
        let fault = await refusal { try await offices.models.update(VaultRoom.ask(entry("m1", ["model": "x/y"]))) }
        #expect(fault?.status == 400)
        #expect(try await room.document(.models, "m1") == before)
    }

    @Test func `a model of the configuration is neither changed nor deleted nor blocked`() async throws {
        let models = room().offices.models
        for work in [models.update, models.patch, models.delete, models.block, models.unblock] {
            let fault = await refusal {
                try await work(
                    VaultRoom.ask(
                        entry("fixed-id-1").merging(["id": "fixed-id-1", "model_id": "fixed-id-1"]),
                        path: ["model_id": "fixed-id-1"]))
            }
            #expect(fault?.status == 400)
            #expect(fault?.message.contains("configuration file") == true)
        }
    }

    @Test func `a model that is not there is not found`() async throws {
        let models = room().offices.models
        for work in [models.update, models.patch, models.delete, models.block, models.unblock] {
            let fault = await refusal {
                try await work(
                    VaultRoom.ask(entry("no").merging(["id": "no", "model_id": "no"]), path: ["model_id": "no"]))
            }
            #expect(fault?.status == 404)
        }
    }

    @Test func `a blocked model is not served, and is again when it is unblocked`() async throws {
        let room = room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry()))
        _ = try await room.offices.models.block(VaultRoom.ask(["model_id": "m1"]))
        #expect(try await StoredModels.entries(room.store, room.vault).isEmpty)
        let answer = try await room.offices.models.unblock(VaultRoom.ask(["model_id": "m1"]))
        #expect(answer.value.object?.bool("blocked") == false)
        #expect(try await StoredModels.entries(room.store, room.vault).count == 1)
        #expect(try await room.trail().map(\.action).sorted() == ["blocked", "created", "unblocked"])
    }

    @Test func `a deleted model is gone`() async throws {
        let room = room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry()))
        let answer = try await room.offices.models.delete(VaultRoom.ask(["id": "m1"]))
        #expect(answer.value.object == ["message": "Model: m1 deleted successfully"])
        #expect(try await room.document(.models, "m1") == nil)
    }

    @Test func `a record that cannot be opened leaves the others served`() async throws {
        let room = room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1")))
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m2")))
        let first = try await room.document(.models, "m1")
        try await room.overwrite(.models, "m2") { $0["litellm_params"] = first?["litellm_params"] }
        let found = try await StoredModels.found(in: room.store, room.vault)
        #expect(found.entries.map { $0.object("model_info")?.string("id") } == ["m1"])
        #expect(found.refused.map(\.id) == ["m2"])
        #expect(found.refused.first?.reason.contains("cannot be opened") == true)
    }
}
