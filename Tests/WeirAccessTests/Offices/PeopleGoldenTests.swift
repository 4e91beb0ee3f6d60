import NIOCore
import Testing
import WeirAccess
import WeirCore
import WeirTestKit
import WeirWire

/// Our answers beside those of LiteLLM 1.109.1: the same members in the same order, with the same values but for ids,
/// keys and moments, which differ from run to run.
struct PeopleGoldenTests {
    @Test func `user new and user info`() async throws {
        let house = PeopleHouse(.v1_109)
        let body: JSONObject = [
            "user_id": "golden-u-1795231967", "user_email": "golden-u-1795231967@x.io", "max_budget": .money(five),
            "models": ["gpt-4"], "user_role": "internal_user",
        ]
        let made = try await house.offices.users.new(PeopleHouse.asking(body))
        try expect(made, RecordedPeople.newUser)
        let shown = try await house.offices.users.info(
            PeopleHouse.asking(query: ["user_id": "golden-u-1795231967"]))
        // Who made a key is told, where LiteLLM has not kept it.
        try expect(shown, RecordedPeople.userInfo, besides: ["created_by", "updated_by"])
    }

    @Test func `team new, team info and its members`() async throws {
        let house = PeopleHouse(.v1_109)
        let body: JSONObject = [
            "team_alias": "golden-team", "models": ["gpt-4"], "max_budget": .money(dollars(50)), "tpm_limit": 1000,
            "members_with_roles": [["role": "user", "user_id": "golden-admin"]],
        ]
        let made = try await house.offices.teams.new(PeopleHouse.asking(body))
        try expect(made, RecordedPeople.newTeam)
        let team = try #require(made.object.string("team_id"))
        try expect(
            try await house.offices.teams.info(PeopleHouse.asking(query: ["team_id": team])),
            RecordedPeople.teamInfo)
        _ = try await house.offices.teams.update(
            PeopleHouse.asking(["team_id": .string(team), "max_budget": .money(dollars(60))]))
        try expect(
            try await house.offices.teams.addMembers(
                PeopleHouse.asking([
                    "team_id": .string(team), "member": ["role": "user", "user_id": "golden-member"],
                    "max_budget_in_team": .money(dollars(1)),
                ])), RecordedPeople.memberAdd)
        try expect(
            try await house.offices.teams.updateMember(
                PeopleHouse.asking([
                    "team_id": .string(team), "user_id": "golden-member", "max_budget_in_team": .money(dollars(2)),
                ])), RecordedPeople.memberUpdate)
    }

    @Test func `customer new and budget new`() async throws {
        let house = PeopleHouse(.v1_109)
        try expect(
            try await house.offices.customers.new(
                PeopleHouse.asking(["user_id": "golden-cust-1795231968", "max_budget": .money(dollars(1))])),
            RecordedPeople.newCustomer)
        let budget = try await house.offices.budgets.new(
            PeopleHouse.asking([
                "budget_id": "golden-b-1795231968", "max_budget": .money(five), "budget_duration": "1d",
            ]))
        try expect(budget, RecordedPeople.newBudget)
        #expect(budget.object.string("budget_reset_at") == "2026-11-22T00:00:00Z")
    }

    @Test func `at 1_83 what is not set stands as null`() async throws {
        let house = PeopleHouse(.v1_83)
        let made = try await house.offices.users.new(PeopleHouse.asking(["user_id": "a"]))
        #expect(made.object["user_alias"] == .null)
        #expect(made.object["team_id"] == .null)
        let later = PeopleHouse(.v1_109)
        let other = try await later.offices.users.new(PeopleHouse.asking(["user_id": "a"]))
        #expect(other.object["user_alias"] == nil)
    }

    // MARK: Comparing

    private let five = Money(attodollars: Money.scale * 5)
    private func dollars(_ count: Int) -> Money { Money(attodollars: Money.scale * Int128(count)) }

    private static let changing: Set<String> = [
        "created_at", "updated_at", "key", "key_name", "token", "team_id", "budget_id", "budget_reset_at",
    ]

    private func expect(
        _ answer: OfficeAnswer, _ recorded: String, besides extra: Set<String> = [],
        location: SourceLocation = #_sourceLocation
    ) throws {
        let expected = try JSONObject(reading: Bytes(string: recorded))
        compare(.object(answer.object), .object(expected), "answer", extra, location)
    }

    private func ordered(_ members: [JSONValue]) -> [JSONValue] {
        members.sorted { $0.object?.string("user_id") ?? "" < $1.object?.string("user_id") ?? "" }
    }

    private func compare(
        _ ours: JSONValue, _ theirs: JSONValue, _ path: String, _ extra: Set<String>, _ location: SourceLocation
    ) {
        switch (ours, theirs) {
        case (.object(let ours), .object(let theirs)):
            let names = ours.names.filter { !extra.contains($0) || theirs[$0] != nil }
            #expect(names == theirs.names, "\(path)", sourceLocation: location)
            for member in theirs.members where !Self.changing.contains(member.name) {
                compare(ours[member.name] ?? .null, member.value, "\(path).\(member.name)", extra, location)
            }
        case (.array(let ours), .array(let theirs)):
            #expect(ours.count == theirs.count, "\(path)", sourceLocation: location)
            // LiteLLM keeps members in the order of their coming; ours stand in the order of their ids.
            let pairs = path.hasSuffix("members_with_roles") ? zip(ordered(ours), ordered(theirs)) : zip(ours, theirs)
            for (index, pair) in pairs.enumerated() {
                compare(pair.0, pair.1, "\(path)[\(index)]", extra, location)
            }
        case (.string, .string) where path.hasSuffix(".teams[0]"): break
        default:
            #expect(ours == theirs, "\(path)", sourceLocation: location)
        }
    }
}
