import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// Which customers are kept, asked for and forgotten.
struct CustomersTests {
    @Test func `a customer is asked for once and then known`() async throws {
        let room = CustomerRoom()
        try await room.add("ada", ["alias": "Ada"])
        #expect(room.isUnseen("ada"))
        let customer = try #require(await room.customers.load("ada"))
        #expect(customer.kind == .customer && customer.role == .customer && customer.alias == "Ada")
        #expect(customer.grant?.endUserID == "ada")
        #expect(room.known("ada") === customer)
        #expect(await room.customers.load("ada") === customer)
        #expect(room.store.reads == 1)
    }

    @Test func `a name that the store does not have is remembered, and costs it nothing more`() async {
        let room = CustomerRoom()
        #expect(await room.customers.load("nobody") == nil)
        #expect(await room.customers.load("nobody") == nil)
        #expect(room.isUnknown("nobody"))
        #expect(room.store.reads == 1)
    }

    @Test func `names are kept within their bounds`() async throws {
        var bounds = Customers.bounds
        (bounds.keys, bounds.unknowns) = (3, 3)
        let room = CustomerRoom(bounds)
        for number in 0..<20 {
            try await room.add("c\(number)")
            _ = await room.customers.load("c\(number)")
            _ = await room.customers.load("nobody\(number)")
        }
        #expect(room.customers.count <= 3 && room.customers.unknownCount <= 3)
    }

