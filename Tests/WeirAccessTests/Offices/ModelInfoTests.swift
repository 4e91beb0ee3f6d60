import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct ModelInfoTests {
    private func room() async throws -> VaultRoom {
        var room = VaultRoom()
        room.models.models = [
            DeployedModel(
                id: "fixed-id-1", name: "gpt-4",
                params: ["model": "openai/gpt-4.1-mini", "rpm": 480, "api_key": .string(VaultRoom.planted)],
                info: [
                    "mode": "chat", "max_input_tokens": 1_047_576, "input_cost_per_token": .number("4e-07"),
                    "litellm_provider": "openai", "supports_vision": true, "access_groups": ["fixed"],
                ], isStored: false, accessGroups: ["fixed"]),
            DeployedModel(
                id: "fixed-id-2", name: "gpt-4", params: ["model": "azure/x", "rpm": 20],
                info: ["max_input_tokens": 100, "input_cost_per_token": .number("5e-07")], isStored: false,
                accessGroups: []),
        ]
        try await room.plant(.teams, "t1", ["models": ["a-model"], "organization_id": "o1"])
        for (id, team) in [("m1", JSONValue.null), ("m2", "t1")] {
            _ = try await room.offices.models.new(
                VaultRoom.ask([
                    "model_name": "a-model",
                    "litellm_params": ["model": "openai/x", "api_key": .string(VaultRoom.planted)],
                    "model_info": ["id": .string(id), "team_id": team],
                ]))
        }
        return room
    }

    private func ids(_ answer: OfficeAnswer) -> [String] {
        (answer.value.object?["data"]?.array ?? []).compactMap { $0.object?.object("model_info")?.string("id") }
    }

    private func key(
        _ hash: String, _ document: JSONObject, role: Role = .unknown, in room: VaultRoom
    ) async throws -> Requester {
        try await room.plant(.keys, hash, document)
        return Requester(
            role: role, userID: document.string("user_id"), teamID: document.string("team_id"), keyHash: hash,
            address: "")
    }

    @Test func `all models are listed, those of the configuration first, without any secret`() async throws {
        let room = try await room()
        let answer = try await room.offices.models.info(VaultRoom.ask())
        #expect(ids(answer) == ["fixed-id-1", "fixed-id-2", "m1", "m2"])
        #expect(
            !"\(answer)".contains("planted") && !"\(answer)".contains("weir:v1") && !"\(answer)".contains("api_key"))
        let last = answer.value.object?["data"]?.array?.last?.object
        #expect(last?.object("model_info")?.strings("access_via_team_ids") == ["t1"])
        #expect(last?.object("model_info")?.bool("db_model") == true)
    }

    @Test func `one model is found by its id, and an unknown one is told of`() async throws {
        let room = try await room()
        let answer = try await room.offices.models.info(VaultRoom.ask(query: ["litellm_model_id": "m1"]))
        #expect(ids(answer) == ["m1"])
        await #expect(throws: OfficeFault.bad("Model id = x not found on litellm proxy", "litellm_model_id")) {
            try await room.offices.models.info(VaultRoom.ask(query: ["litellm_model_id": "x"]))
        }
    }

    @Test(
        arguments: [
            ([:], ["fixed-id-1", "fixed-id-2", "m1"]),
            (["models": ["gpt-4"]], ["fixed-id-1", "fixed-id-2"]),
            (["models": ["fixed"]], ["fixed-id-1"]),
            (["models": ["gpt-*"]], ["fixed-id-1", "fixed-id-2"]),
            (["models": ["no-default-models"]], []),
            (["models": ["all-proxy-models"]], ["fixed-id-1", "fixed-id-2", "m1"]),
            (["models": ["x"], "access_group_ids": ["g1"]], ["fixed-id-1", "fixed-id-2"]),
            (["models": ["all-team-models"], "team_id": "t1"], ["m1", "m2"]),
        ] as [(JSONObject, [String])])
    func `a key sees what it may call`(document: JSONObject, expected: [String]) async throws {
        let room = try await room()
        try await room.plant(.accessGroups, "g1", ["access_group_name": "g", "access_model_names": ["gpt-4"]])
        let requester = try await key("h1", document, in: room)
        let answer = try await room.offices.models.info(VaultRoom.ask(by: requester))
        #expect(ids(answer) == expected)
    }

    @Test func `a blocked model is shown to overseers only`() async throws {
        let room = try await room()
        _ = try await room.offices.models.block(VaultRoom.ask(["model_id": "m1"]))
        let requester = try await key("h1", [:], in: room)
        #expect(ids(try await room.offices.models.info(VaultRoom.ask(by: requester))) == ["fixed-id-1", "fixed-id-2"])
        let viewer = Requester(role: .proxyAdminViewer, userID: "v", keyHash: "", address: "")
        #expect(ids(try await room.offices.models.info(VaultRoom.ask(by: viewer))).contains("m1"))
    }

    @Test(
        arguments: [
            ([:], ["fixed-id-1", "fixed-id-2", "m1", "m2"], 4),
            (["size": "3"], ["fixed-id-1", "fixed-id-2", "m1"], 4),
            (["size": "3", "page": "2"], ["m2"], 4),
            (["page": "9"], [], 4),
            (["search": "A-MOD"], ["m1", "m2"], 2),
            (["teamId": "t1"], ["m2"], 1),
            (["access_group": "fixed"], ["fixed-id-1"], 1),
            (["sortBy": "costs", "sortOrder": "desc", "model": "gpt-4"], ["fixed-id-2", "fixed-id-1"], 2),
            (["blocked": "true"], [], 0),
            (["modelId": "m1"], ["m1"], 1),
        ] as [([String: String], [String], Int)])
    func `models come page by page`(query: [String: String], expected: [String], total: Int) async throws {
        let answer = try await room().offices.models.page(VaultRoom.ask(query: query))
        #expect(ids(answer) == expected)
        #expect(answer.value.object?.int("total_count") == total)
    }

    @Test(arguments: [["page": "0"], ["size": "0"], ["size": "1001"], ["page": "1000000000000"]])
    func `a page that cannot be is refused`(query: [String: String]) async throws {
        let room = try await room()
        await #expect(throws: OfficeFault.self) { try await room.offices.models.page(VaultRoom.ask(query: query)) }
    }

    @Test func `a group tells what its deployments amount to`() async throws {
        let room = try await room()
        let answer = try await room.offices.models.groups(VaultRoom.ask(query: ["model_group": "gpt-4"]))
        let group = try #require(answer.value.object?["data"]?.array?.first?.object)
        #expect(group.strings("providers") == ["openai", "azure"])
        #expect(group["max_input_tokens"] == .number("1047576.0"))
        #expect(group["input_cost_per_token"] == .number("5e-07"))
        #expect(group.int("rpm") == 500)
        #expect(group["tpm"] == .null)
        #expect(group.bool("supports_vision") == true && group.bool("supports_reasoning") == false)
        #expect(group.string("mode") == "chat")
        #expect(group.names.first == "model_group" && group.names.last == "custom_metadata")
    }
}
