import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// What the claims of a token make of the one who shows it.
struct IdentityMappingTests {
    private func house(_ change: (inout IdentitySettings) -> Void = { _ in }) async throws -> TokenRoom {
        try await TokenRoom(TokenRoom.settings(change))
    }

    // MARK: Users

    @Test func `a user has the role, the models and the limits that the store gives him`() async throws {
        let house = try await house { $0.userEmailField = "mail" }
        try await house.room.add(
            KeyRoom.entity(
                .users, "u", ["user_role": "proxy_admin_viewer", "models": ["gpt-4o"], "rpm_limit": 5]))
        let grant = try await house.grant(["sub": "u", "mail": "u@example.org"])
        #expect(grant?.userID == "u" && grant?.userEmail == "u@example.org")
        #expect(grant?.role == .proxyAdminViewer)
        #expect(grant?.models.map(\.names) == [["gpt-4o"]])
        #expect(grant?.limits.map(\.id) == ["user:u"])
        #expect(grant?.expires == UInt64(house.seconds + 3600) * 1_000_000_000)
        #expect(grant?.routes == nil)
    }

    @Test func `a user is found by the name that single sign-on knows him by`() async throws {
        let house = try await house()
        try await house.room.add(KeyRoom.entity(.users, "u", ["sso_user_id": "oid-1"]))
        #expect(try await house.grant(["sub": "oid-1"])?.userID == "u")
    }

    @Test func `a user without a role is an internal user`() async throws {
        let house = try await house()
        try await house.room.add(KeyRoom.entity(.users, "u"))
        #expect(try await house.grant(["sub": "u"])?.role == .internalUser)
    }

    @Test func `a user who is not known is refused, unless users are added`() async throws {
        #expect(try await house().fault(["sub": "u"])?.code == .tokenRefused)
        let adding = try await house {
            $0.addsUsers = true
            $0.userEmailField = "email"
        }
        let grant = try await adding.grant(["sub": "u", "email": "u@example.org"])
        #expect(grant?.userID == "u" && grant?.role == .internalUser)
        let (user, audit) = try await adding.room.store.read { session in
            (try session.entity(.users, "u"), try session.audit(AuditQuery()).entries)
        }
        #expect(user?.document.string("user_email") == "u@example.org")
        #expect(audit.map(\.objectID) == ["u"])
    }

    @Test(
        arguments: [
            ("u@example.org", true), ("u@EXAMPLE.org", true), ("u@evil.org", false), ("u@example.org.evil.org", false),
            ("u@evil.org@example.org", true), ("example.org", false), (nil, false),
        ] as [(String?, Bool)])
    func `only users of the domain are added`(email: String?, isAdded: Bool) async throws {
        let house = try await house {
            $0.addsUsers = true
            $0.userEmailField = "email"
            $0.addedEmailDomain = "example.org"
        }
        let claims: JSONObject = ["sub": "u", "email": email.map { .string($0) } ?? nil]
        #expect((try await house.fault(claims) == nil) == isAdded)
    }

    @Test func `an address that another user has is no reason to fail`() async throws {
        let house = try await house {
            $0.addsUsers = true
            $0.userEmailField = "email"
        }
        try await house.room.add(KeyRoom.entity(.users, "other", ["user_email": "u@example.org"]))
        #expect(try await house.fault(["sub": "u", "email": "u@example.org"])?.code == .tokenRefused)
    }

    @Test func `a blocked team and a change of the user are seen`() async throws {
        let house = try await house { $0.teamIDField = "team" }
        try await house.room.add(KeyRoom.entity(.users, "u"), KeyRoom.entity(.teams, "t", ["blocked": true]))
        #expect(try await house.fault(["sub": "u", "team": "t"])?.code == .teamBlocked)
        let token = try house.key.sign(house.claims(["sub": "u"]))
        let principal = try await house.show(token).get()
        house.room.apply("users", "u")
        #expect(!principal.isCurrent)
        #expect(try await house.show(token).get() !== principal)
    }

    // MARK: Teams and organisations

