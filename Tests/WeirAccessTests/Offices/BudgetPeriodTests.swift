import Testing
import WeirAccess
import WeirCore

struct BudgetPeriodTests {
    private func moment(_ text: String) throws -> Int64 { try #require(MomentText.microseconds(text)) }

    @Test(arguments: [
        ("1d", "2026-11-22T00:00:00Z"),
        ("3d", "2026-11-24T00:00:00Z"),
        ("7d", "2026-11-23T00:00:00Z"),
        ("1w", "2026-11-23T00:00:00Z"),
        ("2w", "2026-12-05T00:00:00Z"),
        ("30d", "2026-12-01T00:00:00Z"),
        ("1mo", "2026-12-01T00:00:00Z"),
        ("3mo", "2027-02-01T00:00:00Z"),
        ("1h", "2026-11-21T04:00:00Z"),
        ("5h", "2026-11-21T05:00:00Z"),
        ("24h", "2026-11-22T00:00:00Z"),
        ("36h", "2026-11-22T12:00:00Z"),
        ("15m", "2026-11-21T03:45:00Z"),
        ("90m", "2026-11-21T04:30:00Z"),
        ("30s", "2026-11-21T03:33:00Z"),
        ("7 days", "2026-11-22T00:00:00Z"),
    ])
    func `a period ends where the calendar does`(text: String, end: String) throws {
        let now = try moment("2026-11-21T03:32:38.570204Z")
        for compat in Compat.allCases {
            #expect(BudgetPeriod.end(text, after: now, of: .keys, compat) == (try moment(end)), "\(compat)")
        }
    }

    @Test(arguments: [
        ("1d", "2026-11-24T00:00:00Z"), ("7d", "2026-11-30T00:00:00Z"), ("1h", "2026-11-23T01:00:00Z"),
    ])
    func `a period that begins where the calendar does is a whole one`(text: String, end: String) throws {
        let monday = try moment("2026-11-23")
        #expect(BudgetPeriod.end(text, after: monday, of: .teams, .v1_109) == (try moment(end)))
    }

    @Test func `a budget of its own runs from its making in 1.83`() throws {
        let now = try moment("2026-11-21T03:32:38.5Z")
        #expect(BudgetPeriod.end("1d", after: now, of: .budgets, .v1_83) == (try moment("2026-11-22T03:32:38.5Z")))
        #expect(BudgetPeriod.end("1d", after: now, of: .budgets, .v1_109) == (try moment("2026-11-22")))
    }

    @Test func `a document without a period has no end of one`() throws {
        var document: JSONObject = ["budget_duration": "1d"]
        let now = try moment("2026-11-21T03:32:38Z")
        BudgetPeriod.begin(&document, at: now, of: .keys, .v1_109)
        #expect(document.int("budget_reset_at").map(Int64.init) == (try moment("2026-11-22")))
        document["budget_duration"] = nil
        BudgetPeriod.begin(&document, at: now, of: .keys, .v1_109)
        #expect(document["budget_reset_at"] == nil)
    }
}
