import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct OrganizationOfficeTests {
    let house = PeopleHouse()

    @Test func `an organization comes with a budget of its own, which changes and goes with it`() async throws {
        try await house.makeOrganization("acme", ["max_budget": 10])
        let budget = try #require(try await house.document(.organizations, "acme")?.string("budget_id"))
        #expect(try await house.document(.budgets, budget)?.money("max_budget") == Money("10"))
        let answer = try await house.offices.organizations.update(
            PeopleHouse.asking(["organization_id": "acme", "max_budget": 20])
        ).object
        #expect(answer.string("budget_id") == budget)
        #expect(answer.object("litellm_budget_table")?.money("max_budget") == Money("20"))
        _ = try await house.offices.organizations.delete(PeopleHouse.asking(["organization_ids": ["acme"]]))
        #expect(try await house.count(.budgets) == 0)
    }

    @Test func `a shared budget is neither changed nor deleted through one who shares it`() async throws {
        _ = try await house.offices.budgets.new(
            PeopleHouse.asking(["budget_id": "b", "max_budget": 5, "tpm_limit": 9]))
        for id in ["acme", "other"] { try await house.makeOrganization(id, ["budget_id": "b"]) }
        let answer = try await house.offices.organizations.update(
            PeopleHouse.asking(["max_budget": 6], path: ["organization_id": "acme"])
        ).object
        #expect(answer.string("budget_id") != "b")
        #expect(answer.object("litellm_budget_table")?.int("tpm_limit") == 9)
        #expect(try await house.document(.budgets, "b")?.money("max_budget") == Money("5"))
        _ = try await house.offices.organizations.delete(PeopleHouse.asking(["organization_ids": ["other"]]))
        #expect(try await house.document(.budgets, "b") != nil)
    }

    @Test func `what cannot be made is told`() async throws {
        try await house.makeOrganization("acme")
        let offices = house.offices
        let refused: [(JSONObject, Int)] = [
            (["organization_id": "acme", "organization_alias": "x"], 409),
            (["organization_alias": "x", "budget_id": "nope"], 404),
            (["organization_alias": "x", "budget_id": "nope", "max_budget": 1], 400),
        ]
        for (body, status) in refused {
            let fault = await fault { () async throws(OfficeFault) in
                try await offices.organizations.new(PeopleHouse.asking(body))
            }
            #expect(fault?.status == status)
        }
        #expect(try await house.count(.organizations) == 1)
        #expect(try await house.count(.budgets) == 1)
    }

    @Test func `one that has teams is not deleted, and the sentence says how many`() async throws {
        try await house.makeOrganization("acme")
        try await house.makeOrganization("empty")
        try await house.makeTeam("red", ["organization_id": "acme"])
        try await house.makeTeam("blue", ["organization_id": "acme"])
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.organizations.delete(PeopleHouse.asking(["organization_ids": ["empty", "acme"]]))
        }
        #expect(fault?.status == 400)
        #expect(fault?.message.contains("2 teams") == true)
        #expect(try await house.count(.organizations) == 2)
    }

    // MARK: Rights

    @Test func `members see their organization, others do not`() async throws {
        try await house.makeOrganization("acme", admin: "olga")
        try await house.makeOrganization("other")
        let olga = PeopleHouse.user("olga")
        let own = try await house.offices.organizations.info(
            PeopleHouse.asking(query: ["organization_id": "acme"], as: olga))
        #expect(own.object["members"]?.array?.count == 1)
        let listed = try await house.offices.organizations.list(PeopleHouse.asking(as: olga))
        #expect(listed.value.array?.compactMap { $0.object?.string("organization_id") } == ["acme"])
        for id in ["other", "nope"] {
            let fault = await fault { () async throws(OfficeFault) in
                try await house.offices.organizations.info(
                    PeopleHouse.asking(query: ["organization_id": id], as: olga))
            }
            #expect(fault?.status == 403)
        }
        let unknown = await fault { () async throws(OfficeFault) in
            try await house.offices.organizations.infos(PeopleHouse.asking(["organizations": ["acme", "nope"]]))
        }
        #expect(unknown?.status == 404)
    }

    @Test(arguments: [
        ["max_budget": 100] as JSONObject, ["models": []], ["tpm_limit": nil], ["budget_id": "b"],
        ["metadata": ["model_rpm_limit": [:]]], ["model_tpm_limit": nil],
    ])
    func `its own admin gives it no more than it has`(body: JSONObject) async throws {
        try await house.makeOrganization("acme", admin: "olga")
        let asked = PeopleHouse.asking(
            body.merging(["organization_id": "acme"]), as: PeopleHouse.user("olga", .orgAdmin))
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.organizations.update(asked)
        }
        #expect(fault?.status == 403)
    }

    @Test func `its own admin names it and manages its members, a member nothing`() async throws {
        try await house.makeOrganization("acme", admin: "olga")
        let olga = PeopleHouse.user("olga", .orgAdmin)
        _ = try await house.offices.organizations.update(
            PeopleHouse.asking(["organization_id": "acme", "organization_alias": "Acme"], as: olga))
        #expect(try await house.document(.organizations, "acme")?.string("organization_alias") == "Acme")
        _ = try await house.offices.organizations.addMembers(
            PeopleHouse.asking(
                [
                    "organization_id": "acme", "member": ["role": "internal_user", "user_id": "ada"],
                    "max_budget_in_organization": 3,
                ], as: olga))
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.organizations.updateMember(
                PeopleHouse.asking(
                    ["organization_id": "acme", "user_id": "ada", "role": "org_admin"], as: PeopleHouse.user("ada")))
        }
        #expect(fault?.status == 403)
        let changed = try await house.offices.organizations.updateMember(
            PeopleHouse.asking(["organization_id": "acme", "user_id": "ada", "role": "org_admin"], as: olga))
        #expect(changed.object.string("user_role") == "org_admin")
        #expect(changed.object.object("litellm_budget_table")?.money("max_budget") == Money("3"))
    }

    @Test func `a member of one of its teams stays`() async throws {
        try await house.makeOrganization("acme", admin: "olga")
        try await house.makeTeam("red", ["organization_id": "acme"])
        try await house.addMember("olga", to: "red")
        let asked = PeopleHouse.asking(["organization_id": "acme", "user_id": "olga"])
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.organizations.deleteMember(asked)
        }
        #expect(fault?.status == 400)
        _ = try await house.offices.teams.deleteMember(PeopleHouse.asking(["team_id": "red", "user_id": "olga"]))
        _ = try await house.offices.organizations.deleteMember(asked)
        #expect(try await house.member(.organization, "acme", "olga") == nil)
    }
}