    @Test func `claims are found by paths`() async throws {
        let house = try await house {
            $0.userIDField = "user.id"
            $0.teamIDField = #"https://example\.org/team"#
            $0.endUserIDField = "customer.deep.id"
            $0.organizationIDField = "org"
        }
        try await house.room.add(
            KeyRoom.entity(.users, "7"), KeyRoom.entity(.teams, "t", ["models": ["gpt-4o"], "rpm_limit": 3]),
            KeyRoom.entity(.organizations, "o", ["models": ["claude"]]))
        let grant = try await house.grant([
            "user": ["id": 7], "https://example.org/team": "t", "customer": ["deep": ["id": "c"]], "org": "o",
        ])
        #expect(grant?.userID == "7" && grant?.teamID == "t" && grant?.endUserID == "c")
        #expect(grant?.organizationID == "o")
        #expect(grant?.models.map(\.names) == [["gpt-4o"], ["claude"]])
        #expect(grant?.limits.map(\.id) == ["team:t"])
    }

    @Test func `of many teams the first that is known and not blocked counts`() async throws {
        let house = try await house {
            $0.userIDField = nil
            $0.teamIDsField = "groups"
        }
        try await house.room.add(
            KeyRoom.entity(.teams, "blocked", ["blocked": true]), KeyRoom.entity(.teams, "a"),
            KeyRoom.entity(.teams, "b"))
        #expect(try await house.grant(["groups": ["nobody", "blocked", "b", "a"]])?.teamID == "b")
        #expect(try await house.fault(["groups": ["nobody"]])?.code == .tokenRefused)
    }

    @Test func `a token of a team alone may do what teams may`() async throws {
        let house = try await house {
            $0.teamIDField = "team"
            $0.defaultTeamID = "standard"
        }
        try await house.room.add(KeyRoom.entity(.teams, "standard"))
        let grant = try await house.grant([:])
        #expect(grant?.role == .team && grant?.teamID == "standard")
        #expect(grant?.routes?.allow("/v1/chat/completions") == true)
        #expect(grant?.routes?.allow("/key/generate") == false)
    }

    // MARK: Roles and scopes

    @Test(arguments: ["litellm_proxy_admin", "openid litellm_proxy_admin"])
    func `an admin is one by his scope, whatever the store says`(scope: String) async throws {
        let house = try await house()
        house.room.store.fail(with: nil)
        let grant = try await house.grant(["sub": "boss", "scope": .string(scope)])
        #expect(grant?.role == .proxyAdmin && grant?.userID == "boss")
        #expect(grant?.routes?.allow("/key/generate") == true)
        #expect(grant?.routes?.allow("/v1/chat/completions") == false)
    }

    @Test(arguments: ["litellm_proxy_admins", "xlitellm_proxy_admin", "LITELLM_PROXY_ADMIN"])
    func `a scope that is nearly the admin's is not`(scope: String) async throws {
        let house = try await house { $0.userIDField = nil }
        #expect(try await house.grant(["scope": .string(scope)])?.role == .unknown)
    }

    @Test func `roles of the provider are mapped where neither team nor user is named`() async throws {
        let settings = try IdentitySettings(
            reading: [
                "roles_jwt_field": "access.roles", "object_id_jwt_field": "oid",
                "role_mappings": [
                    ["role": "gateway-team", "internal_role": "team"],
                    ["role": "boss", "internal_role": "proxy_admin"],
                ],
            ], keyURLs: ["https://idp/keys"], audience: nil, issuer: nil)
        let house = try await TokenRoom(settings)
        try await house.room.add(KeyRoom.entity(.teams, "t"))
        let team = try await house.grant(["access": ["roles": ["x", "gateway-team"]], "oid": "t"])
        #expect(team?.role == .team && team?.teamID == "t")
        #expect(try await house.grant(["access": ["roles": "boss"]])?.role == .proxyAdmin)
        #expect(try await house.grant(["access": ["roles": ["x"]]])?.role == .unknown)
    }

