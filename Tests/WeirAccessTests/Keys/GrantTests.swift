import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// What the records of the store make of a key.
struct GrantTests {
    private static let hash = KeyRoom.digest("sk-1").hex

    private func grant(
        _ key: JSONObject, _ others: [Entity] = [], _ memberships: [Membership] = []
    ) async throws -> Grant {
        let room = KeyRoom()
        try await room.store.write { session in
            try session.insert(KeyRoom.key("sk-1", key))
            for entity in others { try session.insert(entity) }
            for membership in memberships { try session.put(membership) }
        }
        return try #require(try await room.load("sk-1").get()?.grant)
    }

    @Test func `a key of which nothing is set may do everything that a key may`() async throws {
        let grant = try await grant([:])
        #expect(grant.role == .unknown)
        #expect(grant.expires == nil && grant.blocked == nil && grant.routes == nil)
        #expect(grant.models.isEmpty && grant.limits.isEmpty && grant.aliases.isEmpty && grant.tags.isEmpty)
    }

    @Test func `who somebody is comes from his user and his team`() async throws {
        let grant = try await grant(
            ["user_id": "u", "team_id": "t", "key_name": "sk-...abcd", "expires": 1_800_000_000_000_000],
            [
                KeyRoom.entity(.users, "u", ["user_role": "proxy_admin_viewer", "user_email": "u@example.org"]),
                KeyRoom.entity(.teams, "t", ["team_alias": "Blue", "organization_id": "o"]),
                KeyRoom.entity(.organizations, "o"),
            ])
        #expect(grant.role == .proxyAdminViewer)
        #expect(grant.userID == "u" && grant.userEmail == "u@example.org")
        #expect(grant.teamID == "t" && grant.teamAlias == "Blue" && grant.organizationID == "o")
        #expect(grant.keyName == "sk-...abcd")
        #expect(grant.expires == 1_800_000_000_000_000_000)
    }

    @Test(arguments: ["nonsense", "PROXY_ADMIN", ""])
    func `a role that is not known gives nothing`(role: String) async throws {
        let user = KeyRoom.entity(.users, "u", ["user_role": .string(role)])
        #expect(try await grant(["user_id": "u"], [user]).role == .unknown)
    }

    // MARK: Blocked

