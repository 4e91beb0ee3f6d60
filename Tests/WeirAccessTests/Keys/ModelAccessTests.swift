import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct ModelAccessTests {
    private static let organization = KeyRoom.entity(.organizations, "o", ["models": ["gpt-4o", "claude", "beta"]])

    private func principal(
        _ key: JSONObject, _ others: [Entity] = [], _ memberships: [Membership] = []
    ) async throws -> Principal {
        let room = KeyRoom()
        try await room.store.write { session in
            try session.insert(KeyRoom.key("sk-1", key))
            for entity in others { try session.insert(entity) }
            for membership in memberships { try session.put(membership) }
        }
        return try #require(try await room.load("sk-1").get())
    }

    private func access(_ compat: Compat = .v1_83) -> Access {
        var settings = AccessSettings(masterKey: Secret("sk-master"), compat: compat)
        settings.accessGroups = ["claude": ["beta"], "openai/*": ["wild"]]
        settings.modelAliases = ["smart": "gpt-4o"]
        return Access(settings)
    }

    private func fault(_ access: Access, _ model: String, _ principal: Principal) -> GatewayFault? {
        do throws(GatewayFault) {
            _ = try access.model(model, for: principal)
            return nil
        } catch { return error }
    }

    // MARK: Lists

    @Test(
        arguments: [
            ([], "anything", true), (["all-proxy-models"], "anything", true), (["gpt-4o"], "gpt-4o", true),
            (["gpt-4o"], "gpt-4", false), (["openai/*"], "openai/gpt-4o", true), (["openai/*"], "azure/gpt-4o", false),
            (["*"], "anything", true), (["no-default-models"], "gpt-4o", false), (["beta"], "claude", true),
            (["wild"], "openai/gpt-4o", true), (["beta"], "gpt-4o", false), (["gpt-4o"], "smart", true),
            (["claude"], "smart", false), (["all-team-models"], "anything", true),
        ] as [([String], String, Bool)])
    func `a key may call what its list says`(models: [String], model: String, isAllowed: Bool) async throws {
        let principal = try await principal(["models": .strings(models)])
        #expect(access().allows(model, for: principal) == isAllowed)
        #expect((fault(access(), model, principal) == nil) == isAllowed)
    }

    @Test(arguments: [
        ("gpt-4o", true), ("claude", false), ("o3", false),
    ])
    func `key, team and organisation must all allow it`(model: String, isAllowed: Bool) async throws {
        let principal = try await principal(
            ["team_id": "t", "organization_id": "o", "models": ["gpt-4o", "o3"]],
            [KeyRoom.entity(.teams, "t", ["models": ["gpt-4o", "claude", "o3"]]), Self.organization])
        #expect(access().allows(model, for: principal) == isAllowed)
    }

    @Test func `a key with the team's models has no list of its own`() async throws {
        let principal = try await principal(
            ["team_id": "t", "models": ["all-team-models"]], [KeyRoom.entity(.teams, "t", ["models": ["gpt-4o"]])])
        #expect(access().allows("gpt-4o", for: principal))
        #expect(fault(access(), "claude", principal)?.code == .teamModelForbidden)
    }

    @Test func `the models of a team that is gone are none`() async throws {
        let principal = try await principal(["team_id": "t", "models": ["all-team-models"]])
        #expect(fault(access(), "gpt-4o", principal)?.code == .teamModelForbidden)
    }

    @Test func `a user's list is for his keys without a team`() async throws {
        let user = KeyRoom.entity(.users, "u", ["models": ["no-default-models", "gpt-4o"]])
        let personal = try await principal(["user_id": "u"], [user])
        #expect(fault(access(), "gpt-4o", personal)?.code == .userModelForbidden)
        let teams = try await principal(["user_id": "u", "team_id": "t"], [user, KeyRoom.entity(.teams, "t")])
        #expect(access().allows("gpt-4o", for: teams))
    }

    @Test(arguments: [true, false])
    func `a member of a team may have a list of his own`(isBudgets: Bool) async throws {
        let list: JSONObject = ["allowed_models": ["gpt-4o"]]
        let place = Membership(
            owner: .team, ownerID: "t", userID: "u", role: "user",
            document: isBudgets ? ["budget_id": "b", "allowed_models": []] : list)
        let principal = try await principal(
            ["user_id": "u", "team_id": "t"], [KeyRoom.entity(.teams, "t"), KeyRoom.entity(.budgets, "b", list)],
            [place])
        #expect(access().allows("gpt-4o", for: principal))
        #expect(fault(access(), "claude", principal)?.code == .teamModelForbidden)
    }

    @Test func `groups that a key is given besides its list count`() async throws {
        let principal = try await principal(["models": ["gpt-4o"], "access_group_ids": ["beta"]])
        #expect(access().allows("claude", for: principal))
        #expect(!access().allows("o3", for: principal))
    }

    @Test(arguments: ["sk-master"])
    func `who has no grant may call everything`(key: String) throws {
        let principal = try #require(try access().identify(KeyRoom.show(key), at: 0))
        #expect(try access().model("anything", for: principal) == "anything")
        #expect(access().allows("anything", for: principal))
    }

    // MARK: Aliases

    @Test func `names of the key's own stand over the team's`() async throws {
        let principal = try await principal(
            ["team_id": "t", "aliases": ["fast": "mini"]],
            [KeyRoom.entity(.teams, "t", ["model_aliases": ["fast": "big", "best": "big"]])])
        #expect(try access().model("fast", for: principal) == "mini")
        #expect(try access().model("best", for: principal) == "big")
        #expect(try access().model("other", for: principal) == "other")
    }

    @Test(arguments: [(Compat.v1_83, false), (.v1_109, true)])
    func `a name of the key's own counts as allowed since 1_109`(compat: Compat, isAllowed: Bool) async throws {
        let principal = try await principal(["models": ["gpt-4o"], "aliases": ["fast": "mini"]])
        #expect(access(compat).allows("fast", for: principal) == isAllowed)
        #expect(!access(compat).allows("mini", for: principal))
    }

    @Test(arguments: Compat.allCases)
    func `a name of the team's own is allowed by key and team`(compat: Compat) async throws {
        let principal = try await principal(
            ["team_id": "t", "models": ["gpt-4o"]],
            [KeyRoom.entity(.teams, "t", ["models": ["gpt-4o"], "model_aliases": ["fast": "mini"]])])
        #expect(try access(compat).model("fast", for: principal) == "mini")
    }

    @Test(arguments: Compat.allCases)
    func `a name of the key's own opens nothing that team or organisation close`(compat: Compat) async throws {
        let team = KeyRoom.entity(.teams, "t", ["models": ["gpt-4o"]])
        let teams = try await principal(["team_id": "t", "aliases": ["gpt-4o": "o3"]], [team])
        #expect(fault(access(compat), "gpt-4o", teams)?.code == .teamModelForbidden)
        let members = try await principal(["organization_id": "o", "aliases": ["gpt-4o": "o3"]], [Self.organization])
        #expect(fault(access(compat), "gpt-4o", members)?.code == .organizationModelForbidden)
    }

    // MARK: Texts

    @Test func `a refusal has the text of its release`() async throws {
        let principal = try await principal(["models": ["gpt-4", "it's"]])
        let old = fault(access(.v1_83), "gpt-4o", principal)
        #expect(
            old?.message
                == "key not allowed to access model. This key can only access models=['gpt-4', \"it's\"]. "
                + "Tried to access gpt-4o")
        #expect(old?.param == "model" && old?.code == .keyModelForbidden)
        #expect(
            fault(access(.v1_109), "gpt-4o", principal)?.message
                == "The requested model 'gpt-4o' is not available for this API key, or the model name is invalid. "
                + "Check the models available to you and try again.")
    }

    @Test func `the organisation is called by its short name`() async throws {
        let principal = try await principal(["organization_id": "o"], [Self.organization])
        #expect(
            fault(access(), "o3", principal)?.message
                == "org not allowed to access model. This org can only access models=['gpt-4o', 'claude', 'beta']. "
                + "Tried to access o3")
    }

    // MARK: Routes

    @Test func `a route that the key may not use is refused by name`() async throws {
        let principal = try await principal(["allowed_routes": ["/v1/embeddings"]])
        try Access.checkRoute("/v1/embeddings", principal)
        do throws(GatewayFault) {
            try Access.checkRoute("/v1/chat/completions", principal)
            Issue.record("it may not")
        } catch {
            #expect(error.code == .keyRouteForbidden)
            #expect(
                error.message
                    == "Virtual key is not allowed to call this route. Only allowed to call routes: "
                    + "['/v1/embeddings']. Tried to call route: /v1/chat/completions")
        }
    }
}