    @Test func `a user's role at the provider may stand over the store's`() async throws {
        let settings = try IdentitySettings(
            reading: [
                "user_id_jwt_field": "sub", "user_roles_jwt_field": "roles",
                "jwt_litellm_role_map": [["jwt_role": "VIEWER", "litellm_role": "internal_user_viewer"]],
            ], keyURLs: ["https://idp/keys"], audience: nil, issuer: nil)
        let house = try await TokenRoom(settings)
        try await house.room.add(KeyRoom.entity(.users, "u", ["user_role": "internal_user"]))
        #expect(try await house.grant(["sub": "u", "roles": ["VIEWER"]])?.role == .internalUserViewer)
        #expect(try await house.grant(["sub": "u"])?.role == .internalUser)
    }

    @Test func `who has none of the roles that may call is refused`() async throws {
        let house = try await house {
            $0.userIDField = nil
            $0.rolesField = "roles"
            $0.allowedRoles = ["ai"]
        }
        #expect(try await house.grant(["roles": ["ai"]])?.role == .internalUser)
        #expect(try await house.fault(["roles": ["other"]])?.code == .tokenRefused)
        #expect(try await house.fault([:])?.code == .tokenRefused)
    }

    @Test func `who is nobody is refused where roles are enforced`() async throws {
        let house = try await house { $0.enforcesRoles = true }
        #expect(try await house.fault([:])?.code == .tokenRefused)
    }

    @Test func `scopes decide about models and routes where they are enforced`() async throws {
        let settings = try IdentitySettings(
            reading: [
                "enforce_scope_based_access": true,
                "scope_mappings": [
                    ["scope": "chat", "models": ["gpt-4o"], "routes": ["/v1/chat/completions"]],
                    ["scope": "more", "models": ["claude"]],
                ],
            ], keyURLs: ["https://idp/keys"], audience: nil, issuer: nil)
        let house = try await TokenRoom(settings)
        let grant = try #require(try await house.grant(["scope": "openid chat more"]))
        #expect(grant.models.map(\.names) == [["gpt-4o", "claude"]])
        #expect(grant.routes?.allow("/v1/chat/completions") == true)
        #expect(grant.routes?.allow("/v1/embeddings") == false)
        let none = try #require(try await house.grant(["scope": "openid"]))
        #expect(none.models.first?.allow("gpt-4o", groups: []) == false)
    }

    // MARK: Without the store

    @Test func `a token whose user only the store knows is not refused while the store is away`() async throws {
        let house = try await house()
        house.room.store.fail(with: .unavailable("gone"))
        #expect(try await house.fault(["sub": "u"])?.code == .storeUnavailable)
    }

    @Test func `where there is no store the claims alone say who calls`() async throws {
        let house = try await TokenRoom(TokenRoom.settings { $0.teamIDField = "team" }, hasStore: false)
        let grant = try await house.grant(["sub": "u", "team": "t"])
        #expect(grant?.userID == "u" && grant?.teamID == "t" && grant?.role == .internalUser)
    }

    // MARK: Teams that are added

    @Test func `a team that is not known is added where the token names it, with what new ones get`() async throws {
        let house = try await house {
            $0.teamIDField = "team"
            $0.teamIDsField = "groups"
            $0.addsTeams = true
            $0.addsUsers = true
        }
        let grant = try await house.grant(["sub": "u", "team": "t"])
        #expect(grant?.teamID == "t" && grant?.userID == "u")
        let (team, audit) = try await house.room.store.read { session in
            (try session.entity(.teams, "t"), try session.audit(AuditQuery()).entries)
        }
        #expect(team != nil && Set(audit.map(\.objectID)) == ["t", "u"])
        // One of many is no reason to make it.
        #expect(try await house.fault(["sub": "u", "groups": ["x", "y"]])?.code == .tokenRefused)
        let long = String(repeating: "t", count: 2000)
        #expect(try await house.fault(["sub": "u", "team": .string(long)])?.code == .tokenRefused)
    }

