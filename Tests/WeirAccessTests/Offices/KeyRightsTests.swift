import Testing
import WeirAccess
import WeirCore

/// Who may do what to whose keys.
struct KeyRightsTests {
    /// Those who come: some of them members of the team that the key belongs to.
    enum Caller: String, CaseIterable, Sendable {
        case admin, viewer, owner, stranger, teamAdmin, permitted, member, orgAdmin, ownViewer

        var requester: Requester {
            switch self {
            case .admin: KeyStage.admin
            case .viewer: KeyStage.viewer
            case .orgAdmin: KeyStage.user(rawValue, .orgAdmin)
            case .ownViewer: KeyStage.user(rawValue, .internalUserViewer)
            default: KeyStage.user(rawValue)
            }
        }
    }

    enum Step: String, CaseIterable, Sendable {
        case info, update, delete, regenerate, regenerateWithLimits, block, resetSpend

        func run(_ stage: KeyStage, _ key: JSONValue, as requester: Requester) async throws(OfficeFault) -> JSONObject {
            switch self {
            case .info: try await stage.ask(KeyStage.info, query: ["key": key.string ?? ""], as: requester)
            case .update: try await stage.update(["key": key, "rpm_limit": 5], as: requester)
            case .delete: try await stage.ask(KeyStage.delete, ["keys": [key]], as: requester)
            case .regenerate: try await stage.regenerate(["key": key], as: requester)
            case .regenerateWithLimits: try await stage.regenerate(["key": key, "rpm_limit": 9], as: requester)
            case .block: try await stage.ask(KeyStage.block, ["key": key], as: requester)
            case .resetSpend:
                try await stage.ask(
                    KeyStage.resetSpend, ["reset_to": 0], path: ["key": key.string ?? ""], as: requester)
            }
        }
    }

    private static func stage(_ keyDocument: JSONObject) async throws -> (KeyStage, JSONValue) {
        let stage = KeyStage()
        try await stage.add(.organizations, "o")
        try await stage.add(
            .teams, "t", ["organization_id": "o", "team_member_permissions": ["/key/info", "/key/update"]])
        try await stage.add(.teams, "closed", ["team_member_permissions": ["/key/list"]])
        try await stage.add("teamAdmin", to: "t", "admin")
        for user in ["owner", "permitted"] { try await stage.add(user, to: "t") }
        try await stage.add("member", to: "closed")
        try await stage.add("orgAdmin", to: "o", "org_admin", owner: .organization)
        let made = try await stage.generate(keyDocument)
        return (stage, made["key"] ?? .null)
    }

    private func expect(
        _ keyDocument: JSONObject, _ allowed: [Caller: Set<Step>]
    ) async throws {
        for caller in Caller.allCases {
            for step in Step.allCases {
                let (stage, key) = try await Self.stage(keyDocument)
                let before = try await stage.audit().count
                let fault = await stage.refusal { () throws(OfficeFault) in
                    try await step.run(stage, key, as: caller.requester)
                }
                let isAllowed = allowed[caller]?.contains(step) ?? false
                #expect((fault == nil) == isAllowed, "\(caller) \(step): \(fault?.message ?? "done")")
                guard let fault else { continue }
                #expect(fault.status == 403, "\(caller) \(step)")
                #expect(try await stage.audit().count == before)
            }
        }
    }

    private static let all = Set(Step.allCases)

    @Test func `a user's own key is his and the admins'`() async throws {
        try await expect(
            ["user_id": "owner"],
            [
                .admin: Self.all, .viewer: [.info],
                .owner: [.info, .update, .delete, .regenerate, .regenerateWithLimits],
            ])
    }

    @Test func `one who only looks sees his own`() async throws {
        try await expect(
            ["user_id": "ownViewer"], [.admin: Self.all, .viewer: [.info], .ownViewer: [.info]])
    }

    @Test func `a team's key is its admins', and its members' as the team says`() async throws {
        try await expect(
            ["team_id": "t"],
            [
                .admin: Self.all, .viewer: [.info], .teamAdmin: Self.all, .orgAdmin: Self.all,
                .owner: [.info, .update], .permitted: [.info, .update],
            ])
    }

    @Test func `a member may end his key of a team, and not widen it`() async throws {
        try await expect(
            ["team_id": "closed", "user_id": "member"],
            [.admin: Self.all, .viewer: [.info], .member: [.info, .delete, .regenerate]])
    }

