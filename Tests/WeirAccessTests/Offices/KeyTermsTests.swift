import Testing
import WeirAccess
import WeirCore

/// What the configuration says of keys that are made.
struct KeyTermsTests {
    private func refusal(
        _ stage: KeyStage, _ body: JSONObject, as requester: Requester = KeyStage.admin
    ) async -> OfficeFault? {
        await stage.refusal { () throws(OfficeFault) in try await stage.generate(body, as: requester) }
    }

    // MARK: Defaults

    @Test func `a default stands where a request sets nothing`() async throws {
        let stage = KeyStage {
            $0.defaultKeyParams = ["max_budget": 5, "models": ["m"], "duration": "1h", "metadata": ["a": 1]]
        }
        let made = try await stage.generate(["models": [], "max_budget": nil])
        #expect(made["max_budget"] == .number("5.0") && made["models"] == ["m"] && made["metadata"] == ["a": 1])
        #expect(made["expires"] == "2026-11-21T04:32:38.571000Z")
        let own = try await stage.generate(["models": ["n"], "max_budget": 0])
        #expect(own["max_budget"] == .number("0.0") && own["models"] == ["n"])
    }

    @Test func `a default that cannot be taken is told by name`() async throws {
        let stage = KeyStage { $0.defaultKeyParams = ["max_budget": "much"] }
        let fault = try #require(await refusal(stage, [:]))
        #expect(fault.status == 500 && fault.message.hasPrefix("default_key_generate_params"))
    }

    // MARK: Bounds

    @Test(
        arguments: [
            ["max_budget": 101], ["rpm_limit": 11], ["duration": "8d"], ["duration": "169h"],
            ["budget_duration": "2mo"],
        ] as [JSONObject])
    func `no key has more than the upper bound, an admin's neither`(body: JSONObject) async throws {
        let stage = KeyStage {
            $0.upperboundKeyParams = [
                "max_budget": 100, "rpm_limit": 10, "duration": "7d", "budget_duration": "30d", "models": ["x"],
            ]
        }
        let fault = try #require(await refusal(stage, body))
        #expect(fault.status == 400 && fault.param == body.names.first)
        #expect(fault.message.contains("is over max limit set in config"))
    }

    @Test func `an upper bound stands where a request sets nothing`() async throws {
        let stage = KeyStage { $0.upperboundKeyParams = ["max_budget": 100, "duration": "7d", "rpm_limit": nil] }
        let made = try await stage.generate()
        #expect(made["max_budget"] == .number("100.0") && made["expires"] == "2026-11-28T03:32:38.571000Z")
        #expect(try await stage.generate(["max_budget": 100, "duration": "168h"])["max_budget"] == .number("100.0"))
    }

    @Test func `a change stays within the bounds, and does not bring them where it says nothing`() async throws {
        let stage = KeyStage { $0.upperboundKeyParams = ["max_budget": 100, "duration": "7d", "rpm_limit": 5] }
        let key = try await stage.generate()["key"] ?? .null
        for body in [["max_budget": 101], ["duration": "8d"], ["duration": "-1"]] as [JSONObject] {
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.update(body.merging(["key": key]))
            }
            #expect(fault?.status == 400, "\(body)")
        }
        let changed = try await stage.update(["key": key, "max_budget": nil, "rpm_limit": 3])
        #expect(changed["max_budget"] == .number("100.0") && changed["rpm_limit"] == 3)
    }

    // MARK: Who may make keys

    @Test(arguments: [
        (Role.internalUser, true), (.orgAdmin, false), (.proxyAdmin, true),
    ])
    func `keys of one's own are for the roles that are named`(role: Role, isAllowed: Bool) async throws {
        let stage = KeyStage {
            $0.keyGeneration = ["personal_key_generation": ["allowed_user_roles": ["internal_user"]]]
        }
        let fault = await refusal(stage, [:], as: KeyStage.user("u", role))
        #expect((fault == nil) == isAllowed)
        if let fault {
            #expect(fault.status == 403)
            #expect(fault.message.hasPrefix("Personal key creation has been restricted by admin."))
        }
    }

    @Test(arguments: [("admin", true), ("user", false)])
    func `keys of a team are for the roles in it that are named`(role: String, isAllowed: Bool) async throws {
        let stage = KeyStage { $0.keyGeneration = ["team_key_generation": ["allowed_team_member_roles": ["admin"]]] }
        try await stage.add(.teams, "t", ["team_member_permissions": ["/key/generate"]])
        try await stage.add("u", to: "t", role)
        let fault = await refusal(stage, ["team_id": "t"], as: KeyStage.user("u"))
        #expect((fault == nil) == isAllowed)
        if let fault {
            #expect(fault.status == 403)
            #expect(fault.message.hasPrefix("Team member role user not in allowed_team_member_roles"))
        }
    }

    @Test func `what must be said of a key is asked for`() async throws {
        let stage = KeyStage {
            $0.keyGeneration = [
                "team_key_generation": ["required_params": ["tags"]],
                "personal_key_generation": ["required_params": ["max_budget"]],
            ]
        }
        try await stage.add(.teams, "t")
        try await stage.add("u", to: "t", "admin")
        let user = KeyStage.user("u")
        let team = try #require(await refusal(stage, ["team_id": "t", "tags": []], as: user))
        #expect(team.status == 400 && team.message == "Required param tags not in data" && team.param == "tags")
        #expect(await refusal(stage, ["team_id": "t", "tags": ["a"]], as: user) == nil)
        #expect(await refusal(stage, [:], as: user)?.message == "Required param max_budget not in data")
        #expect(await refusal(stage, ["max_budget": 1], as: user) == nil)
        #expect(await refusal(stage, [:]) == nil)
    }

    @Test func `who may not make keys for himself does not widen those that he has`() async throws {
        let stage = KeyStage {
            $0.keyGeneration = ["personal_key_generation": ["allowed_user_roles": ["proxy_admin"]]]
        }
        try await stage.add(.teams, "t", ["team_member_permissions": ["/key/update"]])
        try await stage.add("u", to: "t")
        let user = KeyStage.user("u")
        let own = try await stage.generate(["user_id": "u", "max_budget": 1])["key"] ?? .null
        let ofTeam = try await stage.generate(["user_id": "u", "team_id": "t"])["key"] ?? .null
        for body in [["key": own, "max_budget": 9], ["key": ofTeam, "team_id": nil]] as [JSONObject] {
            let fault = await stage.refusal { () throws(OfficeFault) in try await stage.update(body, as: user) }
            #expect(fault?.message.hasPrefix("Personal key creation has been restricted") == true, "\(body)")
        }
        #expect(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.regenerate(["key": own, "max_budget": 9], as: user)
            }?.status == 403)
        #expect(try await stage.regenerate(["key": own], as: user)["max_budget"] == .number("1.0"))
    }

    @Test func `a key moves only into a team where one's role may make some`() async throws {
        let stage = KeyStage { $0.keyGeneration = ["team_key_generation": ["allowed_team_member_roles": ["admin"]]] }
        try await stage.add(.teams, "t", ["team_member_permissions": ["/key/generate"]])
        try await stage.add("u", to: "t")
        let user = KeyStage.user("u")
        let key = try await stage.generate(as: user)["key"] ?? .null
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.update(["key": key, "team_id": "t"], as: user)
        }
        #expect(fault?.message.hasPrefix("Team member role user not in") == true)
    }
}