    @Test func `who names no team is refused where a team decides`() async throws {
        let house = try await house {
            $0.teamIDField = "team"
            $0.enforcesTeams = true
        }
        try await house.room.add(KeyRoom.entity(.users, "u"), KeyRoom.entity(.teams, "t"))
        #expect(try await house.fault(["sub": "u"])?.code == .tokenRefused)
        #expect(try await house.fault(["sub": "u", "team": "t"]) == nil)
        #expect(try await house.fault(["scope": "litellm_proxy_admin"]) == nil)
    }

    // MARK: Permissions by role

    @Test func `role_permissions narrow what a role may do, and never widen it`() async throws {
        let settings = try IdentitySettings(
            reading: [
                "user_id_jwt_field": "sub", "team_id_jwt_field": "team", "user_id_upsert": true,
                "role_permissions": [
                    ["role": "internal_user", "models": ["gpt-4o"], "routes": ["/v1/models", "info_routes"]],
                    ["role": "team", "routes": ["openai_routes"]],
                ],
            ], keyURLs: ["https://idp/keys"], audience: nil, issuer: nil)
        let house = try await TokenRoom(settings)
        try await house.room.add(KeyRoom.entity(.teams, "t"))
        let user = try await house.grant(["sub": "u"])
        #expect(user?.models.map(\.names) == [["gpt-4o"]])
        #expect(user?.routes?.allow("/v1/models") == true && user?.routes?.allow("/v1/chat/completions") == false)
        let team = try await house.grant(["team": "t"])
        #expect(team?.models.isEmpty == true)
        #expect(team?.routes?.allow("/v1/chat/completions") == true && team?.routes?.allow("/key/info") == false)
        let admin = try await house.grant(["scope": "litellm_proxy_admin"])
        #expect(admin?.routes?.allow("/key/generate") == true)
    }

    // MARK: Settings

    @Test(
        arguments: [
            ("leeway", "5"), ("leeway", -1), ("public_key_ttl", true), ("admin_jwt_scope", ["a"]),
            ("user_allowed_roles", "a"), ("role_mappings", [["role": "a", "internal_role": "king"]]),
            ("role_mappings", ["a"]), ("scope_mappings", [["models": ["a"]]]), ("enforce_rbac", "yes"),
            ("scope_mappings", [["scope": "a", "models": "b"]]), ("team_id_upsert", 1),
            ("oidc_userinfo_cache_ttl", "1"),
        ] as [(String, JSONValue)])
    func `a setting that cannot be taken is told by name`(name: String, value: JSONValue) {
        do throws(IdentitySettingsFault) {
            _ = try IdentitySettings(
                reading: JSONObject([.init(name, value)]), keyURLs: ["https://idp"], audience: nil, issuer: nil)
            Issue.record("it cannot be taken")
        } catch {
            #expect(error.problems.count == 1)
            #expect(error.problems.first?.contains("litellm_jwtauth.\(name) must be") == true)
        }
    }

    @Test(arguments: [[["role": "king"]], ["team"], "team", [["role": "team", "models": "a"]]] as [JSONValue])
    func `permissions that cannot be taken are told where they stand`(value: JSONValue) {
        do throws(IdentitySettingsFault) {
            _ = try IdentitySettings(
                reading: ["role_permissions": value], keyURLs: ["https://idp"], audience: nil, issuer: nil)
            Issue.record("it cannot be taken")
        } catch {
            #expect(error.problems.first?.hasPrefix("general_settings.role_permissions must be") == true)
        }
    }

    @Test func `without an address of keys nothing could be verified`() {
        #expect(throws: IdentitySettingsFault.self) {
            try IdentitySettings(reading: [:], keyURLs: [], audience: nil, issuer: nil)
        }
    }

    @Test func `audiences and issuers may be several`() throws {
        let settings = try IdentitySettings(
            reading: ["public_key_ttl": 60], keyURLs: ["https://idp"], audience: "a, b", issuer: "c")
        #expect(settings.audiences == ["a", "b"] && settings.issuers == ["c"] && settings.keyLife == 60)
    }
}
