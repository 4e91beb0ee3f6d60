import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct BudgetOfficeTests {
    let house = PeopleHouse()

    @Test func `a budget is made, changed and listed`() async throws {
        _ = try await house.offices.budgets.new(PeopleHouse.asking(["budget_id": "b", "max_budget": 5]))
        let changed = try await house.offices.budgets.update(
            PeopleHouse.asking(["budget_id": "b", "max_budget": nil, "rpm_limit": 3])
        ).object
        #expect(changed["max_budget"] == .null)
        #expect(changed.int("rpm_limit") == 3)
        let listed = try await house.offices.budgets.list(PeopleHouse.asking())
        #expect(listed.value.array?.count == 1)
        let shown = try await house.offices.budgets.info(PeopleHouse.asking(["budgets": ["nope", "b", "b"]]))
        #expect(shown.value.array?.count == 1)
        let settings = try await house.offices.budgets.settings(PeopleHouse.asking(query: ["budget_id": "b"]))
        let rpm = settings.value.array?.compactMap(\.object).first { $0.string("field_name") == "rpm_limit" }
        #expect(rpm?.int("field_value") == 3)
    }

    @Test func `an id that is taken is a conflict, an unknown one is not found`() async throws {
        _ = try await house.offices.budgets.new(PeopleHouse.asking(["budget_id": "b"]))
        let offices = house.offices
        let taken = await fault { () async throws(OfficeFault) in
            try await offices.budgets.new(PeopleHouse.asking(["budget_id": "b"]))
        }
        #expect(taken?.status == 409)
        let unknown = [
            await fault { () async throws(OfficeFault) in
                try await offices.budgets.update(PeopleHouse.asking(["budget_id": "x"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.budgets.delete(PeopleHouse.asking(["id": "x"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.budgets.settings(PeopleHouse.asking(query: ["budget_id": "x"]))
            },
        ]
        #expect(unknown.map { $0?.status } == [404, 404, 404])
    }

    @Test func `a budget in use is not deleted, and the sentence says where it is`() async throws {
        _ = try await house.offices.budgets.new(PeopleHouse.asking(["budget_id": "b"]))
        try await house.makeOrganization("acme", ["budget_id": "b"])
        try await house.putKey("k1", ["budget_id": "b"])
        try await house.putKey("k2", ["budget_id": "b"])
        _ = try await house.offices.tags.new(PeopleHouse.asking(["name": "t", "budget_id": "b"]))
        let fault = await fault { () async throws(OfficeFault) in
            try await house.offices.budgets.delete(PeopleHouse.asking(["id": "b"]))
        }
        #expect(fault?.status == 400)
        #expect(fault?.message.contains("2 keys, 1 organization, 1 tag") == true)
        #expect(try await house.document(.budgets, "b") != nil)
    }

    @Test func `whose a budget is is never shown`() async throws {
        try await house.makeTeam("red", ["team_member_budget": 1])
        let listed = try await house.offices.budgets.list(PeopleHouse.asking())
        #expect(listed.value.array?.first?.object?["held_by"] == nil)
        #expect(listed.value.array?.count == 1)
    }
}
