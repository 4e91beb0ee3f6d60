import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct TagOfficeTests {
    let house = PeopleHouse()

    @Test func `a tag has models and a budget of its own, which goes with it`() async throws {
        let made = try await house.offices.tags.new(
            PeopleHouse.asking(["name": "free", "models": ["m1"], "max_budget": 1])
        ).object
        #expect(made.string("message") == "Tag free created successfully")
        _ = try await house.offices.tags.update(
            PeopleHouse.asking(["name": "free", "description": "Without pay", "max_budget": 2]))
        let shown = try await house.offices.tags.info(PeopleHouse.asking(["names": ["free", "nope"]])).object
        let free = try #require(shown.object("free"))
        #expect(free.string("description") == "Without pay")
        #expect(free.strings("models") == ["m1"])
        #expect(free.object("litellm_budget_table")?.money("max_budget") == Money("2"))
        _ = try await house.offices.tags.delete(PeopleHouse.asking(["name": "free"]))
        #expect(try await house.count(.tags) == 0)
        #expect(try await house.count(.budgets) == 0)
    }

    @Test func `what cannot be is told`() async throws {
        _ = try await house.offices.tags.new(PeopleHouse.asking(["name": "free"]))
        let offices = house.offices
        let faults = [
            await fault { () async throws(OfficeFault) in
                try await offices.tags.new(PeopleHouse.asking(["name": "free"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.tags.new(PeopleHouse.asking(["name": ""]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.tags.new(PeopleHouse.asking(["name": "x", "budget_id": "nope"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.tags.new(PeopleHouse.asking(["name": "x", "budget_id": "nope", "rpm_limit": 1]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.tags.update(PeopleHouse.asking(["name": "x"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.tags.delete(PeopleHouse.asking(["name": "x"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.tags.info(PeopleHouse.asking(["names": ["x"]]))
            },
        ]
        #expect(faults.map { $0?.status } == [409, 422, 404, 400, 404, 404, 404])
        #expect(try await house.count(.tags) == 1)
    }
}
