import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct UserOfficeTests {
    let house = PeopleHouse()

    // MARK: Making

    @Test func `a new user comes with a key that is shown once`() async throws {
        let answer = try await house.offices.users.new(
            PeopleHouse.asking(["user_id": "ada", "models": ["gpt-4"], "duration": "30d", "key_alias": "first"])
        ).object
        let key = try #require(answer.string("key"))
        #expect(key.hasPrefix("sk-") && key.count == 25)
        let stored = try #require(try await house.document(.keys, KeyDigest(of: Secret(key)).hex))
        #expect(stored.string("user_id") == "ada")
        #expect(stored.strings("models") == ["gpt-4"])
        #expect(stored.string("key_alias") == "first")
        #expect(stored.string("key_name") == "sk-...\(key.suffix(4))")
        #expect(stored.int("expires") == Int(PeopleHouse.start / 1000) + 30 * 86_400_000_000)
        #expect(try await house.document(.users, "ada")?.string("user_role") == "internal_user")
    }

    @Test func `the bounds for keys hold for the key of a new user, and not for the user`() async throws {
        let house = PeopleHouse {
            $0.upperboundKeyParams = ["rpm_limit": 10, "max_budget": 5]
            $0.defaultKeyParams = ["tpm_limit": 100]
        }
        let answer = try await house.offices.users.new(PeopleHouse.asking(["user_id": "ada", "max_budget": 50])).object
        let key = try #require(answer.string("key"))
        let stored = try #require(try await house.document(.keys, KeyDigest(of: Secret(key)).hex))
        #expect(stored.int("rpm_limit") == 10 && stored.int("tpm_limit") == 100)
        #expect(stored.money("max_budget") == Money("5"))
        #expect(try await house.document(.users, "ada")?.money("max_budget") == Money("50"))
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.new(PeopleHouse.asking(["user_id": "bob", "rpm_limit": 11]))
        }
        #expect(fault?.status == 400 && fault?.param == "rpm_limit")
        #expect(try await house.document(.users, "bob") == nil)
    }

    @Test func `the key of a new user keeps to the rules of any other key`() async throws {
        try await house.makeOrganization("acme", admin: "ada")
        try await house.makeTeam("red", ["models": ["gpt-4"]])
        _ = try await house.offices.users.new(PeopleHouse.asking(["user_id": "bob", "key_alias": "first"]))
        let refused: [(JSONObject, Requester, Int, String?)] = [
            (["key_alias": "first"], PeopleHouse.master, 400, "key_alias"),
            (["duration": "200y"], PeopleHouse.master, 422, "duration"),
            (["aliases": ["a": 7]], PeopleHouse.master, 422, "aliases"),
            (["team_id": "red", "models": ["gpt-5"]], PeopleHouse.master, 400, "models"),
            (
                ["organizations": ["acme"], "permissions": ["get_spend_routes": true]],
                PeopleHouse.user("ada", .orgAdmin), 403, nil
            ),
        ]
        for (body, requester, status, param) in refused {
            let fault = await fault { () async throws(OfficeFault) in
                try await house.offices.users.new(
                    PeopleHouse.asking(body.merging(["user_id": "eve"]), as: requester))
            }
            #expect(fault?.status == status && fault?.param == param, "\(body): \(String(describing: fault))")
            #expect(try await house.document(.users, "eve") == nil)
        }
    }

    @Test func `no key is made when none is wanted`() async throws {
        let answer = try await house.offices.users.new(
            PeopleHouse.asking(["user_id": "ada", "auto_create_key": false]))
        #expect(answer.object.value("key") == nil)
        #expect(try await house.count(.keys) == 0)
    }

    @Test func `an id that is taken is a conflict, and makes no key`() async throws {
        try await house.makeUser("ada")
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.new(PeopleHouse.asking(["user_id": "ada"]))
        }
        #expect(fault?.status == 409)
        #expect(try await house.count(.keys) == 0)
    }

    @Test(arguments: ["ada@x.io", "ADA@X.io", " Ada@x.IO "])
    func `an e-mail that is taken is refused, whatever its case`(email: String) async throws {
        try await house.makeUser("ada", ["user_email": "Ada@x.io"])
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.new(
                PeopleHouse.asking(["user_id": "eve", "user_email": .string(email)]))
        }
        #expect(fault?.status == 400)
        #expect(fault?.param == "user_email")
        #expect(try await house.document(.users, "eve") == nil)
    }

    @Test func `the defaults for internal users are set where a request says nothing`() async throws {
        let house = PeopleHouse { policy in
            policy.defaultUserParams = [
                "user_role": "internal_user_viewer", "max_budget": 7, "budget_duration": "30d", "models": ["gpt-4"],
            ]
        }
        try await house.makeUser("ada")
        try await house.makeUser("bob", ["user_role": "proxy_admin"])
        let ada = try #require(try await house.document(.users, "ada"))
        #expect(ada.string("user_role") == "internal_user_viewer")
        #expect(ada.money("max_budget") == Money("7"))
        #expect(ada.int("budget_reset_at") != nil)
        #expect(ada.strings("models") == ["gpt-4"])
        #expect(try await house.document(.users, "bob")?["max_budget"] == nil)
    }

    @Test func `a new user joins the teams that are named, or none of it happens`() async throws {
        try await house.makeTeam("red")
        _ = try await house.offices.users.new(
            PeopleHouse.asking([
                "user_id": "ada", "teams": [["team_id": "red", "user_role": "admin"]], "auto_create_key": false,
            ]))
        #expect(try await house.member(.team, "red", "ada")?.role == "admin")
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.new(PeopleHouse.asking(["user_id": "bob", "teams": ["red", "nope"]]))
        }
        #expect(fault?.status == 404)
        #expect(try await house.document(.users, "bob") == nil)
        #expect(try await house.member(.team, "red", "bob") == nil)
        #expect(try await house.count(.keys) == 0)
    }

    @Test func `what is no team is refused as a form`() async throws {
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.new(PeopleHouse.asking(["user_id": "bob", "teams": [7]]))
        }
        #expect(fault?.status == 422)
    }

    // MARK: Rights

    @Test func `the admin of an organization sees of a member what belongs to it`() async throws {
        try await house.makeOrganization("acme", admin: "ada")
        try await house.makeTeam("red", ["organization_id": "acme"])
        try await house.makeTeam("blue", ["metadata": ["about": "no business of acme's"]])
        try await house.makeUser("bob")
        for team in ["red", "blue"] {
            try await house.addMember("bob", to: team)
            try await house.putKey("of \(team)", ["user_id": "bob", "team_id": .string(team)])
        }
        try await house.putKey("own", ["user_id": "bob"])
        let ada = PeopleHouse.user("ada", .orgAdmin)
        _ = try await house.offices.organizations.addMembers(
            PeopleHouse.asking(
                ["organization_id": "acme", "member": ["role": "internal_user", "user_id": "bob"]], as: ada))
        func seen(_ requester: Requester) async throws -> [[String?]] {
            let info = try await house.offices.users.info(
                PeopleHouse.asking(query: ["user_id": "bob"], as: requester)
            ).object
            return ["keys", "teams"].map { list in
                (info[list]?.array ?? []).map { ($0.object?["token"] ?? $0.object?["team_id"])?.string }
            }
        }
        #expect(try await seen(ada) == [["of red"], ["red"]])
        for all in [PeopleHouse.master, PeopleHouse.user("bob")] {
            #expect(try await seen(all) == [["of blue", "of red", "own"], ["blue", "red"]])
        }
    }

    @Test func `a member of an organization sees of its teams his own`() async throws {
        try await house.makeOrganization("acme", admin: "ada")
        try await house.makeTeam("red", ["organization_id": "acme"])
        try await house.makeTeam("blue", ["organization_id": "acme"])
        try await house.makeUser("bob", ["organizations": ["acme"]])
        try await house.addMember("bob", to: "red")
        for (requester, teams) in [
            (PeopleHouse.user("bob"), ["red"]), (PeopleHouse.user("ada", .orgAdmin), ["blue", "red"]),
            (PeopleHouse.master, ["blue", "red"]),
        ] {
            let info = try await house.offices.organizations.info(
                PeopleHouse.asking(query: ["organization_id": "acme"], as: requester)
            ).object
            #expect((info["teams"]?.array ?? []).compactMap { $0.object?.string("team_id") } == teams)
        }
    }

    @Test func `an internal user makes no users`() async throws {
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.new(
                PeopleHouse.asking(["user_id": "eve"], as: PeopleHouse.user("ada")))
        }
        #expect(fault?.status == 403)
        #expect(try await house.count(.users) == 0)
    }

    @Test func `the admin of an organization makes users in it, and no admins`() async throws {
        try await house.makeOrganization("acme", admin: "olga")
        try await house.makeOrganization("other")
        let olga = PeopleHouse.user("olga", .orgAdmin)
        _ = try await house.offices.users.new(
            PeopleHouse.asking(["user_id": "ada", "organizations": ["acme"]], as: olga))
        #expect(try await house.member(.organization, "acme", "ada")?.role == "internal_user")
        let refused: [JSONObject] = [
            ["user_id": "eve", "organizations": ["acme"], "user_role": "proxy_admin"],
            ["user_id": "eve", "organizations": ["acme"], "user_role": "org_admin"],
            ["user_id": "eve", "organizations": ["acme"], "spend": 0], ["user_id": "eve", "organizations": ["other"]],
            ["user_id": "eve", "organizations": ["nowhere"]], ["user_id": "eve", "organizations": ["acme", "other"]],
            ["user_id": "eve"],
        ]
        for body in refused {
            let fault = await fault { () async throws(OfficeFault) in
                try await house.offices.users.new(PeopleHouse.asking(body, as: olga))
            }
            #expect(fault?.status == 403, "\(body)")
        }
        #expect(try await house.document(.users, "eve") == nil)
    }

    @Test func `a key made through an organization stays under its limits`() async throws {
        try await house.makeOrganization("acme", admin: "olga")
        let answer = try await house.offices.users.new(
            PeopleHouse.asking(
                ["user_id": "ada", "organizations": ["acme"]], as: PeopleHouse.user("olga", .orgAdmin)))
        let key = KeyDigest(of: Secret(try #require(answer.object.string("key")))).hex
        #expect(try await house.document(.keys, key)?.string("organization_id") == "acme")
    }

    @Test(arguments: ["user_role", "max_budget", "models", "tpm_limit", "spend", "metadata", "sso_user_id"])
    func `a user does not raise himself`(field: String) async throws {
        try await house.makeUser("ada", ["models": ["gpt-4"], "max_budget": 1])
        let before = try await house.document(.users, "ada")
        let values: JSONObject = [
            "user_role": "proxy_admin", "max_budget": nil, "models": [], "tpm_limit": 9, "spend": 0,
            "metadata": ["model_rpm_limit": nil], "sso_user_id": "x",
        ]
        var body = values.keeping(field)
        body["user_id"] = "ada"
        let asked = PeopleHouse.asking(body, as: PeopleHouse.user("ada"))
        let fault = await fault { () async throws(OfficeFault) in try await house.offices.users.update(asked) }
        #expect(fault?.status == 403)
        #expect(try await house.document(.users, "ada") == before)
    }

    @Test func `a user changes his own name and e-mail`() async throws {
        try await house.makeUser("ada")
        _ = try await house.offices.users.update(
            PeopleHouse.asking(
                ["user_id": "ada", "user_alias": "Ada", "user_email": "A@x.io"], as: PeopleHouse.user("ada")))
        let ada = try #require(try await house.document(.users, "ada"))
        #expect(ada.string("user_alias") == "Ada")
        #expect(ada.string("user_email") == "a@x.io")
    }

    @Test(arguments: [Role.internalUserViewer, .proxyAdminViewer])
    func `who only looks changes nothing, not even himself`(role: Role) async throws {
        try await house.makeUser("ada")
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.update(
                PeopleHouse.asking(["user_id": "ada", "user_alias": "x"], as: PeopleHouse.user("ada", role)))
        }
        #expect(fault?.status == 403)
    }

    @Test func `the admin of an organization changes users whose home it is, and nobody above him`() async throws {
        try await house.makeOrganization("acme", admin: "olga")
        let olga = PeopleHouse.user("olga", .orgAdmin)
        try await house.makeUser("ada", ["organizations": ["acme"]])
        try await house.makeUser("guest")
        try await house.makeUser("boss", ["organizations": ["acme"], "user_role": "proxy_admin"])
        _ = try await house.offices.organizations.addMembers(
            PeopleHouse.asking(
                ["organization_id": "acme", "member": ["role": "internal_user", "user_id": "guest"]], as: olga))
        _ = try await house.offices.users.update(
            PeopleHouse.asking(["user_id": "ada", "tpm_limit": 5], as: olga))
        #expect(try await house.document(.users, "ada")?.int("tpm_limit") == 5)
        for id in ["guest", "boss", "nobody"] {
            let update = await fault { () async throws(OfficeFault) in
                try await house.offices.users.update(
                    PeopleHouse.asking(["user_id": .string(id), "user_email": "o@x.io"], as: olga))
            }
            #expect(update?.status == 403, "\(id)")
        }
        let delete = await fault { () async throws(OfficeFault) in
            try await house.offices.users.delete(PeopleHouse.asking(["user_ids": ["ada", "guest"]], as: olga))
        }
        #expect(delete?.status == 403)
        #expect(try await house.document(.users, "ada") != nil)
    }

    @Test func `a user sees himself and nobody else`() async throws {
        try await house.makeUser("ada")
        try await house.makeUser("bob")
        let own = try await house.offices.users.info(PeopleHouse.asking(as: PeopleHouse.user("ada")))
        #expect(own.object.string("user_id") == "ada")
        for id in ["bob", "nobody"] {
            let fault = await fault { () async throws(OfficeFault) in
                try await house.offices.users.info(
                    PeopleHouse.asking(query: ["user_id": id], as: PeopleHouse.user("ada")))
            }
            #expect(fault?.status == 403)
        }
        let unknown = await fault { () async throws(OfficeFault) in
            try await house.offices.users.info(PeopleHouse.asking(query: ["user_id": "nobody"]))
        }
        #expect(unknown?.status == 404)
    }

    @Test func `the master key has no record and is told what it has all the same`() async throws {
        let answer = try await house.offices.users.info(PeopleHouse.asking()).object
        #expect(answer.string("user_id") == "default_user_id")
        #expect(answer["user_info"] == .null)
    }

    // MARK: Changing and deleting

    @Test func `an update sets what it names and nulls take away`() async throws {
        try await house.makeUser("ada", ["max_budget": 5, "budget_duration": "1d", "metadata": ["a": 1]])
        _ = try await house.offices.users.update(
            PeopleHouse.asking([
                "user_id": "ada", "max_budget": nil, "budget_duration": nil, "model_rpm_limit": ["gpt-4": 3],
            ]))
        let ada = try #require(try await house.document(.users, "ada"))
        #expect(ada["max_budget"] == nil)
        #expect(ada["budget_reset_at"] == nil)
        #expect(ada["metadata"] == ["a": 1, "model_rpm_limit": ["gpt-4": 3]])
    }

    @Test func `an unknown user is not made by an update`() async throws {
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.update(PeopleHouse.asking(["user_id": "nobody", "max_budget": 1]))
        }
        #expect(fault?.status == 404)
        #expect(try await house.count(.users) == 0)
    }

    @Test func `keys, memberships and their budgets go with a user`() async throws {
        try await house.makeTeam("red")
        _ = try await house.offices.users.new(PeopleHouse.asking(["user_id": "ada"]))
        try await house.addMember("ada", to: "red", ["max_budget_in_team": 1])
        #expect(try await house.count(.budgets) == 1)
        let answer = try await house.offices.users.delete(PeopleHouse.asking(["user_ids": ["ada"]]))
        #expect(answer.value == 1)
        #expect(try await house.count(.keys) == 0)
        #expect(try await house.count(.budgets) == 0)
        #expect(try await house.member(.team, "red", "ada") == nil)
        #expect(try await house.audited().contains { $0.action == "deleted" && $0.objectID == "ada" })
    }

    @Test func `one unknown id deletes nobody`() async throws {
        try await house.makeUser("ada")
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.delete(PeopleHouse.asking(["user_ids": ["ada", "nobody"]]))
        }
        #expect(fault?.status == 404)
        #expect(try await house.document(.users, "ada") != nil)
    }

    @Test func `in bulk, who cannot be changed is told and the others are changed`() async throws {
        try await house.makeUser("ada")
        try await house.makeUser("bob", ["user_email": "bob@x.io"])
        let answer = try await house.offices.users.bulkUpdate(
            PeopleHouse.asking([
                "users": [
                    ["user_id": "ada", "tpm_limit": 1], ["user_id": "nobody", "tpm_limit": 1],
                    ["user_email": "BOB@x.io", "tpm_limit": 2],
                ]
            ])
        ).object
        #expect(answer.int("successful_updates") == 2)
        #expect(answer.int("failed_updates") == 1)
        #expect(try await house.document(.users, "bob")?.int("tpm_limit") == 2)
        let all = try await house.offices.users.bulkUpdate(
            PeopleHouse.asking(["all_users": true, "user_updates": ["rpm_limit": 9]])
        ).object
        #expect(all.int("successful_updates") == 2)
        #expect(try await house.document(.users, "ada")?.int("rpm_limit") == 9)
    }

    // MARK: Lists

    @Test func `users are listed page by page`() async throws {
        for number in 1...7 {
            try await house.makeUser("u\(number)", ["user_email": .string("u\(number)@x.io")])
            house.clock.advance(milliseconds: 1)
        }
        let answer = try await house.offices.users.list(
            PeopleHouse.asking(query: ["page": "2", "page_size": "3"])
        ).object
        #expect(answer["users"]?.array?.compactMap { $0.object?.string("user_id") } == ["u4", "u3", "u2"])
        #expect(answer.int("total") == 7)
        #expect(answer.int("total_pages") == 3)
        let one = try await house.offices.users.list(PeopleHouse.asking(query: ["user_email": "u5@"])).object
        #expect(one.int("total") == 1)
    }

    @Test(arguments: [("page", "0"), ("page_size", "0"), ("page_size", "101")])
    func `a page that cannot be is refused`(field: String, value: String) async throws {
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.users.list(PeopleHouse.asking(query: [field: value]))
        }
        #expect(fault?.status == 400)
    }

    @Test func `the admin of an organization lists its members, an internal user nobody`() async throws {
        try await house.makeOrganization("acme", admin: "olga")
        try await house.makeOrganization("other")
        try await house.makeUser("ada")
        let listed = try await house.offices.users.list(
            PeopleHouse.asking(as: PeopleHouse.user("olga", .orgAdmin))
        ).object
        #expect(listed["users"]?.array?.compactMap { $0.object?.string("user_id") } == ["olga"])
        let other = await fault { () async throws(OfficeFault) in
            try await house.offices.users.list(
                PeopleHouse.asking(query: ["organization_ids": "other"], as: PeopleHouse.user("olga", .orgAdmin)))
        }
        #expect(other?.status == 403)
        let nobody = await fault { () async throws(OfficeFault) in
            try await house.offices.users.list(PeopleHouse.asking(as: PeopleHouse.user("ada")))
        }
        #expect(nobody?.status == 403)
    }

    // MARK: Audit

    @Test func `every change is noted with who made it and what it was before`() async throws {
        try await house.makeUser("ada", ["tpm_limit": 1])
        house.clock.advance(milliseconds: 1)
        _ = try await house.offices.users.update(PeopleHouse.asking(["user_id": "ada", "tpm_limit": 2]))
        let entries = try await house.audited()
        #expect(entries.map(\.action) == ["created", "updated"])
        #expect(entries.last?.table == "LiteLLM_UserTable")
        #expect(entries.last?.changedBy == "default_user_id")
        #expect(entries.last?.address == "127.0.0.1")
        #expect(entries.last?.before?.int("tpm_limit") == 1)
        #expect(entries.last?.after?.int("tpm_limit") == 2)
    }
}
