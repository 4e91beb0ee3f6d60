import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct ModelTeamTests {
    private static let teamAdmin = Requester(role: .internalUser, userID: "u1", keyHash: "h", address: "")
    private static let member = Requester(role: .internalUser, userID: "u2", keyHash: "h", address: "")
    private static let orgAdmin = Requester(role: .orgAdmin, userID: "u3", keyHash: "h", address: "")
    private static let viewer = Requester(role: .proxyAdminViewer, userID: "u1", keyHash: "h", address: "")

    private func room() async throws -> VaultRoom {
        let room = VaultRoom()
        try await room.plant(.teams, "t1", ["models": ["gpt-4"], "organization_id": "o1"])
        try await room.store.write { session in
            try session.put(Membership(owner: .team, ownerID: "t1", userID: "u1", role: "admin"))
            try session.put(Membership(owner: .team, ownerID: "t1", userID: "u2", role: "user"))
            try session.put(Membership(owner: .organization, ownerID: "o1", userID: "u3", role: "org_admin"))
        }
        return room
    }

    private func entry(_ id: String, team: String? = "t1", _ params: JSONObject = [:]) -> JSONObject {
        var info: JSONObject = ["id": .string(id)]
        if let team { info["team_id"] = .string(team) }
        let usual: JSONObject = ["model": "openai/x", "api_key": .string(VaultRoom.planted), "api_base": "https://a"]
        return [
            "model_name": "ours", "litellm_params": .object(usual.merging(params)), "model_info": .object(info),
        ]
    }

    private func status(_ work: () async throws -> OfficeAnswer) async -> Int {
        do {
            return try await work().status
        } catch {
            return (error as? OfficeFault)?.status ?? 0
        }
    }

    @Test func `the team asks for the public name, the router knows another`() async throws {
        let room = try await room()
        for id in ["m1", "m2"] { _ = try await room.offices.models.new(VaultRoom.ask(entry(id))) }
        let team = try #require(try await room.document(.teams, "t1"))
        #expect(team.object("model_aliases") == ["ours": "model_name_t1_ours"])
        #expect(team.strings("models") == ["gpt-4", "ours"])
        let entries = try await StoredModels.entries(room.store, room.vault)
        #expect(entries.map { $0.string("model_name") } == ["model_name_t1_ours", "model_name_t1_ours"])
        #expect(entries.first?.object("model_info")?.string("team_public_model_name") == "ours")

        _ = try await room.offices.models.delete(VaultRoom.ask(["id": "m1"]))
        #expect(try await room.document(.teams, "t1")?.strings("models") == ["gpt-4", "ours"])
        _ = try await room.offices.models.delete(VaultRoom.ask(["id": "m2"]))
        #expect(try await room.document(.teams, "t1")?.strings("models") == ["gpt-4"])
        #expect(try await room.document(.teams, "t1")?.object("model_aliases")?.isEmpty == true)
    }

    @Test func `a new name is known to the team in place of the old one`() async throws {
        let room = try await room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1")))
        _ = try await room.offices.models.patch(
            VaultRoom.ask(["model_name": "theirs"], path: ["model_id": "m1"]))
        #expect(try await room.document(.teams, "t1")?.object("model_aliases") == ["theirs": "model_name_t1_theirs"])
        #expect(try await room.document(.models, "m1")?.string("model_name") == "model_name_t1_theirs")
        // What the answer showed is no new name.
        _ = try await room.offices.models.patch(
            VaultRoom.ask(["model_name": "model_name_t1_theirs"], path: ["model_id": "m1"]))
        #expect(try await room.document(.teams, "t1")?.object("model_aliases") == ["theirs": "model_name_t1_theirs"])
    }

    @Test func `the secret of a team's model opens for that team only`() async throws {
        let room = try await room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1")))
        try await room.overwrite(.models, "m1") { $0["team_id"] = "t2" }
        #expect(try await StoredModels.found(in: room.store, room.vault).refused.map(\.id) == ["m1"])
    }

    @Test(
        arguments: [
            (teamAdmin, "t1", 200), (orgAdmin, "t1", 200), (member, "t1", 403), (viewer, "t1", 403),
            (teamAdmin, nil, 403), (teamAdmin, "t2", 403), (orgAdmin, nil, 403),
        ] as [(Requester, String?, Int)])
    func `a team's admins add models of their team, and no others`(
        requester: Requester, team: String?, expected: Int
    ) async throws {
        let room = try await room()
        try await room.plant(.teams, "t2", [:])
        #expect(
            await status { try await room.offices.models.new(VaultRoom.ask(entry("m1", team: team), by: requester)) }
                == expected)
        #expect((try await room.document(.models, "m1") != nil) == (expected == 200))
    }

    @Test func `nobody but an admin changes what is not his team's`() async throws {
        let room = try await room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1", team: nil)))
        let models = room.offices.models
        let request = VaultRoom.ask(
            entry("m1", team: nil).merging(["id": "m1", "model_id": "m1"]), path: ["model_id": "m1"],
            by: Self.teamAdmin)
        for work in [models.update, models.patch, models.delete, models.block, models.unblock] {
            #expect(await status { try await work(request) } == 403)
        }
    }

    @Test(
        arguments: [
            ["api_key": "os.environ/LITELLM_MASTER_KEY"], ["organization": "os.environ/HOME"],
            ["litellm_credential_name": "c1"],
        ] as [JSONObject])
    func `a team's admin gets neither the gateway's environment nor its credentials`(params: JSONObject) async throws {
        let room = try await room()
        try await room.plant(.credentials, "c1", ["credential_values": [:]])
        #expect(
            await status {
                try await room.offices.models.new(VaultRoom.ask(entry("m1", params), by: Self.teamAdmin))
            } == 403)
        #expect(
            await status { try await room.offices.models.new(VaultRoom.ask(entry("m1", params))) } == 200)
    }

    @Test func `a team's admin brings a key, and is lent none of the gateway's`() async throws {
        let room = try await room()
        func asked(_ params: JSONObject, by requester: Requester = Self.teamAdmin) -> OfficeRequest {
            var entry = entry("m1")
            entry["litellm_params"] = .object(params)
            return VaultRoom.ask(entry, by: requester)
        }
        let bare: JSONObject = ["model": "openai/x", "api_base": "https://elsewhere"]
        #expect(await status { try await room.offices.models.new(asked(bare)) } == 403)
        #expect(try await room.document(.models, "m1") == nil)
        for more in [["api_key": "none"], ["mock_response": "hi"]] as [JSONObject] {
            #expect(await status { try await room.offices.models.new(asked(bare.merging(more))) } == 200)
            let taken = VaultRoom.ask(
                ["litellm_params_to_remove": ["api_key", "mock_response"]], path: ["model_id": "m1"], by: Self.teamAdmin
            )
            #expect(await status { try await room.offices.models.patch(taken) } == 403)
            _ = try await room.offices.models.delete(VaultRoom.ask(["id": "m1"]))
        }
        #expect(
            await status { try await room.offices.models.new(asked(bare, by: VaultRoom.ask([:]).requester)) } == 200)
    }

    @Test func `no team gets into the requests of another by the name of its model`() async throws {
        let room = try await room()
        try await room.plant(.teams, "t1_x", [:])
        func named(_ name: JSONValue, _ id: String, team: String) -> JSONObject {
            entry(id, team: team).merging(["model_name": name])
        }
        _ = try await room.offices.models.new(VaultRoom.ask(named("y", "m1", team: "t1_x")))
        let models = room.offices.models
        let joining = VaultRoom.ask(named("x_y", "m2", team: "t1"), by: Self.teamAdmin)
        #expect(await status { try await models.new(joining) } == 409)
        _ = try await models.new(VaultRoom.ask(named("z", "m2", team: "t1"), by: Self.teamAdmin))
        let renamed = VaultRoom.ask(["model_name": "x_y"], path: ["model_id": "m2"], by: Self.teamAdmin)
        #expect(await status { try await models.patch(renamed) } == 409)
        #expect(await status { try await models.new(VaultRoom.ask(named("z", "m3", team: "t1"))) } == 200)
    }

    @Test func `a team's models go with it`() async throws {
        let room = try await room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1")))
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m2", team: nil)))
        _ = try await room.offices.teams.delete(VaultRoom.ask(["team_ids": ["t1"]]))
        #expect(try await room.document(.models, "m1") == nil)
        #expect(try await room.document(.models, "m2") != nil)
    }

    @Test func `a team's admin cannot send a stored secret somewhere else`() async throws {
        let room = try await room()
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1")))
        let moved: JSONObject = ["litellm_params": ["api_base": "https://evil"]]
        let path = ["model_id": "m1"]
        #expect(
            await status { try await room.offices.models.patch(VaultRoom.ask(moved, path: path, by: Self.teamAdmin)) }
                == 403)
        let anew: JSONObject = ["litellm_params": ["api_base": "https://b", "api_key": "another-key"]]
        #expect(
            await status { try await room.offices.models.patch(VaultRoom.ask(anew, path: path, by: Self.teamAdmin)) }
                == 200)
    }

    @Test func `a model stays with its team`() async throws {
        let room = try await room()
        try await room.plant(.teams, "t2", [:])
        _ = try await room.offices.models.new(VaultRoom.ask(entry("m1")))
        #expect(await status { try await room.offices.models.update(VaultRoom.ask(entry("m1", team: "t2"))) } == 400)
    }
}
