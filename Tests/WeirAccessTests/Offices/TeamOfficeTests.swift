import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct TeamOfficeTests {
    let house = PeopleHouse()

    // MARK: Making

    @Test func `who makes a team becomes its admin, beside the members that are named`() async throws {
        try await house.makeTeam("red", ["members_with_roles": [["role": "user", "user_email": "Ada@x.io"]]])
        #expect(try await house.member(.team, "red", "default_user_id")?.role == "admin")
        let ada = try await house.store.read { try $0.entities(.users, where: .userEmail, is: "ada@x.io", limit: 2) }
        #expect(ada.count == 1)
        #expect(try await house.member(.team, "red", ada.first?.id ?? "")?.role == "user")
    }

    @Test func `an id that is taken is refused`() async throws {
        try await house.makeTeam("red")
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.new(PeopleHouse.asking(["team_id": "red"]))
        }
        #expect(fault?.status == 400)
    }

    @Test func `two teams may have the same alias`() async throws {
        try await house.makeTeam("red", ["team_alias": "same"])
        try await house.makeTeam("blue", ["team_alias": "same"])
        #expect(try await house.count(.teams) == 2)
    }

    @Test(arguments: [
        ["members_with_roles": [["role": "boss", "user_id": "a"]]] as JSONObject,
        ["members_with_roles": [["role": "user"]]], ["members_with_roles": ["ada"]],
        ["budget_limits": [["budget_duration": "soon", "max_budget": 1]]],
        ["team_member_permissions": ["/team/delete"]],
    ])
    func `what cannot be taken leaves no team behind`(body: JSONObject) async throws {
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.new(PeopleHouse.asking(body))
        }
        #expect(fault?.status == 422)
        #expect(try await house.count(.teams) == 0)
        #expect(try await house.count(.users) == 0)
    }

    @Test func `a soft budget stays below the hard one`() async throws {
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.new(PeopleHouse.asking(["max_budget": 5, "soft_budget": 5]))
        }
        #expect(fault?.status == 400)
        #expect(fault?.param == "soft_budget")
    }

    @Test func `settings that LiteLLM keeps in the metadata are kept there`() async throws {
        try await house.makeTeam(
            "red", ["metadata": ["cost": "1"], "guardrails": ["words"], "model_rpm_limit": ["gpt-4": 3]])
        let expected: JSONValue = ["cost": "1", "guardrails": ["words"], "model_rpm_limit": ["gpt-4": 3]]
        #expect(try await house.document(.teams, "red")?["metadata"] == expected)
        _ = try await house.offices.teams.update(
            PeopleHouse.asking(["team_id": "red", "metadata": ["cost": "2"], "model_rpm_limit": nil]))
        #expect(
            try await house.document(.teams, "red")?["metadata"] == ["cost": "2", "guardrails": ["words"]])
    }

    // MARK: Organisations

    @Test func `no team has more than its organization`() async throws {
        try await house.makeOrganization(
            "acme", ["models": ["gpt-4", "openai/*"], "max_budget": 10, "tpm_limit": 100])
        let refused: [(JSONObject, String)] = [
            (["models": ["claude"]], "models"), (["max_budget": 11], "max_budget"), (["tpm_limit": 101], "tpm_limit"),
        ]
        for (body, field) in refused {
            let asked = PeopleHouse.asking(body.merging(["organization_id": "acme"]))
            let fault = await fault { () async throws(OfficeFault) in try await house.offices.teams.new(asked) }
            #expect(fault?.status == 400)
            #expect(fault?.param == field)
        }
        try await house.makeTeam(
            "red", ["organization_id": "acme", "models": ["gpt-4", "openai/gpt-5"], "max_budget": 10])
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.addModels(PeopleHouse.asking(["team_id": "red", "models": ["claude"]]))
        }
        #expect(fault?.status == 400)
    }

    @Test func `an organization's admin makes teams in it, moves none out, and sees no other`() async throws {
        try await house.makeOrganization("acme", admin: "olga")
        try await house.makeOrganization("other")
        try await house.makeTeam("blue", ["organization_id": "other"])
        let olga = PeopleHouse.user("olga", .orgAdmin)
        _ = try await house.offices.teams.new(
            PeopleHouse.asking(["team_id": "red", "organization_id": "acme"], as: olga))
        let refused: [JSONObject] = [
            ["team_id": "red", "organization_id": nil], ["team_id": "red", "organization_id": "other"],
            ["team_id": "red", "organization_id": "nowhere"], ["team_id": "blue", "max_budget": 1],
        ]
        for body in refused {
            let asked = PeopleHouse.asking(body, as: olga)
            let fault = await fault { () async throws(OfficeFault) in try await house.offices.teams.update(asked) }
            #expect(fault?.status == 403, "\(body)")
        }
        for body: JSONObject in [["team_id": "green"], ["team_id": "green", "organization_id": "other"]] {
            let asked = PeopleHouse.asking(body, as: olga)
            let fault = await fault { () async throws(OfficeFault) in try await house.offices.teams.new(asked) }
            #expect(fault?.status == 403)
        }
        let info = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.info(PeopleHouse.asking(query: ["team_id": "blue"], as: olga))
        }
        #expect(info?.status == 403)
        #expect(try await house.document(.teams, "red")?.string("organization_id") == "acme")
    }

    // MARK: A team's own admins

    private func redWithAda() async throws -> Requester {
        try await house.makeTeam(
            "red",
            [
                "models": ["gpt-4", "claude"], "max_budget": 10, "tpm_limit": 100, "budget_duration": "30d",
                "guardrails": ["words"], "model_rpm_limit": ["gpt-4": 3],
            ])
        try await house.makeUser("ada")
        try await house.addMember("ada", to: "red", role: "admin")
        return PeopleHouse.user("ada")
    }

    @Test(arguments: [
        ["max_budget": 11] as JSONObject, ["max_budget": nil], ["tpm_limit": 101], ["tpm_limit": nil],
        ["models": []], ["models": ["gpt-4", "o3"]], ["models": nil], ["budget_duration": "1d"],
        ["budget_limits": [["budget_duration": "1d", "max_budget": 100]]], ["guardrails": []], ["blocked": true],
        ["organization_id": "acme"], ["metadata": ["model_rpm_limit": ["gpt-4": 300]]],
        ["metadata": ["guardrails": []]], ["model_rpm_limit": nil], ["allow_team_guardrail_config": true],
        ["model_aliases": ["gpt-4": "o3"]], ["access_group_ids": ["all"]], ["disable_global_guardrails": true],
    ])
    func `a team's admin does not raise or widen it`(body: JSONObject) async throws {
        let ada = try await redWithAda()
        let before = try await house.document(.teams, "red")
        let asked = PeopleHouse.asking(body.merging(["team_id": "red"]), as: ada)
        let fault = await fault { () async throws(OfficeFault) in try await house.offices.teams.update(asked) }
        #expect(fault?.status == 403)
        #expect(try await house.document(.teams, "red") == before)
    }

    @Test func `a team's admin lowers and narrows it, names it and keeps its limits in the metadata`() async throws {
        let ada = try await redWithAda()
        _ = try await house.offices.teams.update(
            PeopleHouse.asking(
                [
                    "team_id": "red", "team_alias": "Reds", "max_budget": 9, "rpm_limit": 5, "models": ["gpt-4"],
                    "metadata": ["note": "x"],
                ], as: ada))
        let red = try #require(try await house.document(.teams, "red"))
        #expect(red.string("team_alias") == "Reds")
        #expect(red.money("max_budget") == Money("9"))
        #expect(red.int("rpm_limit") == 5)
        #expect(red.strings("models") == ["gpt-4"])
        let metadata: JSONValue = ["note": "x", "guardrails": ["words"], "model_rpm_limit": ["gpt-4": 3]]
        #expect(red["metadata"] == metadata)
    }

    @Test func `a team's admin manages members, but neither deletes nor unblocks it nor adds models`() async throws {
        let ada = try await redWithAda()
        _ = try await house.offices.teams.addMembers(
            PeopleHouse.asking(["team_id": "red", "member": ["role": "user", "user_id": "bob"]], as: ada))
        #expect(try await house.member(.team, "red", "bob") != nil)
        let offices = house.offices
        let faults = [
            await fault { () async throws(OfficeFault) in
                try await offices.teams.delete(PeopleHouse.asking(["team_ids": ["red"]], as: ada))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.teams.unblock(PeopleHouse.asking(["team_id": "red"], as: ada))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.teams.addModels(
                    PeopleHouse.asking(["team_id": "red", "models": ["o3"]], as: ada))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.teams.addMembersInBulk(
                    PeopleHouse.asking(["team_id": "red", "all_users": true], as: ada))
            },
        ]
        #expect(faults.map { $0?.status } == [403, 403, 403, 403])
    }

    @Test func `members who are no admins change nothing, and a viewer not even where he is an admin`() async throws {
        _ = try await redWithAda()
        try await house.addMember("bob", to: "red")
        for requester in [
            PeopleHouse.user("bob"), PeopleHouse.user("ada", .internalUserViewer), PeopleHouse.user("eve"),
            PeopleHouse.user("x", .proxyAdminViewer),
        ] {
            let fault = await fault { () async throws(OfficeFault) in
                try await house.offices.teams.addMembers(
                    PeopleHouse.asking(
                        ["team_id": "red", "member": ["role": "admin", "user_id": "eve"]], as: requester))
            }
            #expect(fault?.status == 403)
        }
        #expect(try await house.member(.team, "red", "eve") == nil)
    }

    // MARK: Deleting and blocking

    @Test func `keys, memberships and budgets of members go with a team`() async throws {
        try await house.makeTeam("red", ["team_member_budget": 3])
        try await house.addMember("ada", to: "red", ["max_budget_in_team": 1])
        try await house.putKey("k1", ["team_id": "red"])
        try await house.putKey("k2", ["team_id": "blue"])
        #expect(try await house.count(.budgets) == 2)
        let answer = try await house.offices.teams.delete(PeopleHouse.asking(["team_ids": ["red"]]))
        #expect(answer.object == ["deleted_teams": ["red"]])
        #expect(try await house.document(.keys, "k1") == nil)
        #expect(try await house.document(.keys, "k2") != nil)
        #expect(try await house.count(.budgets) == 0)
        #expect(try await house.member(.team, "red", "ada") == nil)
    }

    @Test func `one unknown team deletes none`() async throws {
        try await house.makeTeam("red")
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.delete(PeopleHouse.asking(["team_ids": ["red", "nope"]]))
        }
        #expect(fault?.status == 404)
        #expect(try await house.document(.teams, "red") != nil)
    }

    @Test func `a team is blocked and unblocked, and both are noted`() async throws {
        try await house.makeTeam("red")
        house.clock.advance(milliseconds: 1)
        let blocked = try await house.offices.teams.block(PeopleHouse.asking(["team_id": "red"]))
        #expect(blocked.object.bool("blocked") == true)
        house.clock.advance(milliseconds: 1)
        _ = try await house.offices.teams.unblock(PeopleHouse.asking(["team_id": "red"]))
        #expect(try await house.document(.teams, "red")?.bool("blocked") == false)
        #expect(try await house.audited().suffix(2).map(\.action) == ["blocked", "unblocked"])
    }

    // MARK: Models and permissions

    @Test func `models are added once, and the last one is not taken away`() async throws {
        try await house.makeTeam("red", ["models": ["a"]])
        _ = try await house.offices.teams.addModels(
            PeopleHouse.asking(["team_id": "red", "models": ["a", "b"]]))
        #expect(try await house.document(.teams, "red")?.strings("models") == ["a", "b"])
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.deleteModels(
                PeopleHouse.asking(["team_id": "red", "models": ["a", "b"]]))
        }
        #expect(fault?.status == 400)
        #expect(try await house.document(.teams, "red")?.strings("models") == ["a", "b"])
    }

    @Test func `permissions are those of keys`() async throws {
        try await house.makeTeam("red")
        let standard = try await house.offices.teams.permissions(PeopleHouse.asking(query: ["team_id": "red"]))
        #expect(standard.object.strings("team_member_permissions") == ["/key/info", "/key/health"])
        _ = try await house.offices.teams.setPermissions(
            PeopleHouse.asking(["team_id": "red", "team_member_permissions": ["/key/generate"]]))
        #expect(try await house.document(.teams, "red")?.strings("team_member_permissions") == ["/key/generate"])
    }

    // MARK: Lists

    @Test func `everybody lists his own teams, overseers all of them`() async throws {
        try await house.makeTeam("red")
        try await house.makeTeam("blue")
        try await house.addMember("ada", to: "red")
        let own = try await house.offices.teams.list(PeopleHouse.asking(as: PeopleHouse.user("ada")))
        #expect(own.value.array?.compactMap { $0.object?.string("team_id") } == ["red"])
        let all = try await house.offices.teams.listV2(
            PeopleHouse.asking(query: ["page_size": "1"], as: PeopleHouse.user("v", .proxyAdminViewer))
        ).object
        #expect(all.int("total") == 2)
        #expect(all["teams"]?.array?.count == 1)
        let asked = PeopleHouse.asking(query: ["user_id": "default_user_id"], as: PeopleHouse.user("ada"))
        #expect(try await house.offices.teams.listV2(asked).object.int("total") == 1)
    }

    @Test func `a member sees his own keys of the team, its admin all of them`() async throws {
        _ = try await redWithAda()
        try await house.addMember("bob", to: "red")
        try await house.putKey("k1", ["team_id": "red", "user_id": "bob"])
        try await house.putKey("k2", ["team_id": "red", "user_id": "ada"])
        func keys(_ user: String) async throws -> [String] {
            let asked = PeopleHouse.asking(query: ["team_id": "red"], as: PeopleHouse.user(user))
            let answer = try await house.offices.teams.info(asked).object
            return answer["keys"]?.array?.compactMap { $0.object?.string("token") } ?? []
        }
        #expect(try await keys("bob") == ["k1"])
        #expect(try await keys("ada") == ["k1", "k2"])
    }

    @Test func `what is known of a team that is not there depends on who asks`() async throws {
        let asked = ["team_id": "nope"]
        let admin = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.info(PeopleHouse.asking(query: asked))
        }
        let user = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.info(PeopleHouse.asking(query: asked, as: PeopleHouse.user("ada")))
        }
        #expect([admin?.status, user?.status] == [404, 403])
    }
}