    @Test func `all who ask for the same customer wait for one answer`() async throws {
        let room = CustomerRoom()
        try await room.add("ada")
        room.store.hold()
        await withTaskGroup(of: Principal?.self) { group in
            for _ in 0..<10 { group.addTask { await room.customers.load("ada") } }
            await room.store.asked(1)
            room.store.release()
            for await customer in group { #expect(customer?.grant?.endUserID == "ada") }
        }
        #expect(room.store.reads == 1)
    }

    @Test(arguments: ["", "\u{0}", "a\u{0}b", String(repeating: "x", count: 2000), "'; DROP TABLE", "💧"])
    func `a name may be any text`(id: String) async {
        let room = CustomerRoom()
        #expect(await room.customers.load(id) == nil)
        #expect(room.isUnknown(id))
    }

    // MARK: Whether anybody is asked for

    @Test func `without customers and a default budget nobody is asked for his name`() {
        let room = CustomerRoom()
        #expect(room.customers.areAsked, "nobody knows yet")
        room.customers.note(exist: false, after: 1)
        #expect(!room.customers.areAsked)
        room.customers.adopt(defaultBudget: "standard")
        #expect(room.customers.areAsked)
        room.customers.adopt(defaultBudget: nil)
        #expect(!room.customers.areAsked)
        room.customers.note(exist: true, after: 2)
        #expect(room.customers.areAsked)
        room.customers.note(exist: false, after: 1)
        #expect(room.customers.areAsked, "that was found before the first one was made")
        room.customers.note(exist: false, after: 3)
        #expect(!room.customers.areAsked)
    }

    @Test func `a house without a store asks for nobody`() async {
        let access = Access(AccessSettings())
        #expect(!access.asksForCustomers)
        #expect(await access.customerAsking("ada") == nil)
        if case .unknown = access.customer("ada", at: 0) {} else { Issue.record("there is nobody to ask") }
    }

    // MARK: Changes

    @Test func `a change of the customer, or of his budget, is seen`() async throws {
        let room = CustomerRoom()
        try await room.add("ada", ["budget_id": "b"])
        try await room.add(KeyRoom.entity(.budgets, "b", ["rpm_limit": 1]))
        for (kind, id) in [(EntityKind.customers, "ada"), (.budgets, "b")] {
            let customer = try #require(await room.customers.load("ada"))
            room.apply(kind, "other")
            #expect(room.known("ada") === customer)
            room.apply(kind, id)
            #expect(room.isUnseen("ada"))
        }
    }

    @Test(arguments: [EntityKind.keys, .users, .teams, .organizations, .tags])
    func `changes of others forget nobody`(kind: EntityKind) async throws {
        let room = CustomerRoom()
        try await room.add("ada")
        let customer = await room.customers.load("ada")
        room.apply(kind, "ada")
        #expect(room.known("ada") === customer)
    }

    @Test func `who was unknown and is made is known`() async throws {
        let room = CustomerRoom()
        _ = await room.customers.load("ada")
        try await room.add("ada")
        room.apply(.customers, "ada")
        #expect(await room.customers.load("ada") != nil)
    }

    @Test func `when changes may have been missed all are forgotten`() async throws {
        let room = CustomerRoom()
        try await room.add("ada")
        _ = await room.customers.load("ada")
        _ = await room.customers.load("nobody")
        room.customers.dropAll()
        #expect(room.isUnseen("ada") && room.isUnseen("nobody"))
    }

    // MARK: The default budget

    @Test func `the default budget holds for who is unknown, and for who has none`() async throws {
        let room = CustomerRoom(defaultBudget: "standard")
        try await room.add("ada")
        try await room.add("bob", ["budget_id": "own"])
        try await room.add("eve", ["budget_id": "gone"])
        try await room.add(
            KeyRoom.entity(.budgets, "standard", ["rpm_limit": 5]), KeyRoom.entity(.budgets, "own", ["rpm_limit": 7]))
        for (id, limit) in [("ada", 5), ("bob", 7), ("eve", 5), ("nobody", 5)] {
            let limits = try #require(await room.customers.load(id)?.grant?.limits)
            #expect(limits.map(\.requestsPerMinute) == [limit], "\(id)")
        }
        for id in ["ada", "eve", "nobody"] {
            let before = try #require(await room.customers.load(id))
            room.apply(.budgets, "standard")
            #expect(room.isUnseen(id) && !before.isCurrent)
        }
    }

    @Test func `a default budget that is made later holds for those who were unknown before`() async throws {
        let room = CustomerRoom(defaultBudget: "standard")
        #expect(await room.customers.load("nobody") == nil)
        try await room.add(KeyRoom.entity(.budgets, "standard", ["rpm_limit": 5]))
        room.apply(.budgets, "standard")
        #expect(await room.customers.load("nobody")?.grant?.limits.count == 1)
    }

    @Test func `another default budget holds for all from then on`() async throws {
        let room = CustomerRoom(defaultBudget: "a")
        try await room.add(
            KeyRoom.entity(.budgets, "a", ["rpm_limit": 1]), KeyRoom.entity(.budgets, "b", ["rpm_limit": 2]))
        _ = await room.customers.load("ada")
        room.customers.adopt(defaultBudget: "a")
        #expect(room.known("ada") != nil, "a reload that changes nothing forgets nobody")
        room.customers.adopt(defaultBudget: "b")
        #expect(await room.customers.load("ada")?.grant?.limits.first?.requestsPerMinute == 2)
        room.customers.adopt(defaultBudget: nil)
        #expect(await room.customers.load("ada") == nil)
    }

    // MARK: Without the store

    @Test func `while the store is away the known are known and the others pass`() async throws {
        let room = CustomerRoom()
        try await room.add("ada", ["blocked": true])
        try await room.add("bob", ["blocked": true])
        let ada = try #require(await room.customers.load("ada"))
        room.store.fail(with: .unavailable("gone"))
        #expect(room.known("ada") === ada)
        #expect(await room.customers.load("bob") == nil)
        #expect(!room.isUnknown("bob"), "that is not remembered")
        let reads = room.store.reads
        _ = await room.customers.load("bob")
        #expect(room.store.reads == reads, "the store is left alone for a while")
        room.store.fail(with: nil)
        room.clock.advance(milliseconds: 3000)
        #expect(await room.customers.load("bob")?.grant?.blocked?.code == .customerBlocked)
    }
}
