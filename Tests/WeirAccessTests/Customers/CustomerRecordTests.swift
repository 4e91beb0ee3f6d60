import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// What the records of the store make of a customer.
struct CustomerRecordTests {
    private func customer(
        _ document: JSONObject, budget: JSONObject? = nil, id: String = "ada", default standard: JSONObject? = nil
    ) async throws -> Principal {
        let room = CustomerRoom(defaultBudget: standard == nil ? nil : "standard")
        try await room.add(id, document)
        if let budget { try await room.add(KeyRoom.entity(.budgets, "b", budget)) }
        if let standard { try await room.add(KeyRoom.entity(.budgets, "standard", standard)) }
        return try #require(await room.customers.load(id))
    }

    private func grant(
        _ document: JSONObject, budget: JSONObject? = nil, default standard: JSONObject? = nil
    ) async throws -> Grant {
        try #require(try await customer(document, budget: budget, default: standard).grant)
    }

    @Test func `of whom nothing is set, nothing is asked`() async throws {
        let grant = try await grant([:])
        #expect(grant.blocked == nil && grant.models.isEmpty && grant.limits.isEmpty)
        #expect(grant.defaultModel == nil && grant.region == nil)
    }

    @Test func `a blocked customer is told in LiteLLM's words`() async throws {
        #expect(try await grant(["blocked": false]).blocked == nil)
        let blocked = try await grant(["blocked": true]).blocked
        #expect(blocked?.code == .customerBlocked)
        #expect(blocked?.message == "User blocked from making LLM API Calls. User=ada")
    }

    @Test func `his budget limits him in windows of his own`() async throws {
        let budget: JSONObject = ["rpm_limit": 3, "tpm_limit": 0, "max_parallel_requests": 2, "max_budget": "1"]
        let limits = try await grant(["budget_id": "b"], budget: budget).limits
        let digest = KeyDigest(of: Secret("ada")).hex
        #expect(
            limits == [
                LimitGrant(
                    id: "end_user:\(digest)", title: "end_user: ada", requestsPerMinute: 3, tokensPerMinute: 0,
                    parallel: 2)
            ])
        #expect(try await grant(["budget_id": "b"], budget: ["max_budget": "1"]).limits.isEmpty)
    }

    @Test func `one who has a budget is not limited by the default one, even where his says nothing`() async throws {
        let grant = try await grant(["budget_id": "b"], budget: ["rpm_limit": 3], default: ["tpm_limit": 9])
        #expect(grant.limits.map(\.requestsPerMinute) == [3] && grant.limits.map(\.tokensPerMinute) == [nil])
    }

    @Test func `a long name is shown in part`() async throws {
        let customer = try await customer(
            ["blocked": true, "budget_id": "b"], budget: ["rpm_limit": 1],
            id: String(
                repeating: "x", count: 1000))
        #expect(customer.grant?.limits.first?.title.count == 266)
        #expect((customer.grant?.blocked?.message.count ?? 0) < 400)
    }

    @Test func `region and default model are his`() async throws {
        let grant = try await grant(["allowed_model_region": "eu", "default_model": "mistral"])
        #expect(grant.region == "eu" && grant.defaultModel == "mistral")
        let empty = try await self.grant(["allowed_model_region": "", "default_model": ""])
        #expect(empty.region == nil && empty.defaultModel == nil)
    }

    // MARK: Models

    @Test(
        arguments: [
            (["models": ["a", "x/*", "beta"]], nil, ["a", "x/1", "g"]), (["models": []], nil, ["a", "x/1", "g", "c"]),
            (["models": ["all-proxy-models"]], nil, ["a", "x/1", "g", "c"]),
            (["budget_id": "b"], ["allowed_models": ["c"]], ["c"]),
            (["budget_id": "b", "models": ["a"]], ["allowed_models": ["c"]], ["a"]), (["models": 5], nil, []),
            (["budget_id": "b"], ["allowed_models": "c"], []),
        ] as [(JSONObject, JSONObject?, [String])])
    func `his list, or that of his budget, restricts the models`(
        document: JSONObject, budget: JSONObject?, allowed: [String]
    ) async throws {
        let customer = try await customer(document, budget: budget)
        var settings = AccessSettings()
        settings.accessGroups = ["g": ["beta"]]
        let access = Access(settings)
        let models = ["a", "x/1", "g", "c"].filter { model in
            do throws(GatewayFault) { try access.checkModel(model, of: customer) } catch { return false }
            return true
        }
        #expect(models == allowed)
    }

    @Test func `a model that he may not have is refused by name, whatever the release`() async throws {
        let customer = try await customer(["models": ["a"]])
        for compat in Compat.allCases {
            let access = Access(AccessSettings(compat: compat))
            do throws(GatewayFault) {
                try access.checkModel("gpt-4o", of: customer)
                Issue.record("it is not in his list")
            } catch {
                #expect(error.code == .customerModelForbidden && error.param == "model")
                #expect(
                    error.message
                        == "The requested model 'gpt-4o' is not in the allowed models for this customer. Check the models "
                        + "this customer can use and try again.")
            }
        }
    }

    @Test func `another name of a model that he may have is one of his`() async throws {
        var settings = AccessSettings()
        settings.modelAliases = ["fast": "a"]
        try Access(settings).checkModel("fast", of: try await customer(["models": ["a"]]))
    }
}
