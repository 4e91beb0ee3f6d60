import Testing
import WeirAccess
import WeirCore
import WeirTestKit

struct CustomerOfficeTests {
    let house = PeopleHouse()

    @Test func `a customer's limits are a budget of his own`() async throws {
        _ = try await house.offices.customers.new(
            PeopleHouse.asking(["user_id": "c", "max_budget": 1, "spend": .number("0.5")]))
        let budget = try #require(try await house.document(.customers, "c")?.string("budget_id"))
        #expect(try await house.spent(.customers, "c") == Money("0.5"))
        _ = try await house.offices.customers.update(PeopleHouse.asking(["user_id": "c", "max_budget": 2]))
        #expect(try await house.document(.budgets, budget)?.money("max_budget") == Money("2"))
        _ = try await house.offices.customers.delete(PeopleHouse.asking(["user_ids": ["c"]]))
        #expect(try await house.count(.budgets) == 0)
    }

    @Test func `a budget of his own goes when he gets a shared one`() async throws {
        _ = try await house.offices.budgets.new(PeopleHouse.asking(["budget_id": "b", "max_budget": 9]))
        _ = try await house.offices.customers.new(PeopleHouse.asking(["user_id": "c", "max_budget": 1]))
        let answer = try await house.offices.customers.update(PeopleHouse.asking(["user_id": "c", "budget_id": "b"]))
        #expect(answer.object.object("litellm_budget_table")?.money("max_budget") == Money("9"))
        #expect(try await house.count(.budgets) == 1)
        _ = try await house.offices.customers.update(PeopleHouse.asking(["user_id": "c", "max_budget": 3]))
        #expect(try await house.document(.budgets, "b")?.money("max_budget") == Money("9"))
        #expect(try await house.count(.budgets) == 2)
    }

    @Test func `what cannot be is told, and changes nothing`() async throws {
        _ = try await house.offices.customers.new(PeopleHouse.asking(["user_id": "c"]))
        let offices = house.offices
        let taken = await fault { () async throws(OfficeFault) in
            try await offices.customers.new(PeopleHouse.asking(["user_id": "c", "max_budget": 1]))
        }
        #expect(taken?.status == 400)
        #expect(taken?.message == "Customer already exists, passed user_id=c. Please pass a new user_id.")
        let refused = [
            await fault { () async throws(OfficeFault) in
                try await offices.customers.new(PeopleHouse.asking(["user_id": "d", "budget_id": "nope"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.customers.info(PeopleHouse.asking(query: ["end_user_id": "d"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.customers.update(PeopleHouse.asking(["user_id": "d", "alias": "x"]))
            },
            await fault { () async throws(OfficeFault) in
                try await offices.customers.delete(PeopleHouse.asking(["user_ids": ["c", "d"]]))
            },
        ]
        #expect(refused.map { $0?.status } == [404, 404, 404, 404])
        #expect(try await house.count(.customers) == 1)
        #expect(try await house.count(.budgets) == 0)
    }

    @Test func `blocking makes those who are unknown`() async throws {
        _ = try await house.offices.customers.new(PeopleHouse.asking(["user_id": "c", "alias": "Cy"]))
        let answer = try await house.offices.customers.block(PeopleHouse.asking(["user_ids": ["c", "d"]])).object
        #expect(answer["blocked_users"]?.array?.count == 2)
        #expect(try await house.document(.customers, "c") == ["alias": "Cy", "blocked": true])
        #expect(try await house.document(.customers, "d")?.bool("blocked") == true)
        _ = try await house.offices.customers.unblock(PeopleHouse.asking(["user_ids": ["c"]]))
        #expect(try await house.document(.customers, "c")?.bool("blocked") == false)
    }

    @Test func `customers are listed page by page`() async throws {
        for number in 1...5 {
            _ = try await house.offices.customers.new(
                PeopleHouse.asking(["user_id": .string("c\(number)"), "max_budget": .int(number)]))
            house.clock.advance(milliseconds: 1)
        }
        let page = try await house.offices.customers.list(PeopleHouse.asking(query: ["page": "2", "page_size": "2"]))
        #expect(page.value.array?.compactMap { $0.object?.string("user_id") } == ["c3", "c2"])
        let budgets = page.value.array?.compactMap { $0.object?.object("litellm_budget_table")?.money("max_budget") }
        #expect(budgets == [Money("3"), Money("2")].compactMap(\.self))
    }
}
