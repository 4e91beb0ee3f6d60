import Testing
import WeirAccess
import WeirCore

struct BudgetFieldsTests {
    private static let now: Int64 = 1_700_000_000_000_000

    @Test(
        arguments: [
            ["budget_duration": "30d", "budget_limits": [["budget_duration": "1d", "max_budget": 5]]],
            ["model_max_budget": ["gpt-4": 5, "gpt-5": ["budget_limit": .number("0.5"), "time_period": "1d"]]],
            ["temp_budget_increase": 5, "temp_budget_expiry": .int(Self.now + 1)],
            ["budget_limits": nil, "model_max_budget": nil, "temp_budget_increase": nil],
        ] as [JSONObject])
    func `budgets that make sense are taken`(body: JSONObject) throws {
        try BudgetFields.check(body, at: Self.now)
    }

    @Test(
        arguments: [
            ("budget_duration", ["budget_duration": "1000000mo"]),
            ("budget_limits", ["budget_limits": ["1d"]]),
            ("budget_limits", ["budget_limits": [["budget_duration": "1d"]]]),
            ("budget_limits", ["budget_limits": [["budget_duration": "soon", "max_budget": 1]]]),
            ("budget_limits", ["budget_limits": [["budget_duration": "1d", "max_budget": -1]]]),
            ("model_max_budget", ["model_max_budget": ["gpt-4": "much"]]),
            ("model_max_budget", ["model_max_budget": ["gpt-4": ["time_period": "1d"]]]),
            ("model_max_budget", ["model_max_budget": ["gpt-4": ["budget_limit": 1, "time_period": 5]]]),
            ("model_max_budget", ["model_max_budget": ["gpt-4": ["budget_limit": 1, "time_period": "0d"]]]),
            ("temp_budget_increase", ["temp_budget_increase": 5]),
            ("temp_budget_increase", ["temp_budget_expiry": .int(Self.now + 1)]),
            ("temp_budget_expiry", ["temp_budget_increase": 5, "temp_budget_expiry": .int(Self.now)]),
        ] as [(String, JSONObject)])
    func `budgets that make none are refused by name`(field: String, body: JSONObject) {
        do throws(OfficeFault) {
            try BudgetFields.check(body, at: Self.now)
            Issue.record("taken")
        } catch {
            #expect(error.status == 422)
            #expect(error.param == field)
        }
    }
}
