import Foundation
import Testing
import WeirAccess
import WeirStorage
import WeirTestKit

/// At size, no statement that is asked often may read a large table from one end to the other.
@Suite struct PlanTests {
    private static let keys = 120_000
    private static let users = 60_000

    private static let questions: [(String, @Sendable (any StoreSession) throws -> Int)] = [
        ("a key", { try $0.entity(.keys, key(7)) == nil ? 0 : 1 }),
        ("some keys", { try $0.entities(.keys, ids: [key(7), key(8), key(9)]).count }),
        ("many keys", { try $0.entities(.keys, ids: (0..<300).map(key)).count }),
        ("a grant", { try $0.grant(of: key(1), at: 0)?.team == nil ? 0 : 1 }),
        ("keys of a team", { try $0.entities(.keys, where: .teamID, is: "team-7", limit: 10).count }),
        ("the first page", { try $0.page(.keys, EntityQuery()).entities.count }),
        ("a page in the middle", { try $0.page(.keys, query(page: 6001)).entities.count }),
        ("the last page", { try $0.page(.keys, query(page: 12_000)).entities.count }),
        ("the first page by spend", { try $0.page(.keys, query(order: .spend)).entities.count }),
        ("a middle page by update", { try $0.page(.keys, query(order: .updatedAt, page: 5000)).entities.count }),
        ("a middle page by id", { try $0.page(.keys, query(order: .id, page: 5000)).entities.count }),
        ("the first page by alias", { try $0.page(.keys, query(order: .field(.keyAlias))).entities.count }),
        ("a middle page by alias", { try $0.page(.keys, query(order: .field(.keyAlias), page: 5000)).entities.count }),
        (
            "a middle page by budget",
            { try $0.page(.keys, query(order: .field(.maxBudget), page: 5000)).entities.count }
        ),
        (
            "the aliases",
            { try $0.page(.keys, query([.isSet(.keyAlias)], order: .field(.keyAlias))).entities.count }
        ),
        ("a team's first page", { try $0.page(.keys, query([.equals(.teamID, "team-7")])).entities.count }),
        (
            "a large team's last page",
            { try $0.page(.keys, query([.equals(.teamID, "team-0")], page: 120)).entities.count }
        ),
        ("a user's page", { try $0.page(.keys, query([.equals(.userID, "user-7")])).entities.count }),
        (
            "a user's page in a team",
            { try $0.page(.keys, query([.equals(.userID, "user-7"), .equals(.teamID, "team-7")])).entities.count }
        ),
        ("a key by its alias", { try $0.page(.keys, query([.equals(.keyAlias, "alias-77")])).entities.count }),
        ("keys of some teams", { try $0.count(.keys, [.oneOf(.teamID, ["team-7", "team-8"])]) }),
        (
            "keys of a user or a team",
            { try $0.count(.keys, [.any([.equals(.userID, "user-7"), .equals(.teamID, "team-8")])]) }
        ),
        ("the first users", { try $0.page(.users, EntityQuery()).entities.count }),
        ("users by address", { try $0.page(.users, query(order: .field(.userEmail), page: 3000)).entities.count }),
        ("users by alias", { try $0.page(.users, query(order: .field(.userAlias), page: 3000)).entities.count }),
        ("users by role", { try $0.page(.users, query(order: .field(.userRole), page: 3000)).entities.count }),
        ("teams by alias", { try $0.page(.teams, query(order: .field(.teamAlias), page: 300)).entities.count }),
        ("a user by address", { try $0.entities(.users, where: .userEmail, is: "user7@example.com", limit: 1).count }),
        (
            "teams of an organisation",
            { try $0.page(.teams, query([.equals(.organizationID, "org-7")])).entities.count }
        ),
        ("teams of a user", { try $0.memberships(.team, ofUser: "user-7").count }),
        ("members of a team", { try $0.members(.team, of: "team-7").count }),
        ("the audit", { try $0.audit(AuditQuery()).entries.count }),
        ("the audit of an object", { session in try session.audit(audit { $0.objectID = key(70) }).entries.count }),
        ("the audit of a user", { session in try session.audit(audit { $0.changedBy = "user-7" }).entries.count }),
        (
            "the audit of an hour",
            { session in
                try session.audit(audit { ($0.from, $0.to) = (1_700_000_000_000_000, 1_700_000_100_000_000) }).entries
                    .count
            }
        ),
    ]

    @Test(arguments: TestDatabase.dialects)
    func `large tables are read by their indexes`(kind: TestDatabase) async throws {
        try await kind.withTables { database in
            try await Self.fill(database)
            let planned = PlannedDatabase(database)
            for (name, question) in Self.questions {
                let found = try await SQLStore(planned).read(question)
                #expect(found > 0, "\(name) found nothing")
                for plan in planned.takePlans() {
                    #expect(plan.scans == [], "\(name): \(plan.sql)\n\(plan.lines.joined(separator: "\n"))")
                }
            }
            try await Self.readOn(planned)
            _ = try await planned.read { try $0.query("SELECT count(*) FROM weir_keys WHERE document = ''") }
            #expect(planned.takePlans().contains { !$0.scans.isEmpty }, "a reading of all would not be noticed")
        }
    }

    /// The pages behind one in the middle.
    private static func readOn(_ planned: PlannedDatabase) async throws {
        let store = SQLStore(planned, time: TestClock().source)
        for order in [EntityQuery.Order.createdAt, .updatedAt, .spend, .id] {
            for page in [5000, 5001, 5003, 5002] {
                #expect(
                    try await store.read { try $0.page(.keys, query(order: order, page: page)).entities.count } == 10)
                let plans = planned.takePlans().filter { $0.sql.contains("OFFSET") }
                #expect(plans.count == 1 && plans[0].scans == [], "\(order)")
                // A search in the index, and no walk along it.
                let isSearch = plans[0].lines.contains {
                    $0.contains("Index Cond: (ROW(") || $0.contains("Index Cond: (id ") && !$0.contains("weir_keys.id")
                        || $0.contains("SEARCH weir_keys")
                }
                #expect(isSearch == (page > 5000), "\(order) \(page):\n\(plans[0].lines.joined(separator: "\n"))")
            }
        }
    }

    private static func key(_ number: Int) -> String {
        let digits = String(number * 48271 % 2_147_483_647, radix: 16)
        let tail = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits + String(repeating: "0", count: 56 - tail.count)
            + tail
    }

    private static func query(
        _ conditions: [EntityQuery.Condition] = [], order: EntityQuery.Order = .createdAt, page: Int = 1
    ) -> EntityQuery {
        var query = EntityQuery(conditions)
        (query.order, query.page) = (order, page)
        return query
    }

    private static func audit(_ narrow: (inout AuditQuery) -> Void) -> AuditQuery {
        var query = AuditQuery()
        narrow(&query)
        return query
    }

    /// With the statements of `scripts/fill_store`.
    private static func fill(_ database: any SQLDatabase) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = root.appending(path: "scripts/fill_store/\(database.dialect.rawValue).sql")
        let text = try String(contentsOf: script, encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
            .replacing(":keys", with: "\(keys)").replacing(":users", with: "\(users)")
        let statements = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        for statement in statements where !statement.isEmpty && !statement.hasPrefix("VACUUM") {
            try await database.change(statement)
        }
        // Not in a transaction: it tells the planner which pages need no second look.
        if database.dialect == .postgres { try await PostgresServer.shared().say("VACUUM ANALYZE") }
    }
}
