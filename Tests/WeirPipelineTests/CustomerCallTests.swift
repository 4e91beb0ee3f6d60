import NIOCore
import Testing
import WeirAccess
import WeirCore
import WeirPipeline
import WeirTestKit

/// Calls for customers: what is set for them is asked before anything is sent.
struct CustomerCallTests {
    /// Everybody in `documents` is known already, so that nothing is waited for.
    private static func known(
        _ documents: [String: JSONObject], budgets: [String: JSONObject] = [:]
    ) async throws -> Customers {
        let store = MemoryStore()
        try await store.write { session in
            for (kind, records) in [(EntityKind.customers, documents), (.budgets, budgets)] {
                for (id, document) in records {
                    try session.insert(
                        Entity(
                            kind: kind, id: id, document: document, createdAt: 0, updatedAt: 0, createdBy: "",
                            updatedBy: ""))
                }
            }
        }
        let customers = Customers(store: store, time: TestClock().source)
        for id in documents.keys { _ = await customers.load(id) }
        return customers
    }

    private func hall(_ customers: Customers, regions: [String?] = [nil, nil]) throws -> Hall {
        let deployments = try zip(["gpt", "mistral"], regions).enumerated().map { index, entry in
            var traits = DeploymentTraits()
            traits.region = entry.1
            return try Hall.openai(index, group: entry.0, model: "m-\(entry.0)", traits: traits)
        }
        return Hall(try Hall.snapshot(deployments, customers: customers))
    }

    private func model(of hall: Hall) -> String? {
        hall.upstream.requests.last.map { request in
            (request.message.text + request.rest.map(\.text).joined()).contains("m-mistral") ? "mistral" : "gpt"
        }
    }

    @Test func `a call for a customer of whom nothing is set goes as any other, and is told of`() async throws {
        let hall = try hall(try await Self.known(["ada": [:]]))
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat, customer: "ada").status == 200)
        #expect(try hall.onlyEvent().endUser == "ada")
    }

    @Test func `a blocked customer is refused, whoever calls for him, and nothing is sent`() async throws {
        let hall = try hall(try await Self.known(["ada": ["blocked": true]]))
        #expect(try hall.walk(Script.chat, customer: "ada").fault?.code == .customerBlocked)
        #expect(hall.upstream.requests.isEmpty)
        let event = try hall.onlyEvent()
        #expect(event.fault == .customerBlocked && event.endUser == "ada")
    }

    @Test func `his models restrict the master key too, and the fallbacks that a request names`() async throws {
        let hall = try hall(try await Self.known(["ada": ["models": ["mistral"]]]))
        #expect(try hall.walk(Script.chat, customer: "ada").fault?.code == .customerModelForbidden)
        #expect(hall.upstream.requests.isEmpty)
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(#"{"model":"mistral","messages":[]}"#, customer: "ada").status == 200)
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat).status == 200, "others may")
    }

    @Test func `his limits hold, and what he holds goes back`() async throws {
        let customers = try await Self.known(
            ["ada": ["budget_id": "b"], "bob": ["budget_id": "b"]],
            budgets: ["b": ["rpm_limit": 2, "max_parallel_requests": 1]])
        let hall = try hall(customers)
        for _ in 0..<2 {
            hall.upstream.answer(.json(Script.reply))
            #expect(try hall.walk(Script.chat, customer: "ada").status == 200)
        }
        let fault = try #require(try hall.walk(Script.chat, customer: "ada").fault)
        #expect(fault.code == .rateLimited && fault.retryAfter != nil)
        #expect(fault.message.hasPrefix("Rate limit exceeded for end_user: ada. Limit type: requests."))
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat, customer: "bob").status == 200, "who shares the budget has his own")
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat).status == 200)
    }

    // MARK: His model

    @Test(arguments: [#"{"messages":[]}"#, #"{"model":"","messages":[]}"#])
    func `a call that names no model is for his own`(body: String) async throws {
        let hall = try hall(try await Self.known(["ada": ["default_model": "mistral"]]))
        hall.upstream.answer(.json(Script.reply))
        let heard = try hall.walk(body, customer: "ada")
        #expect(heard.status == 200)
        #expect(model(of: hall) == "mistral")
        #expect(heard.text.contains(#""model":"mistral""#), "and the reply names it")
    }

    @Test func `a call that names none and has none is told so`() async throws {
        let hall = try hall(try await Self.known(["ada": [:]]))
        #expect(try hall.walk(#"{"messages":[]}"#, customer: "ada").fault?.code == .modelMissing)
        #expect(try hall.walk(#"{"messages":[]}"#).fault?.code == .modelMissing)
    }

    @Test func `a model of his that is closed to him is closed`() async throws {
        let hall = try hall(try await Self.known(["ada": ["default_model": "mistral", "models": ["gpt"]]]))
        #expect(try hall.walk(#"{"messages":[]}"#, customer: "ada").fault?.code == .customerModelForbidden)
        let gone = try self.hall(try await Self.known(["ada": ["default_model": "gone"]]))
        #expect(try gone.walk(#"{"messages":[]}"#, customer: "ada").fault?.code == .modelUnknown)
    }

    // MARK: His region

    @Test(
        arguments: [
            (["eu-west-1", "us-east-1"], nil, "gpt"), (["us-east-1", "eu-west-1"], "mistral", "mistral"),
            (["eu-west-1", "eu-west-1"], "mistral", "gpt"), (["us-east-1", nil], nil, nil),
            ([nil, nil], "mistral", nil),
        ] as [([String?], String?, String?)])
    func `only his region serves, by his own model where the wanted one is not in it`(
        regions: [String?], own: String?, served: String?
    ) async throws {
        var document: JSONObject = ["allowed_model_region": "eu"]
        document["default_model"] = own.map { .string($0) }
        let hall = try hall(try await Self.known(["ada": document]), regions: regions)
        if served != nil { hall.upstream.answer(.json(Script.reply)) }
        let heard = try hall.walk(Script.chat, customer: "ada")
        #expect(model(of: hall) == served)
        #expect((heard.fault == nil) == (served != nil))
        if served == nil { #expect(heard.fault?.code == .invalidParameter) }
    }
}
