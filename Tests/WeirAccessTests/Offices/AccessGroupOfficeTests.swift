import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct AccessGroupOfficeTests {
    private func fault(_ work: () async throws -> OfficeAnswer) async -> OfficeFault? {
        do {
            _ = try await work()
            return nil
        } catch {
            return error as? OfficeFault
        }
    }

    // MARK: Groups of what keys and teams may use

    private func filled() async throws -> (VaultRoom, String) {
        let room = VaultRoom()
        try await room.plant(.teams, "t1", [:])
        try await room.plant(.teams, "t2", ["access_group_ids": ["other"]])
        try await room.plant(.keys, "k1", [:])
        let answer = try await room.offices.accessGroups.create(
            VaultRoom.ask([
                "access_group_name": "g", "access_model_names": ["gpt-4"], "assigned_team_ids": ["t1", "t2"],
                "assigned_key_ids": ["k1"],
            ]))
        #expect(answer.status == 201)
        return (room, try #require(answer.value.object?.string("access_group_id")))
    }

    private func groups(_ room: VaultRoom, _ kind: EntityKind, _ id: String) async throws -> [String]? {
        try await room.document(kind, id)?.strings("access_group_ids")
    }

    @Test func `those that a group is given to know of it, and forget it with it`() async throws {
        let (room, id) = try await filled()
        #expect(try await groups(room, .teams, "t1") == [id])
        #expect(try await groups(room, .teams, "t2") == ["other", id])
        #expect(try await groups(room, .keys, "k1") == [id])
        let path = ["access_group_id": id]
        let answer = try await room.offices.accessGroups.update(
            VaultRoom.ask(["assigned_team_ids": ["t2"], "description": "d"], path: path))
        #expect(answer.value.object?.strings("access_model_names") == ["gpt-4"])
        #expect(answer.value.object?.string("description") == "d")
        #expect(try await groups(room, .teams, "t1") == [])
        let gone = try await room.offices.accessGroups.delete(VaultRoom.ask(path: path))
        #expect(gone.status == 204)
        #expect(try await groups(room, .teams, "t2") == ["other"])
        #expect(try await groups(room, .keys, "k1") == [])
        #expect(await fault { try await room.offices.accessGroups.info(VaultRoom.ask(path: path)) }?.status == 404)
    }

    @Test func `a group is shown and listed in LiteLLM's form`() async throws {
        let (room, id) = try await filled()
        let answer = try await room.offices.accessGroups.info(VaultRoom.ask(path: ["access_group_id": id]))
        #expect(
            answer.value.object?.names == [
                "access_group_id", "access_group_name", "description", "access_model_names", "access_mcp_server_ids",
                "access_agent_ids", "access_skill_names", "assigned_team_ids", "assigned_key_ids",
                "mcp_tool_permissions", "created_at", "created_by", "updated_at", "updated_by",
            ])
        let list = try await room.offices.accessGroups.list(VaultRoom.ask())
        #expect(list.value.array == [answer.value])
    }

    @Test(
        arguments: [
            (["access_group_name": "g"], 409), (["access_group_name": ""], 400),
            (["access_group_name": "h", "assigned_team_ids": ["t1", "nope"]], 400),
            (["access_group_name": "h", "assigned_key_ids": ["nope"]], 400),
        ] as [(JSONObject, Int)])
    func `a group that cannot be is refused, and nothing is changed`(body: JSONObject, status: Int) async throws {
        let (room, id) = try await filled()
        #expect(await fault { try await room.offices.accessGroups.create(VaultRoom.ask(body)) }?.status == status)
        #expect(try await room.store.read { session in try session.count(.accessGroups, []) } == 1)
        #expect(try await groups(room, .teams, "t1") == [id])
    }

    @Test func `two groups cannot have one name`() async throws {
        let (room, _) = try await filled()
        let answer = try await room.offices.accessGroups.create(VaultRoom.ask(["access_group_name": "h"]))
        let path = ["access_group_id": answer.value.object?.string("access_group_id") ?? ""]
        let request = VaultRoom.ask(["access_group_name": "g"], path: path)
        #expect(await fault { try await room.offices.accessGroups.update(request) }?.status == 409)
    }

    // MARK: Groups of deployments

    private func deployed() async throws -> VaultRoom {
        var room = VaultRoom()
        room.models.models = [
            DeployedModel(id: "f1", name: "gpt-4", params: [:], info: [:], isStored: false, accessGroups: []),
            DeployedModel(
                id: "f2", name: "fixed", params: [:], info: ["access_groups": ["fixed-group"]], isStored: false,
                accessGroups: ["fixed-group"]),
        ]
        for id in ["m1", "m2"] {
            _ = try await room.offices.models.new(
                VaultRoom.ask([
                    "model_name": "a-model", "litellm_params": ["model": "openai/x"],
                    "model_info": ["id": .string(id), "access_groups": ["kept"]],
                ]))
        }
        return room
    }

    private func info(_ room: VaultRoom, _ name: String) async throws -> JSONObject? {
        try await room.offices.accessGroups.infoModels(VaultRoom.ask(path: ["access_group": name])).value.object
    }

    @Test func `deployments of the store and of the configuration are put in a group, and taken out`() async throws {
        let room = try await deployed()
        let offices = room.offices.accessGroups
        let answer = try await offices.newModels(
            VaultRoom.ask(["access_group": "beta", "model_names": ["gpt-4", "a-model"]]))
        #expect(
            answer.value.object
                == [
                    "access_group": "beta", "model_names": ["gpt-4", "a-model"], "model_ids": nil, "models_updated": 3,
                ])
        #expect(
            try await info(room, "beta")
                == ["access_group": "beta", "model_names": ["gpt-4", "a-model"], "deployment_count": 3])
        let found = try await StoredModels.found(in: room.store, room.vault)
        #expect(found.entries.first?.object("model_info")?.strings("access_groups") == ["kept", "beta"])
        #expect(found.groups.map { $0.contains(id: "f1", name: "gpt-4") } == [true])

        let path = ["access_group": "beta"]
        _ = try await offices.updateModels(VaultRoom.ask(["model_ids": ["m2"]], path: path))
        #expect(try await info(room, "beta")?.int("deployment_count") == 1)
        #expect(try await StoredModels.found(in: room.store, room.vault).groups.isEmpty)
        let gone = try await offices.deleteModels(VaultRoom.ask(path: path))
        #expect(gone.value.object?.int("models_updated") == 1)
        #expect(await fault { try await offices.infoModels(VaultRoom.ask(path: path)) }?.status == 404)
        #expect(try await room.document(.models, "m2")?.object("model_info")?.strings("access_groups") == ["kept"])
    }

    @Test func `the groups of deployments are listed, and the other kind is not among them`() async throws {
        let room = try await deployed()
        _ = try await room.offices.accessGroups.newModels(
            VaultRoom.ask(["access_group": "beta", "model_names": ["gpt-4"]]))
        _ = try await room.offices.accessGroups.create(VaultRoom.ask(["access_group_name": "g"]))
        let list = try await room.offices.accessGroups.listModels(VaultRoom.ask())
        let names = list.value.object?["access_groups"]?.array?.compactMap { $0.object?.string("access_group") }
        #expect(names == ["beta", "fixed-group", "kept"])
        #expect(try await room.offices.accessGroups.list(VaultRoom.ask()).value.array?.count == 1)
        let found = try await StoredModels.found(in: room.store, room.vault)
        #expect(found.groups.map(\.name) == ["beta"] && found.keyGroups.count == 1)
    }

    @Test(
        arguments: [
            (["access_group": "kept", "model_names": ["gpt-4"]], 409), (["access_group": "x"], 400),
            (["access_group": "x", "model_names": ["nope", "gpt-4"]], 400),
            (["access_group": "x", "model_ids": ["nope"]], 400), (["access_group": "", "model_names": ["gpt-4"]], 400),
        ] as [(JSONObject, Int)])
    func `a group of deployments that cannot be is refused`(body: JSONObject, status: Int) async throws {
        let room = try await deployed()
        #expect(await fault { try await room.offices.accessGroups.newModels(VaultRoom.ask(body)) }?.status == status)
        #expect(try await room.store.read { session in try session.count(.accessGroups, []) } == 0)
    }

    @Test func `what the configuration file puts in a group stays there`() async throws {
        let room = try await deployed()
        let path = ["access_group": "fixed-group"]
        let offices = room.offices.accessGroups
        #expect(await fault { try await offices.deleteModels(VaultRoom.ask(path: path)) }?.status == 400)
        let update = VaultRoom.ask(["model_ids": ["m1"]], path: path)
        #expect(await fault { try await offices.updateModels(update) }?.status == 400)
        let more = VaultRoom.ask(["model_ids": ["m1", "f2"]], path: path)
        #expect(await fault { try await offices.updateModels(more) } == nil)
    }
}
