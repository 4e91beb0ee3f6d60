import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct TeamMembersTests {
    let house = PeopleHouse()

    @Test func `an unknown member becomes a user, found by his e-mail ever after`() async throws {
        try await house.makeTeam("red")
        try await house.makeTeam("blue")
        for team in ["red", "blue"] {
            _ = try await house.offices.teams.addMembers(
                PeopleHouse.asking([
                    "team_id": .string(team), "member": [["role": "user", "user_email": "Ada@x.io"]],
                ]))
        }
        #expect(try await house.count(.users) == 1)
        let ada = try #require(try await house.store.read { try $0.page(.users, EntityQuery()).entities.first })
        #expect(ada.document.string("user_role") == "internal_user")
        #expect(try await house.member(.team, "blue", ada.id) != nil)
    }

    @Test func `one who is a member already keeps the others out as well`() async throws {
        try await house.makeTeam("red")
        try await house.addMember("ada", to: "red")
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.addMembers(
                PeopleHouse.asking([
                    "team_id": "red",
                    "member": [["role": "user", "user_id": "bob"], ["role": "user", "user_id": "ada"]],
                ]))
        }
        #expect(fault?.status == 400)
        #expect(fault?.type == "team_member_already_in_team")
        #expect(try await house.member(.team, "red", "bob") == nil)
        #expect(try await house.document(.users, "bob") == nil)
    }

    @Test func `a member's budget is a row of its own, changed in place and gone with him`() async throws {
        try await house.makeTeam("red")
        try await house.addMember("ada", to: "red", ["max_budget_in_team": 1, "rpm_limit": 4])
        let budget = try #require(try await house.member(.team, "red", "ada")?.document.string("budget_id"))
        #expect(try await house.document(.budgets, budget)?.money("max_budget") == Money("1"))
        _ = try await house.offices.teams.updateMember(
            PeopleHouse.asking(["team_id": "red", "user_id": "ada", "max_budget_in_team": 2, "role": "admin"]))
        let member = try #require(try await house.member(.team, "red", "ada"))
        #expect(member.role == "admin")
        #expect(member.document.string("budget_id") == budget)
        #expect(member.document.int("rpm_limit") == 4)
        #expect(try await house.document(.budgets, budget)?.money("max_budget") == Money("2"))
        let inUse = await fault { () async throws(OfficeFault) in
            try await house.offices.budgets.delete(PeopleHouse.asking(["id": .string(budget)]))
        }
        #expect(inUse?.message.contains("member ada of team red") == true)
        _ = try await house.offices.teams.deleteMember(PeopleHouse.asking(["team_id": "red", "user_id": "ada"]))
        #expect(try await house.document(.budgets, budget) == nil)
    }

    @Test func `what a member has spent is set by those who manage the team, and never raised`() async throws {
        try await house.makeTeam("red")
        try await house.addMember("ada", to: "red", ["max_budget_in_team": 5])
        try await house.addMember("boss", to: "red", role: "admin")
        try await house.store.write { session in
            var ada = try #require(try session.membership(.team, "red", user: "ada"))
            ada.spend = Money(attodollars: 4 * Money.scale)
            try session.put(ada)
        }
        let teams = house.offices.teams
        func asked(_ user: String, to target: JSONValue, as requester: Requester) -> OfficeRequest {
            PeopleHouse.asking(["reset_to": target], path: ["team_id": "red", "user_id": user], as: requester)
        }
        for (user, target, requester, status) in [
            ("ada", 5, PeopleHouse.master, 400), ("nobody", 0, PeopleHouse.master, 404),
            ("ada", 0, PeopleHouse.user("ada"), 403), ("ada", 0, PeopleHouse.user("stranger"), 403),
            ("ada", 0, PeopleHouse.user("boss", .internalUserViewer), 403),
        ] as [(String, JSONValue, Requester, Int)] {
            let fault = await fault { () async throws(OfficeFault) in
                try await teams.resetMemberSpend(asked(user, to: target, as: requester))
            }
            #expect(fault?.status == status, "\(user) \(target)")
        }
        #expect(try await house.member(.team, "red", "ada")?.spend == Money("4"))
        let answer = try await teams.resetMemberSpend(asked("ada", to: 1, as: PeopleHouse.user("boss"))).object
        #expect(answer.money("spend") == Money("1") && answer.money("previous_spend") == Money("4"))
        #expect(answer.money("max_budget") == Money("5"))
        #expect(
            try await house.audited().contains { $0.after?.object("member")?.money("spend") == Money("1") })
        _ = try await teams.resetMemberBudget(asked("ada", to: nil, as: PeopleHouse.master))
        #expect(try await house.member(.team, "red", "ada")?.spend == .zero)
    }

    @Test func `permissions are added to many teams, or to none`() async throws {
        try await house.makeTeam("red")
        try await house.makeTeam("blue", ["team_member_permissions": ["/key/list"]])
        let teams = house.offices.teams
        for (body, status) in [
            (["permissions": ["/key/generate"], "team_ids": ["red", "nope"]], 404),
            (["permissions": ["/key/generate"]], 400), (["permissions": ["/team/new"], "team_ids": ["red"]], 422),
            (["permissions": ["/key/list"], "team_ids": ["red"], "apply_to_all_teams": true], 400),
        ] as [(JSONObject, Int)] {
            let fault = await fault { () async throws(OfficeFault) in
                try await teams.addPermissions(PeopleHouse.asking(body))
            }
            #expect(fault?.status == status, "\(body)")
        }
        #expect(try await house.document(.teams, "red")?["team_member_permissions"] == nil)
        let answer = try await teams.addPermissions(
            PeopleHouse.asking(["permissions": ["/key/generate", "/key/list"], "apply_to_all_teams": true])
        ).object
        #expect(answer.int("teams_updated") == 2)
        #expect(
            try await house.document(.teams, "red")?.strings("team_member_permissions")
                == ["/key/info", "/key/health", "/key/generate", "/key/list"])
        #expect(
            try await house.document(.teams, "blue")?.strings("team_member_permissions")
                == ["/key/list", "/key/generate"])
    }

    @Test func `members share the team's budget for members until one gets his own`() async throws {
        try await house.makeTeam("red", ["team_member_budget": 3, "team_member_budget_duration": "30d"])
        try await house.addMember("ada", to: "red")
        try await house.addMember("bob", to: "red")
        let shared = try #require(try await house.member(.team, "red", "ada")?.document.string("budget_id"))
        #expect(try await house.member(.team, "red", "bob")?.document.string("budget_id") == shared)
        _ = try await house.offices.teams.updateMember(
            PeopleHouse.asking(["team_id": "red", "user_id": "ada", "max_budget_in_team": 5]))
        let own = try #require(try await house.member(.team, "red", "ada")?.document.string("budget_id"))
        #expect(own != shared)
        #expect(try await house.document(.budgets, own)?.string("budget_duration") == "30d")
        #expect(try await house.document(.budgets, shared)?.money("max_budget") == Money("3"))
        _ = try await house.offices.teams.deleteMember(PeopleHouse.asking(["team_id": "red", "user_id": "bob"]))
        #expect(try await house.document(.budgets, shared) != nil)
    }

    @Test func `nobody names the team's budget for members through its metadata`() async throws {
        try await house.makeTeam("red", ["team_member_budget": 3])
        let before = try await house.document(.teams, "red")?.object("metadata")?.string("team_member_budget_id")
        _ = try await house.offices.teams.update(
            PeopleHouse.asking(["team_id": "red", "metadata": ["team_member_budget_id": "mine"]]))
        let after = try await house.document(.teams, "red")?.object("metadata")?.string("team_member_budget_id")
        #expect(before != nil)
        #expect(after == before)
    }

    @Test func `a member's keys of the team go with him, and no others`() async throws {
        try await house.makeTeam("red")
        try await house.addMember("ada", to: "red")
        try await house.putKey("k1", ["team_id": "red", "user_id": "ada"])
        try await house.putKey("k2", ["team_id": "red", "user_id": "bob"])
        try await house.putKey("k3", ["user_id": "ada"])
        _ = try await house.offices.teams.deleteMember(PeopleHouse.asking(["team_id": "red", "user_id": "ada"]))
        #expect(try await house.document(.keys, "k1") == nil)
        #expect(try await house.document(.keys, "k2") != nil)
        #expect(try await house.document(.keys, "k3") != nil)
    }

    @Test func `a member may call no model that the team may not`() async throws {
        try await house.makeTeam("red", ["models": ["gpt-4"]])
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.addMembers(
                PeopleHouse.asking([
                    "team_id": "red", "member": ["role": "user", "user_id": "ada"], "allowed_models": ["claude"],
                ]))
        }
        #expect(fault?.status == 400)
        #expect(try await house.document(.users, "ada") == nil)
    }

    @Test(arguments: [["user_id": "eve"] as JSONObject, ["user_email": "eve@x.io"]])
    func `who is no member is not found`(who: JSONObject) async throws {
        try await house.makeTeam("red")
        try await house.makeUser("eve", ["user_email": "eve@x.io"])
        let asked = PeopleHouse.asking(who.merging(["team_id": "red"]))
        let update = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.updateMember(asked)
        }
        let delete = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.deleteMember(asked)
        }
        #expect([update?.status, delete?.status] == [404, 404])
    }

    @Test func `in bulk, who is a member already is told and the others are added`() async throws {
        try await house.makeTeam("red")
        try await house.addMember("ada", to: "red")
        let answer = try await house.offices.teams.addMembersInBulk(
            PeopleHouse.asking([
                "team_id": "red",
                "members": [["role": "user", "user_id": "ada"], ["role": "admin", "user_id": "bob"]],
            ])
        ).object
        #expect(answer.int("successful_additions") == 1)
        #expect(answer.int("failed_additions") == 1)
        #expect(try await house.member(.team, "red", "bob")?.role == "admin")
        try await house.makeUser("eve")
        let all = try await house.offices.teams.addMembersInBulk(
            PeopleHouse.asking(["team_id": "red", "all_users": true])
        ).object
        #expect(all.int("successful_additions") == 1)
        #expect(try await house.member(.team, "red", "eve")?.role == "user")
    }

    @Test func `a member asks what he is in a team`() async throws {
        try await house.makeTeam("red")
        try await house.addMember("ada", to: "red", ["max_budget_in_team": 1])
        let answer = try await house.offices.teams.me(
            PeopleHouse.asking(path: ["team_id": "red"], as: PeopleHouse.user("ada"))
        ).object
        #expect(answer.string("role") == "user")
        #expect(answer.money("max_budget_in_team") == Money("1"))
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.teams.me(
                PeopleHouse.asking(path: ["team_id": "red"], as: PeopleHouse.user("bob")))
        }
        #expect(fault?.status == 404)
    }
}
