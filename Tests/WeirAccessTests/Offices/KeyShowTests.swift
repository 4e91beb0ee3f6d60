import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// Looking at keys: one, several, and lists of them.
struct KeyShowTests {
    // MARK: One and several

    @Test func `a key sees itself without being named`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate(["rpm_limit": 5])
        let own = KeyStage.user(nil, .unknown, key: made.string("token") ?? "")
        let answer = try await stage.ask(KeyStage.info, as: own)
        #expect(answer["key"] == made["token"] && answer.object("info")?["rpm_limit"] == 5)
        let named = try await stage.ask(KeyStage.info, query: ["key": made.string("key") ?? ""], as: own)
        #expect(named["key"] == made["key"])
    }

    @Test func `a key sees no other one`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate()
        for name in [made.string("key") ?? "", "sk-unknown"] {
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(KeyStage.info, query: ["key": name], as: KeyStage.user(nil, .unknown))
            }
            #expect(fault?.status == 403)
        }
    }

    @Test func `who sees all is told what is not there`() async throws {
        let stage = KeyStage()
        for requester in [KeyStage.admin, KeyStage.viewer] {
            let fault = try #require(
                await stage.refusal { () throws(OfficeFault) in
                    try await stage.ask(KeyStage.info, query: ["key": "sk-unknown"], as: requester)
                })
            #expect(fault.status == 404 && fault.message == "Key not found in database")
        }
        #expect(
            await stage.refusal { () throws(OfficeFault) in try await stage.ask(KeyStage.info) }?.status == 404)
    }

    @Test func `a key tells whether it is over`() async throws {
        let stage = KeyStage()
        let key = try await stage.generate(["duration": "1s"]).string("key") ?? ""
        func status() async throws -> JSONValue? {
            try await stage.ask(KeyStage.info, query: ["key": key]).object("info")?["status"]
        }
        #expect(try await status() == "active")
        stage.clock.advance(milliseconds: 1000)
        #expect(try await status() == "expired")
    }

    @Test func `of several keys those are shown that one may see`() async throws {
        let stage = KeyStage()
        let user = KeyStage.user("u")
        let own = try await stage.generate(as: user)
        let foreign = try await stage.generate()
        let asked: JSONValue = [own["key"] ?? .null, foreign["token"] ?? .null, "sk-unknown", own["token"] ?? .null]
        let answer = try await stage.ask(KeyStage.infoOfMany, ["keys": asked], form: KeyForms.infoOfMany, as: user)
        #expect(answer["key"] == asked)
        #expect(answer["info"]?.array?.map { $0.object?["token"] } == [own["token"]])
        let all = try await stage.ask(KeyStage.infoOfMany, ["keys": asked], form: KeyForms.infoOfMany)
        #expect(all["info"]?.array?.map { $0.object?["token"] } == [own["token"], foreign["token"]])
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.ask(KeyStage.infoOfMany, ["keys": ["sk-unknown"]])
        }
        #expect(fault?.status == 404)
    }

    @Test func `a key is healthy, and says so of its callbacks when it has some`() async throws {
        let stage = KeyStage(.v1_83)
        let plain = try await stage.generate().string("token") ?? ""
        #expect(
            try await stage.ask(KeyStage.health, as: KeyStage.user(nil, .unknown, key: plain))
                == ["key": "healthy", "logging_callbacks": nil])
        let logging = try await stage.generate(["metadata": ["logging": [["callback_name": "langfuse"]]]])
        let answer = try await stage.ask(
            KeyStage.health, as: KeyStage.user(nil, .unknown, key: logging.string("token") ?? ""))
        #expect(answer["key"] == "unhealthy")
        #expect(answer.object("logging_callbacks")?["callbacks"] == ["langfuse"])
    }

    // MARK: Lists

    /// Keys of users and teams, each named by its alias, one a second.
    private func stage() async throws -> KeyStage {
        let stage = KeyStage()
        try await stage.add(.organizations, "o")
        try await stage.add(.teams, "t", ["organization_id": "o", "models": ["m"], "team_alias": "T", "blocked": true])
        try await stage.add(.teams, "s")
        try await stage.add(.users, "u", ["user_email": "u@x.io", "user_role": "internal_user"])
        try await stage.add("lead", to: "t", "admin")
        try await stage.add("u", to: "t")
        try await stage.add("boss", to: "o", "org_admin", owner: .organization)
        let bodies: [JSONObject] = [
            ["key_alias": "u-own", "user_id": "u"], ["key_alias": "u-in-t", "user_id": "u", "team_id": "t"],
            ["key_alias": "t-service", "team_id": "t"], ["key_alias": "s-service", "team_id": "s"],
            ["key_alias": "lead-own", "user_id": "lead", "agent_id": "a", "max_budget": 5],
            ["key_alias": "o-own", "organization_id": "o", "access_group_ids": ["g"], "max_budget": 3],
            ["user_id": "w", "duration": "1s", "project_id": "p"],
        ]
        for body in bodies {
            try await stage.generate(body)
            stage.clock.advance(milliseconds: 1000)
        }
        return stage
    }

    private func aliases(
        _ stage: KeyStage, _ query: [String: String], as requester: Requester = KeyStage.admin
    ) async throws(OfficeFault) -> [String] {
        let answer = try await stage.ask(
            KeyStage.list, query: query.merging(["return_full_object": "true", "size": "100"]) { own, _ in own },
            as: requester)
        return (answer["keys"]?.array ?? []).map { $0.object?.string("key_alias") ?? "-" }
    }

    @Test(
        arguments: [
            ([:], ["-", "o-own", "lead-own", "s-service", "t-service", "u-in-t", "u-own"]),
            (["sort_order": "asc"], ["u-own", "u-in-t", "t-service", "s-service", "lead-own", "o-own", "-"]),
            (
                ["sort_by": "key_alias", "sort_order": "asc"],
                ["lead-own", "o-own", "s-service", "t-service", "u-in-t", "u-own", "-"]
            ),
            (["sort_by": "max_budget", "sort_order": "asc", "size": "2"], ["o-own", "lead-own"]),
            (["user_id": "u"], ["u-in-t", "u-own"]),
            (["user_id": "lead", "include_team_keys": "true"], ["lead-own", "t-service", "u-in-t"]),
            (["team_id": "t"], ["t-service", "u-in-t"]),
            (["team_id": "t", "user_id": "u"], ["u-in-t"]),
            (["organization_id": "o"], ["o-own", "t-service", "u-in-t"]),
            (["key_alias": "u-own"], ["u-own"]),
            (["key_alias": "own"], []),
            (["key_alias": "OWN", "substring_matching": "true"], ["o-own", "lead-own", "u-own"]),
            (["search": "service"], ["s-service", "t-service"]),
            (["status": "expired"], ["-"]),
            (["status": "active", "user_id": "w"], []),
            (["status": "blocked"], []),
            (["agent_id": "a"], ["lead-own"]),
            (["project_id": "p"], ["-"]),
            (["access_group_id": "g"], ["o-own"]),
            (["size": "2", "page": "2"], ["lead-own", "s-service"]),
            (["size": "2", "page": "2", "status": "active"], ["s-service", "t-service"]),
            (["page": "900000000000"], []),
        ] as [([String: String], [String])])
    func `an admin finds the keys that he asks for`(query: [String: String], aliases: [String]) async throws {
        let stage = try await stage()
        #expect(try await self.aliases(stage, query) == aliases)
    }

    @Test(
        arguments: [
            ("u", [:], ["u-in-t", "u-own"]),
            ("u", ["include_team_keys": "true"], ["u-in-t", "u-own"]),
            ("u", ["team_id": "t"], ["u-in-t"]),
            ("lead", [:], ["lead-own"]),
            ("lead", ["include_team_keys": "true"], ["lead-own", "t-service", "u-in-t"]),
            ("lead", ["team_id": "t"], ["t-service", "u-in-t"]),
            ("boss", ["include_team_keys": "true"], ["t-service", "u-in-t"]),
            ("boss", ["organization_id": "o"], ["o-own", "t-service", "u-in-t"]),
            ("boss", ["team_id": "t"], ["t-service", "u-in-t"]),
            ("nobody", [:], []),
        ] as [(String, [String: String], [String])])
    func `others find what is theirs`(user: String, query: [String: String], aliases: [String]) async throws {
        let stage = try await stage()
        #expect(try await self.aliases(stage, query, as: KeyStage.user(user)) == aliases)
    }

    @Test(
        arguments: [
            ("u", ["user_id": "w"]), ("u", ["team_id": "s"]), ("u", ["team_id": "nowhere"]),
            ("u", ["organization_id": "o"]), ("lead", ["organization_id": "nowhere"]),
        ] as [(String, [String: String])])
    func `others are refused what is not theirs`(user: String, query: [String: String]) async throws {
        let stage = try await stage()
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(KeyStage.list, query: query, as: KeyStage.user(user))
            })
        #expect(fault.status == 403 && fault.message.hasPrefix("You are not authorized to check"))
    }

    @Test func `a key without a user is shown none`() async throws {
        let stage = try await stage()
        #expect(try await aliases(stage, [:], as: KeyStage.user(nil)) == [])
        #expect(try await aliases(stage, ["organization_id": "o"], as: KeyStage.viewer).count == 3)
    }

    @Test func `who made keys finds them when he asks`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        try await stage.add("lead", to: "t", "admin")
        try await stage.add("u", to: "t")
        let lead = KeyStage.user("lead")
        try await stage.generate(["key_alias": "for-u", "team_id": "t", "user_id": "u"], as: lead)
        #expect(try await aliases(stage, [:], as: lead) == [])
        #expect(try await aliases(stage, ["include_created_by_keys": "true"], as: lead) == ["for-u"])
    }

    @Test(arguments: [
        ["page": "0"], ["size": "0"], ["size": "1001"], ["sort_by": "models"], ["sort_order": "up"],
        ["status": "deleted"],
    ])
    func `a list that cannot be made is refused`(query: [String: String]) async throws {
        let stage = KeyStage()
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in try await stage.ask(KeyStage.list, query: query) })
        #expect([400, 422].contains(fault.status))
    }

    @Test func `whole keys come with what their team is, and their user when he is asked for`() async throws {
        let stage = try await stage()
        let answer = try await stage.ask(KeyStage.list, query: ["key_alias": "u-in-t", "expand": "user"])
        let key = try #require(answer["keys"]?.array?.first?.object)
        #expect(key["team_models"] == ["m"] && key["team_blocked"] == true && key["team_alias"] == "T")
        #expect(
            key["user"] == ["user_id": "u", "user_email": "u@x.io", "user_alias": nil, "user_role": "internal_user"])
    }

    @Test func `the names of keys are listed in their order`() async throws {
        let stage = try await stage()
        let answer = try await stage.ask(KeyStage.aliases)
        #expect(
            answer == [
                "aliases": ["lead-own", "o-own", "s-service", "t-service", "u-in-t", "u-own"], "total_count": 6,
                "current_page": 1, "total_pages": 1, "size": 50,
            ])
        #expect(try await stage.ask(KeyStage.aliases, query: ["search": "own", "size": "1"])["total_pages"] == 3)
        #expect(
            try await stage.ask(KeyStage.aliases, as: KeyStage.user("lead"))["aliases"]
                == ["lead-own", "t-service", "u-in-t"])
    }
}
