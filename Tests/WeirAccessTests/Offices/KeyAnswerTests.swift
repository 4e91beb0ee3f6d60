import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// What LiteLLM 1.109.1 answered, member for member.
struct KeyAnswerTests {
    private static let key = "sk-MsVEdYaTWcFjPSLv9Jf9-A"
    private static let asked: JSONObject = [
        "models": ["gpt-4", "claude"], "duration": "30d", "max_budget": 10, "budget_duration": "1d", "tpm_limit": 1000,
        "rpm_limit": 100, "max_parallel_requests": 5, "metadata": ["a": 1], "key_alias": "golden-alias-1795231958",
        "user_id": "golden-user", "aliases": ["mistral": "gpt-4"],
    ]
    private static let change: JSONObject = [
        "key": .string(key), "max_budget": 20, "metadata": ["b": 2],
    ]

    @Test func `a key that was made is answered as LiteLLM does`() async throws {
        let stage = KeyStage(keys: [Self.key])
        #expect(try await stage.generate(Self.asked) == (try JSONObject(text: RecordedKeys.generated)))
    }

    @Test func `what a key is, is answered as LiteLLM does`() async throws {
        let stage = KeyStage(keys: [Self.key])
        try await stage.generate(Self.asked)
        #expect(
            try await stage.ask(KeyStage.info, query: ["key": Self.key])
                == (try JSONObject(text: RecordedKeys.info)))
    }

    @Test func `a change is answered as LiteLLM does`() async throws {
        let stage = KeyStage(keys: [Self.key])
        try await stage.generate(Self.asked)
        stage.clock.advance(milliseconds: 576)
        #expect(try await stage.update(Self.change) == (try JSONObject(text: RecordedKeys.updated)))
    }

    @Test func `a blocked key is answered as LiteLLM does`() async throws {
        let stage = KeyStage(keys: [Self.key])
        try await stage.generate(Self.asked)
        try await stage.update(Self.change)
        stage.clock.advance(milliseconds: 637)
        #expect(
            try await stage.ask(KeyStage.block, ["key": .string(Self.key)])
                == (try JSONObject(text: RecordedKeys.blocked)))
    }

    @Test func `whole keys are listed as LiteLLM does`() async throws {
        let stage = KeyStage(keys: [Self.key])
        try await stage.generate(Self.asked)
        stage.clock.advance(milliseconds: 92)
        let made = try await stage.generate(["key": "sk-unknown-number-1958"])
        let recorded = try JSONObject(text: RecordedKeys.listed)
        let listed = try await stage.ask(
            KeyStage.list, query: ["page": "1", "size": "1", "return_full_object": "true"])
        #expect(listed.names == recorded.names)
        #expect(listed["total_pages"] == 2)
        var expected = try #require(recorded["keys"]?.array?.first?.object)
        expected["token"] = made["token"]
        #expect(listed["keys"] == [.object(expected)])
    }

    @Test func `hashes are listed as LiteLLM does`() async throws {
        let stage = KeyStage(keys: [Self.key])
        try await stage.generate(Self.asked)
        #expect(
            try await stage.ask(KeyStage.list) == [
                "keys": ["46c773090ada3a2e04c0fe0d0c9624ecedb91f0bb89cbadb9b40c8b5c0521069"], "total_count": 1,
                "current_page": 1, "total_pages": 1,
            ])
    }

    @Test func `1.83 has the same names in the same order, and null where nothing is set`() async throws {
        let stage = KeyStage(.v1_83, keys: [Self.key])
        let made = try await stage.generate(Self.asked)
        let recorded = try JSONObject(text: RecordedKeys.generated)
        #expect(made.names.filter(recorded.names.contains) == recorded.names)
        for name in ["duration", "team_id", "tags", "organization_id", "litellm_budget_table"] {
            #expect(made[name] == .null, "\(name)")
        }
        for member in recorded.members { #expect(made[member.name] == member.value, "\(member.name)") }

        let info = try #require(
            try await stage.ask(KeyStage.info, query: ["key": Self.key])["info"]?.object)
        let recordedInfo = try #require(try JSONObject(text: RecordedKeys.info).object("info"))
        #expect(info.names.filter(recordedInfo.names.contains) == recordedInfo.names)
        for name in ["team_id", "blocked", "tpd_limit", "last_active", "object_permission"] {
            #expect(info[name] == .null, "\(name)")
        }

        let blocked = try await stage.ask(KeyStage.block, ["key": .string(Self.key)])
        #expect(blocked["litellm_budget_table"] == .null)
        #expect(blocked["blocked"] == true)
    }

    @Test(arguments: Compat.allCases)
    func `a key stands in no other answer, and nowhere in the store`(compat: Compat) async throws {
        let stage = KeyStage(compat)
        let key = try #require(try await stage.generate(["key_alias": "a"]).string("key"))
        let hash = KeyDigest(of: Secret(key)).hex
        var texts: [String] = []
        texts.append("\(try await stage.ask(KeyStage.info, query: ["key": hash]))")
        texts.append("\(try await stage.update(["key": .string(hash), "rpm_limit": 5]))")
        texts.append("\(try await stage.ask(KeyStage.block, ["key": .string(hash)]))")
        texts.append("\(try await stage.ask(KeyStage.list, query: ["return_full_object": "true"]))")
        texts.append("\(try await stage.audit())")
        texts.append("\(String(describing: try await stage.key(hash)))")
        for text in texts {
            #expect(!text.contains(key))
            #expect(text.contains(hash))
        }
    }

    @Test func `moments in metadata are shown as texts`() async throws {
        let stage = KeyStage()
        let made = try await stage.generate()
        let changed = try await stage.update([
            "key": made["key"] ?? .null, "temp_budget_increase": 5, "temp_budget_expiry": "2027-01-01T00:00:00Z",
        ])
        #expect(
            changed["metadata"] == [
                "temp_budget_increase": .number("5.0"), "temp_budget_expiry": "2027-01-01T00:00:00Z",
            ])
    }

    @Test func `the budget that a key names is shown with it`() async throws {
        let stage = KeyStage()
        try await stage.add(.budgets, "b1", ["max_budget": .number("3.0")])
        let made = try await stage.generate(["budget_id": "b1"])
        let info = try await stage.ask(KeyStage.info, query: ["key": made.string("token") ?? ""]).object("info")
        #expect(info?.object("litellm_budget_table")?["max_budget"] == .number("3.0"))
    }
}