    @Test func `a blocked key, team or user says so`() async throws {
        let key = try await grant(["blocked": true]).blocked
        #expect(key?.code == .keyBlocked)
        #expect(
            key?.message == "Authentication Error, Key is blocked. Update via `/key/unblock` if you're an admin.")
        let team = try await grant(["team_id": "t"], [KeyRoom.entity(.teams, "t", ["blocked": true])]).blocked
        #expect(team?.code == .teamBlocked)
        let user = try await grant(["user_id": "u"], [KeyRoom.entity(.users, "u", ["blocked": true])]).blocked
        #expect(user?.code == .userBlocked)
    }

    // MARK: Limits

    @Test func `limits come in order, each with the name that replicas share`() async throws {
        let grant = try await grant(
            [
                "user_id": "u", "team_id": "t", "organization_id": "o", "rpm_limit": 1, "max_parallel_requests": 2,
                "metadata": ["model_rpm_limit": ["b": 4, "a": 3], "model_tpm_limit": ["a": 5]],
            ],
            [
                KeyRoom.entity(.users, "u", ["rpm_limit": 99]),
                KeyRoom.entity(.teams, "t", ["tpm_limit": 7, "metadata": ["model_tpm_limit": ["a": 8]]]),
                KeyRoom.entity(.organizations, "o", ["budget_id": "b"]),
                KeyRoom.entity(.budgets, "b", ["tpm_limit": 9]),
            ],
            [Membership(owner: .team, ownerID: "t", userID: "u", role: "user", document: ["rpm_limit": 6])])
        let key = Self.hash
        #expect(
            grant.limits == [
                LimitGrant(id: "key:\(key)", title: "api_key: \(key)", requestsPerMinute: 1, parallel: 2),
                LimitGrant(
                    id: "model_per_key:\(key):a", title: "model_per_key: \(key):a", requestsPerMinute: 3,
                    tokensPerMinute: 5, model: "a"),
                LimitGrant(
                    id: "model_per_key:\(key):b", title: "model_per_key: \(key):b", requestsPerMinute: 4, model: "b"),
                LimitGrant(id: "team_member:t:u", title: "team_member: t:u", requestsPerMinute: 6),
                LimitGrant(id: "team:t", title: "team: t", tokensPerMinute: 7),
                LimitGrant(
                    id: "model_per_team:t:a", title: "model_per_team: t:a", tokensPerMinute: 8, model: "a"),
                LimitGrant(id: "organization:o", title: "organization: o", tokensPerMinute: 9),
            ])
    }

    @Test func `a user's limits are for his keys without a team`() async throws {
        let user = KeyRoom.entity(.users, "u", ["rpm_limit": 5])
        let personal = try await grant(["user_id": "u"], [user])
        #expect(personal.limits == [LimitGrant(id: "user:u", title: "user: u", requestsPerMinute: 5)])
    }

    @Test func `a linked budget fills in what the key leaves open`() async throws {
        let budget = KeyRoom.entity(.budgets, "b", ["rpm_limit": 5, "tpm_limit": 6, "max_budget": 7])
        let grant = try await grant(["budget_id": "b", "rpm_limit": 1], [budget])
        #expect(grant.limits.first?.requestsPerMinute == 1)
        #expect(grant.limits.first?.tokensPerMinute == 6)
        #expect(grant.maxBudget == Money("7"))
    }

    @Test func `a limit of zero is a limit`() async throws {
        #expect(try await grant(["rpm_limit": 0]).limits.first?.requestsPerMinute == 0)
    }

    // MARK: Tags and parameters

    @Test func `tags and required parameters are the key's and the team's, each once`() async throws {
        let grant = try await grant(
            ["team_id": "t", "metadata": ["tags": ["a", "b"], "enforced_params": ["user"]]],
            [
                KeyRoom.entity(
                    .teams, "t", ["metadata": ["tags": ["b", "c"], "enforced_params": ["user", "metadata.x"]]])
            ])
        #expect(grant.tags == ["a", "b", "c"])
        #expect(grant.requiredParams == ["user", "metadata.x"])
    }

    // MARK: Routes

    @Test(
        arguments: [
            (["key_type": "llm_api"], "/v1/chat/completions", "/key/info"),
            (["key_type": "management"], "/key/generate", "/v1/chat/completions"),
            (["key_type": "read_only"], "/key/info", "/key/generate"),
            (["allowed_routes": ["/v1/embeddings"]], "/v1/embeddings", "/v1/chat/completions"),
            (["allowed_routes": ["info_routes"], "key_type": "llm_api"], "/models", "/v1/chat/completions"),
            (["allowed_routes": ["/key/{key}/regenerate"]], "/key/abc/regenerate", "/key/generate"),
            (["allowed_routes": ["/team/*"]], "/team/a/b", "/teams"),
        ] as [(JSONObject, String, String)])
    func `routes are restricted by names, patterns, groups and the kind of key`(
        key: JSONObject, open: String, closed: String
    ) async throws {
        let routes = try await grant(key).routes
        #expect(routes?.allow(open) == true)
        #expect(routes?.allow(closed) == false)
    }

    @Test(arguments: ["default", "anything"])
    func `other kinds of key restrict nothing`(kind: String) async throws {
        #expect(try await grant(["key_type": .string(kind)]).routes == nil)
    }

    @Test(arguments: ["allowed_routes", "models"])
    func `a list that cannot be read opens nothing`(name: String) async throws {
        let grant = try await grant([JSONObject.Member(name, ["a", 1])].reduce(into: [:]) { $0[$1.name] = $1.value })
        let isClosed =
            grant.routes?.allow("/v1/chat/completions") == false
            || grant.models.first?.allow("a", groups: []) == false
        #expect(isClosed)
    }
}
