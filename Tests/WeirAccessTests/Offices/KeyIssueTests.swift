import Testing
import WeirAccess
import WeirCore

/// Making keys, as an admin does.
struct KeyIssueTests {
    // MARK: The key itself

    @Test func `a key is kept as its digest, with four characters to know it by`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate()
        let key = try #require(made.string("key"))
        #expect(key.hasPrefix("sk-") && key.count == 25)
        let hash = KeyDigest(of: Secret(key)).hex
        #expect(made.string("token") == hash && made.string("token_id") == hash)
        let kept = try #require(try await stage.key(hash))
        #expect(kept.document == ["key_type": "default", "key_name": .string("sk-...\(key.suffix(4))")])
        #expect(kept.createdBy == "default_user_id" && kept.createdAt == KeyStage.start)
    }

    @Test func `a key may be chosen`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate(["key": "sk-0123456789abc"])
        #expect(made["key"] == "sk-0123456789abc")
        #expect(try await stage.grant("sk-0123456789abc") != nil)
    }

    @Test(arguments: [
        ("0123456789abcdef", 400, "must start with 'sk-'"),
        ("sk-0123456789ab", 400, "16 to 256 characters"),
        ("sk-0123456789 abc", 400, "without blanks"),
        ("sk-0123456789äbc", 400, "ASCII"),
        ("sk-" + String(repeating: "a", count: 254), 400, "16 to 256 characters"),
        (KeyStage.masterKey, 400, "master key"),
    ])
    func `a chosen key that is none is refused, and not repeated`(
        key: String, status: Int, text: String
    ) async throws {
        let stage = KeyStage()
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in try await stage.generate(["key": .string(key)]) })
        #expect(fault.status == status && fault.message.contains(text) && fault.param == "key")
        #expect(!fault.message.contains(key))
        #expect(try await stage.audit().isEmpty)
    }

    @Test func `a chosen key that exists is refused`() async throws {
        let stage = KeyStage()
        try await stage.generate(["key": "sk-0123456789abc"])
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(["key": "sk-0123456789abc"])
        }
        #expect(fault?.status == 409)
    }

    @Test func `a chosen key is refused where keys are always made here`() async throws {
        let stage = KeyStage { $0.refusesCustomKeys = true }
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(["key": "sk-0123456789abc"])
        }
        #expect(fault?.status == 403)
        #expect(try await stage.generate()["key"] != nil)
    }

    // MARK: Fields

    @Test func `all fields of a key are kept, those of metadata in it`() async throws {
        let stage = KeyStage()
        try await stage.add(.budgets, "b")
        try await stage.add(.organizations, "o")
        let body: JSONObject = [
            "models": ["m"], "aliases": ["x": "y"], "organization_id": "o", "project_id": "p", "agent_id": "a",
            "budget_id": "b", "end_user_budget_id": "e", "soft_budget": 1,
            "budget_limits": [["budget_duration": "1d", "max_budget": 1]],
            "model_max_budget": ["m": ["budget_limit": 1, "time_period": "1d"]], "budget_fallbacks": ["m": ["n"]],
            "tpd_limit": 5, "blocked": true, "permissions": ["get_spend_routes": true], "allowed_routes": ["/x"],
            "allowed_cache_controls": ["no-cache"], "config": ["a": 1], "router_settings": ["num_retries": 1],
            "access_group_ids": ["g"], "policies": ["p"], "object_permission": ["mcp_servers": ["s"]],
        ]
        let inMetadata: JSONObject = [
            "tags": ["t"], "guardrails": ["g"], "prompts": ["p"], "model_rpm_limit": ["m": 1],
            "model_tpm_limit": ["m": 2], "mcp_rpm_limit": ["s": 1], "tag_rpm_limit": ["t": 1],
            "rpm_limit_type": "dynamic", "tpm_limit_type": "dynamic", "enforced_params": ["user"],
            "disable_global_guardrails": true, "allowed_passthrough_routes": ["/p"],
            "default_estimated_output_tokens": 5, "enable_prompt_caching": true, "throttle_on_budget_exceeded": true,
        ]
        let made = try await stage.generate(body.merging(inMetadata))
        let document = try #require(try await stage.key(made.string("token") ?? "")?.document)
        for member in body.members where member.name != "soft_budget" {
            #expect(document[member.name] == member.value, "\(member.name)")
        }
        #expect(document["soft_budget"] == .number("1.0"))
        #expect(document.object("metadata") == inMetadata)
    }

    @Test func `what is null or empty is not kept`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate([
            "models": [], "metadata": [:], "max_budget": nil, "team_id": "", "user_id": "", "key_alias": "",
            "rpm_limit": 0, "key": "",
        ])
        let document = try #require(try await stage.key(made.string("token") ?? "")?.document)
        #expect(Set(document.names) == ["key_name", "key_type", "rpm_limit"])
    }

    @Test(
        arguments: [
            ("duration", ["duration": "-1d"]), ("duration", ["duration": "0s"]), ("duration", ["duration": "soon"]),
            ("duration", ["duration": "1000000mo"]), ("max_budget", ["max_budget": -1]),
            ("max_budget", ["max_budget": "much"]), ("max_budget", ["max_budget": .number("1e30")]),
            ("rpm_limit", ["rpm_limit": -1]), ("tpm_limit", ["tpm_limit": .number("1.5")]),
            ("budget_duration", ["budget_duration": "1x"]), ("budget_limits", ["budget_limits": [1]]),
            ("model_max_budget", ["model_max_budget": ["m": -1]]), ("models", ["models": "gpt-4"]),
            ("models", ["models": [""]]), ("models", ["models": [1]]), ("aliases", ["aliases": ["a": 1]]),
            ("budget_fallbacks", ["budget_fallbacks": ["a": "b"]]), ("metadata", ["metadata": "x"]),
            ("key_alias", ["key_alias": "a\nb"]),
            ("key_alias", ["key_alias": .string(String(repeating: "a", count: 256))]),
            ("key_type", ["key_type": "god"]), ("model_rpm_limit", ["model_rpm_limit": ["m": "x"]]),
            ("rotation_interval", ["rotation_interval": "1000000d"]), ("user_id", ["user_id": ["$ne": nil]]),
            ("key_alias", ["key_alias": "a\u{0}b"]),
        ] as [(String, JSONObject)])
    func `what makes no sense is refused by its name`(field: String, body: JSONObject) async throws {
        let stage = KeyStage()
        let fault = try #require(await stage.refusal { () throws(OfficeFault) in try await stage.generate(body) })
        #expect(fault.status == 422 && fault.param == field)
        #expect(try await stage.audit().isEmpty)
    }

    @Test(arguments: ["'; DROP TABLE keys; --", "\" OR 1=1", "a%' ESCAPE '\\", "$1", "名前"])
    func `texts that look like SQL are texts`(text: String) async throws {
        let stage = KeyStage()
        let made = try await stage.generate(["key_alias": .string(text), "user_id": .string(text)])
        #expect(made["key_alias"] == .string(text))
        let found = try await stage.ask(KeyStage.list, query: ["key_alias": text])
        #expect(found["keys"] == [made["token"] ?? .null])
    }

    @Test func `a life is counted from now, a budget to the end of its period`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate(["duration": "12h", "budget_duration": "1mo"])
        let document = try #require(try await stage.key(made.string("token") ?? "")?.document)
        #expect(document["expires"] == .int(KeyStage.start + 12 * 3_600_000_000))
        #expect(document["budget_reset_at"] == .int(try #require(MomentText.microseconds("2026-12-01"))))
        #expect(document["duration"] == nil)
    }

    @Test(arguments: [
        ("llm_api", ["llm_api_routes"]), ("management", ["management_routes"]), ("read_only", ["info_routes"]),
        ("default", []),
    ])
    func `a type of key says which routes it may use`(type: String, routes: [String]) async throws {
        let stage = KeyStage()
        let made = try await stage.generate(["key_type": .string(type)])
        #expect(made["allowed_routes"] == .strings(routes) && made["key_type"] == .string(type))
        let own = try await stage.generate(["key_type": .string(type), "allowed_routes": ["/v1/models"]])
        #expect(own["allowed_routes"] == ["/v1/models"])
    }

    @Test func `a key that replaces itself needs to know when`() async throws {
        let stage = KeyStage()
        let fault = await stage.refusal { () throws(OfficeFault) in try await stage.generate(["auto_rotate": true]) }
        #expect(fault?.status == 400 && fault?.param == "rotation_interval")
        let made = try await stage.generate(["auto_rotate": true, "rotation_interval": "30d"])
        let document = try #require(try await stage.key(made.string("token") ?? "")?.document)
        #expect(document["key_rotation_at"] == .int(KeyStage.start + 30 * 86_400_000_000))
    }

    @Test func `the making is told to the auditor`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate(["key_alias": "a"])
        let entry = try #require(try await stage.audit().first)
        #expect(entry.action == "created" && entry.table == "LiteLLM_VerificationToken")
        #expect(entry.objectID == made.string("token") && entry.changedBy == "default_user_id")
        #expect(entry.before == nil && entry.after?["key_alias"] == "a" && entry.address == "10.0.0.1")
    }

    // MARK: What it names

    @Test(arguments: Compat.allCases)
    func `a team must exist`(compat: Compat) async throws {
        let stage = KeyStage(compat)
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in try await stage.generate(["team_id": "t"]) })
        #expect(fault.status == 404 && fault.message.hasPrefix("Team doesn't exist in db"))
    }

    @Test(arguments: [("budget_id", "Budget"), ("organization_id", "Organization")])
    func `a budget and an organisation must exist`(field: String, name: String) async throws {
        let stage = KeyStage()
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in try await stage.generate(JSONObject([.init(field, "x")])) })
        #expect(fault.status == 400 && fault.message.hasPrefix("\(name) not found for \(field)=x"))
        #expect(fault.param == field)
    }

    @Test func `a user need not exist`() async throws {
        let stage = KeyStage()
        #expect(try await stage.generate(["user_id": "nobody"])["user_id"] == "nobody")
        #expect(try await stage.generate()["user_id"] == nil)
    }

    @Test func `an alias is free once in each team`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        try await stage.generate(["key_alias": "a"])
        try await stage.generate(["key_alias": "a", "team_id": "t"])
        for body in [["key_alias": "a"], ["key_alias": "a", "team_id": "t"]] as [JSONObject] {
            let fault = try #require(await stage.refusal { () throws(OfficeFault) in try await stage.generate(body) })
            #expect(fault.status == 400 && fault.type == "bad_request_error" && fault.param == "key_alias")
            #expect(fault.message.hasPrefix("Key with alias 'a' already exists."))
        }
    }

    // MARK: Teams

    @Test func `a key has no more than its team`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t", ["max_budget": 10])
        #expect(try await stage.generate(["team_id": "t", "max_budget": 10])["team_id"] == "t")
        #expect(try await stage.generate(["team_id": "t"])["team_id"] == "t")
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.generate(["team_id": "t", "max_budget": .number("10.01")])
            })
        #expect(fault.status == 400)
        #expect(fault.message.hasPrefix("Key's max_budget=10.01 is greater than the team's max_budget=10."))
    }

    @Test(arguments: [
        (["gpt-4"], true), (["all-team-models"], true), (["openai/gpt-5"], true), (["openai/*"], true),
        (["in-group"], true), (["fast"], true), (["no-default-models"], true), ([], true),
        (["claude"], false), (["gpt-4", "claude"], false), (["all-proxy-models"], false), (["*"], false),
    ])
    func `a key of a team calls the team's models only`(models: [String], isTaken: Bool) async throws {
        let stage = KeyStage(models: OneModel(name: "in-group", groups: ["fast"]))
        try await stage.add(.teams, "t", ["models": ["gpt-4", "openai/*", "fast"]])
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(["team_id": "t", "models": .strings(models)])
        }
        #expect((fault == nil) == isTaken)
        if let fault { #expect(fault.status == 400 && fault.param == "models") }
    }

    @Test(arguments: [[], ["all-proxy-models"]])
    func `a team without bounds has keys without bounds`(models: [String]) async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t", ["models": .strings(models)])
        #expect(try await stage.generate(["team_id": "t", "models": ["claude", "*"]])["models"] == ["claude", "*"])
    }

    @Test func `a key belongs to the organisation of its team, or to none`() async throws {
        let stage = KeyStage()
        try await stage.add(.organizations, "o")
        try await stage.add(.organizations, "p")
        try await stage.add(.teams, "t", ["organization_id": "o"])
        #expect(try await stage.generate(["team_id": "t", "organization_id": "o"])["organization_id"] == "o")
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(["team_id": "t", "organization_id": "p"])
        }
        #expect(fault?.status == 400 && fault?.param == "organization_id")
    }

    // MARK: Service accounts

    @Test func `a service account is a key of a team without a user`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        let made = try await stage.ask(
            KeyStage.generateForService, ["team_id": "t", "user_id": "u", "key_alias": "ci", "metadata": ["a": 1]],
            form: KeyForms.generate)
        #expect(made["user_id"] == nil && made["team_id"] == "t")
        #expect(made["metadata"] == ["a": 1, "service_account_id": "ci"])
        let unnamed = try await stage.ask(KeyStage.generateForService, ["team_id": "t"])
        #expect(unnamed.object("metadata")?.string("service_account_id")?.count == 36)
    }

    @Test(
        arguments: [
            ([:], "team_id is required for service account keys."),
            (["team_id": "x"], "team_id does not exist in the database."),
        ] as [(JSONObject, String)])
    func `a service account needs a team`(body: JSONObject, text: String) async throws {
        let stage = KeyStage()
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.ask(KeyStage.generateForService, body)
        }
        #expect(fault?.status == 400 && fault?.message.hasPrefix(text) == true)
    }
}

/// A gateway with one model.
struct OneModel: ModelDirectory {
    let name: String
    let groups: [String]

    func deployed() -> [DeployedModel] {
        [DeployedModel(id: "1", name: name, params: [:], info: [:], isStored: false, accessGroups: groups)]
    }
    func problems(of entry: JSONObject) -> [String] { [] }
}