    @Test func `a team that says nothing lets its members look`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        try await stage.add("u", to: "t")
        let key = try await stage.generate(["team_id": "t"]).string("key") ?? ""
        let user = KeyStage.user("u")
        #expect(try await stage.ask(KeyStage.info, query: ["key": key], as: user)["info"] != nil)
        #expect(
            await stage.refusal { () throws(OfficeFault) in
                try await stage.update(["key": .string(key), "rpm_limit": 1], as: user)
            }?.status == 403)
    }

    @Test func `an organisation's key is its admins'`() async throws {
        try await expect(
            ["organization_id": "o"], [.admin: Self.all, .viewer: [.info], .orgAdmin: Self.all])
    }

    // MARK: Making

    @Test func `a user makes keys for himself`() async throws {
        let stage = KeyStage()
        let user = KeyStage.user("u")
        #expect(try await stage.generate(as: user)["user_id"] == "u")
        #expect(try await stage.generate(["user_id": "u"], as: user)["created_by"] == "u")
        let fault = try #require(
            await stage.refusal { () throws(OfficeFault) in try await stage.generate(["user_id": "v"], as: user) })
        #expect(fault.status == 403 && fault.message.hasPrefix("User can only create keys for themselves."))
    }

    @Test(arguments: [Role.proxyAdminViewer, .internalUserViewer, .team, .customer, .unknown])
    func `who may not write makes no keys`(role: Role) async throws {
        let stage = KeyStage()
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(as: KeyStage.user("u", role))
        }
        #expect(fault?.status == 403)
        #expect(try await stage.audit().isEmpty)
    }

    @Test func `a key without a user makes no keys of its own`() async throws {
        let stage = KeyStage()
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(as: KeyStage.user(nil))
        }
        #expect(fault?.status == 403)
    }

    @Test(arguments: [
        (Caller.admin, true), (.teamAdmin, true), (.orgAdmin, true), (.permitted, true), (.member, false),
        (.stranger, false), (.viewer, false),
    ])
    func `keys of a team are made by those whom it lets`(caller: Caller, isAllowed: Bool) async throws {
        for (action, permission) in [
            (KeyStage.generate, "/key/generate"), (KeyStage.generateForService, "/key/service-account/generate"),
        ] {
            let stage = KeyStage()
            try await stage.add(.organizations, "o")
            try await stage.add(
                .teams, "t", ["organization_id": "o", "team_member_permissions": [.string(permission)]])
            try await stage.add("teamAdmin", to: "t", "admin")
            try await stage.add("permitted", to: "t")
            try await stage.add("orgAdmin", to: "o", "org_admin", owner: .organization)
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(action, ["team_id": "t"], form: KeyForms.generate, as: caller.requester)
            }
            #expect((fault == nil) == isAllowed, "\(caller) \(permission)")
            #expect(fault == nil || fault?.status == 403)
        }
    }

    @Test func `a permission may be given in the form of its route`() async throws {
        let stage = KeyStage()
        try await stage.add(
            .teams, "t", ["team_member_permissions": ["/key/{key_id}/regenerate", "/key/{key_id}/reset_spend"]])
        try await stage.add("u", to: "t")
        let key = try await stage.generate(["team_id": "t"])
        let (path, user) = (["key": key["token"]?.string ?? ""], KeyStage.user("u"))
        let zero: JSONObject = ["reset_to": 0]
        for (action, body) in [(KeyStage.resetSpend, zero), (KeyStage.regenerate, JSONObject())] {
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.ask(action, body, path: path, as: user)
            }
            #expect(fault == nil)
        }
    }

    @Test func `a member without the permission is told of it`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        try await stage.add("u", to: "t")
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(["team_id": "t"], as: KeyStage.user("u"))
        }
        #expect(
            fault?.message.hasPrefix("Team member does not have permissions for endpoint: /key/generate.") == true)
    }

    @Test func `who is not in a team learns nothing of whether it exists`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        let user = KeyStage.user("u")
        let real = await stage.refusal { () throws(OfficeFault) in try await stage.generate(["team_id": "t"], as: user)
        }
        let unreal = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(["team_id": "x"], as: user)
        }
        #expect(real?.status == 403 && unreal?.status == 403)
        #expect(real?.message.replacing("team=t", with: "team=x") == unreal?.message)
    }

    @Test func `who leads a team makes keys for its members`() async throws {
        let stage = KeyStage()
        try await stage.add(.teams, "t")
        try await stage.add("lead", to: "t", "admin")
        try await stage.add("u", to: "t")
        let lead = KeyStage.user("lead")
        #expect(try await stage.generate(["team_id": "t", "user_id": "u"], as: lead)["user_id"] == "u")
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.generate(["team_id": "t", "user_id": "v"], as: lead)
        }
        #expect(fault?.status == 400 && fault?.message == "User=v not assigned to team=t")
    }

    // MARK: Fields

    @Test(
        arguments: [
            ["spend": 1], ["permissions": ["get_spend_routes": true]], ["allowed_passthrough_routes": ["/x"]],
        ] as [JSONObject])
    func `some fields are an admin's`(body: JSONObject) async throws {
        let stage = KeyStage()
        let user = KeyStage.user("u")
        let key = try await stage.generate(["permissions": [:], "spend": 0], as: user)["key"] ?? .null
        for fault in [
            await stage.refusal { () throws(OfficeFault) in try await stage.generate(body, as: user) },
            await stage.refusal { () throws(OfficeFault) in try await stage.update(body.merging(["key": key]), as: user)
            },
            await stage.refusal { () throws(OfficeFault) in
                try await stage.regenerate(body.merging(["key": key]), as: user)
            },
        ] { #expect(fault?.status == 403) }
        #expect(try await stage.update(body.merging(["key": key]))["key"] == key)
    }

    @Test func `a user does not unblock his key by changing it`() async throws {
        let stage = KeyStage()
        let user = KeyStage.user("u")
        let key = try await stage.generate(as: user)["key"] ?? .null
        try await stage.ask(KeyStage.block, ["key": key])
        let fault = await stage.refusal { () throws(OfficeFault) in
            try await stage.update(["key": key, "blocked": false], as: user)
        }
        #expect(fault?.status == 403)
        #expect(try await stage.update(["key": key, "blocked": true], as: user)["blocked"] == true)
        #expect(try await stage.update(["key": key, "blocked": false])["blocked"] == false)
    }

    @Test func `a user belongs to the organisation that he names`() async throws {
        let stage = KeyStage()
        try await stage.add(.organizations, "o")
        try await stage.add("u", to: "o", "internal_user", owner: .organization)
        #expect(try await stage.generate(["organization_id": "o"], as: KeyStage.user("u"))["organization_id"] == "o")
        for (user, organization) in [("v", "o"), ("v", "x")] {
            let fault = await stage.refusal { () throws(OfficeFault) in
                try await stage.generate(["organization_id": .string(organization)], as: KeyStage.user(user))
            }
            #expect(fault?.status == 403)
        }
    }
}
