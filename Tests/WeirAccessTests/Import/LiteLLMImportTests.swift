import Synchronization
import Testing
import WeirCore
import WeirTestKit
import WeirWire

@testable import WeirAccess

/// Rows in memory, in the order of their primary keys.
final class RowSource: LiteLLMSource {
    private let tables: Mutex<[LiteLLMTable: [JSONObject]]>

    init(_ tables: [LiteLLMTable: [String]]) throws {
        self.tables = Mutex(try tables.mapValues { try $0.map { try JSONObject(reading: $0) } })
    }

    func set(_ table: LiteLLMTable, _ rows: [String]) throws {
        let rows = try rows.map { try JSONObject(reading: $0) }
        tables.withLock { $0[table] = rows }
    }

    func has(_ table: LiteLLMTable) -> Bool { tables.withLock { $0[table] != nil } }

    func rows(of table: LiteLLMTable, after key: [String]?, limit: Int) -> [JSONObject] {
        func id(_ row: JSONObject) -> [String] { table.primaryKey.map { row.string($0) ?? "" } }
        let rows = tables.withLock { $0[table] ?? [] }.sorted { id($0).lexicographicallyPrecedes(id($1)) }
        return Array(rows.filter { row in key.map { $0.lexicographicallyPrecedes(id(row)) } ?? true }.prefix(limit))
    }
}

struct LiteLLMImportTests {
    private static let hash = "87f902a2556735797c969ce04b8ff6fed82f0599dd3a1c167c609a1b7998a089"
    private let store = MemoryStore()
    private let clock = TestClock()

    private func desk(master: Secret? = Secret("a master secret of the tests")) -> Desk {
        let random = Mutex(SeededRandom(seed: 7))
        return Desk(
            store: store, time: clock.source, policy: OfficePolicy(), vault: Vault(master: master),
            chance: { random.withLock { $0.next() } })
    }

    private func run(_ source: RowSource, isDryRun: Bool = false, _ desk: Desk? = nil) async throws -> ImportReport {
        let seal = LiteLLMSeal(saltKeys: [Sealed.saltKey])
        return try await LiteLLMImport(from: source, to: desk ?? self.desk(), seal: seal, isDryRun: isDryRun).run()
    }

    private func tally(_ report: ImportReport, _ table: LiteLLMTable) -> ImportReport.Tally? {
        report.tallies.first { $0.table == table.rawValue }
    }

    private static let everything: [LiteLLMTable: [String]] = [
        .budgets: [#"{"budget_id": "b1", "max_budget": 5.5}"#],
        .organizations: [#"{"organization_id": "o1", "organization_alias": "Acme", "budget_id": "b1"}"#],
        .users: [#"{"user_id": "u1", "user_email": "a@example.com", "user_role": "internal_user"}"#],
        .teams: [
            #"{"team_id": "t1", "team_alias": "red", "members_with_roles": [{"role": "admin", "user_id": "u1"}]}"#
        ],
        .teamMemberships: [
            #"{"user_id": "u1", "team_id": "t1", "spend": 1.5, "budget_id": "b1"}"#,
            #"{"user_id": "u9", "team_id": "t1", "spend": 0.0}"#,
        ],
        .organizationMemberships: [
            #"{"user_id": "u1", "organization_id": "o1", "user_role": "org_admin", "spend": 0.25}"#
        ],
        .keys: [#"{"token": "\#(hash)", "key_alias": "k", "user_id": "u1", "team_id": "t1", "spend": 2.5}"#],
        .credentials: [
            #"{"credential_id": "c", "credential_name": "main", "credential_values": {"api_key": "\#(Sealed.key)"}}"#
        ],
        .models: [
            #"{"model_id": "m1", "model_name": "gpt", "litellm_params": {"model": "\#(Sealed.model)", "api_key": "\#(Sealed.key)"}}"#
        ],
    ]

    @Test func `everything arrives, and the key is found with all that it depends on`() async throws {
        let report = try await run(RowSource(Self.everything))
        #expect(report.failed == 0)
        let grant = try await store.read { try $0.grant(of: Self.hash, at: 0) }
        #expect(grant?.key.spend == Money("2.5"))
        #expect(grant?.team?.document.string("team_alias") == "red")
        #expect(grant?.user?.document.string("user_email") == "a@example.com")
        #expect(grant?.membership?.role == "admin")
        #expect(grant?.membership?.spend == Money("1.5"))
        #expect(grant?.membership?.document.string("budget_id") == "b1")
        let member = try await store.read { try $0.membership(.organization, "o1", user: "u1") }
        #expect(member?.role == "org_admin")
        #expect(member?.spend == Money("0.25"))
    }

    @Test func `secrets are sealed anew and open again`() async throws {
        let desk = desk()
        _ = try await run(RowSource(Self.everything), desk)
        let (model, opened) = try await store.read { session in
            let model = try session.entity(.models, "m1")
            let opened = try model.map { try DocumentSeal(desk.vault, $0).opened($0.document, session) }
            return (model, opened)
        }
        let written = JSONWriter.text(of: .object(try #require(model).document))
        #expect(!written.contains("planted"))
        #expect(written.contains("openai/gpt-4o-mini"))
        #expect(opened?.object("litellm_params")?.string("api_key") == "sk-upstream-planted-1234")
        let credential = try await store.read { try $0.entity(.credentials, "main") }
        #expect(!JSONWriter.text(of: .object(try #require(credential).document)).contains("planted"))
    }

    @Test func `a second run changes nothing`() async throws {
        let (source, desk) = (try RowSource(Self.everything), desk())
        _ = try await run(source, desk)
        let before = try await store.read { try $0.lastChange() }
        clock.advance(milliseconds: 60_000)
        let report = try await run(source, desk)
        #expect(try await store.read { try $0.lastChange() } == before)
        for tally in report.tallies {
            #expect(tally.equal + tally.skipped == tally.read, "\(tally)")
        }
    }

    @Test func `a dry run counts and writes nothing`() async throws {
        let report = try await run(RowSource(Self.everything), isDryRun: true)
        #expect(tally(report, .keys)?.new == 1)
        #expect(tally(report, .models)?.new == 1)
        #expect(tally(report, .teamMemberships)?.new == 1)
        #expect(tally(report, .teamMemberships)?.skipped == 1)
        #expect(try await store.read { try $0.lastChange() } == 0)
        #expect(try await store.read { try $0.audit(AuditQuery()).total } == 0)
    }

    @Test func `a dry run towards nothing counts everything as new`() async throws {
        let desk = Desk(
            store: EmptyStore(), time: clock.source, policy: OfficePolicy(), vault: Vault(master: nil), chance: { 1 })
        let report = try await run(RowSource(Self.everything), isDryRun: true, desk)
        #expect(report.failed == 0)
        #expect(report.tallies.reduce(0) { $0 + $1.new } == 10)
    }

    @Test func `what changed at the source follows, what was changed here stays`() async throws {
        let source = try RowSource([.users: [#"{"user_id": "u1"}"#, #"{"user_id": "u2"}"#]])
        _ = try await run(source)
        try await store.write { session in
            guard var user = try session.entity(.users, "u2") else { return }
            user.document["user_alias"] = "Bea"
            user.updatedBy = "admin"
            try session.update(user)
        }
        try source.set(.users, [#"{"user_id": "u1", "user_alias": "Al"}"#, #"{"user_id": "u2", "user_alias": "B"}"#])
        let report = try await run(source)
        #expect(tally(report, .users)?.updated == 1)
        #expect(tally(report, .users)?.kept == 1)
        let users = try await store.read { try $0.entities(.users, ids: ["u1", "u2"]) }
        #expect(Set(users.compactMap { $0.document.string("user_alias") }) == ["Al", "Bea"])
    }

    @Test func `what was spent here since the import is not forgotten`() async throws {
        let source = try RowSource([
            .users: [#"{"user_id": "u1", "spend": 3.0, "budget_reset_at": "2026-01-01T00:00:00"}"#]
        ])
        _ = try await run(source)
        try await store.write { session in
            guard var user = try session.entity(.users, "u1") else { return }
            user.spend = Money(attodollars: Money.scale * 4)
            try session.update(user)
        }
        let again = try await run(source)
        #expect(tally(again, .users)?.equal == 1)
        #expect(try await store.read { try $0.entity(.users, "u1")?.spend } == Money("4"))
        try source.set(.users, [#"{"user_id": "u1", "spend": 0.5, "budget_reset_at": "2026-02-01T00:00:00"}"#])
        _ = try await run(source)
        #expect(try await store.read { try $0.entity(.users, "u1")?.spend } == Money("0.5"))
    }

    @Test func `a bad row stops nothing, and two users with one e-mail are both taken`() async throws {
        let report = try await run(
            RowSource([
                .users: [
                    #"{"user_id": "u1", "user_email": "a@example.com"}"#,
                    #"{"user_id": "u2", "user_email": "a@example.com"}"#, #"{"user_id": "u3", "models": 5}"#,
                    #"{"user_id": "u4"}"#,
                ]
            ]))
        #expect(tally(report, .users)?.new == 3)
        #expect(tally(report, .users)?.failed == 1)
        #expect(report.problems.map(\.row) == ["u3", "u2"])
        #expect(report.problems.map(\.isFailure) == [true, false])
        #expect(try await store.read { try $0.entity(.users, "u2")?.document.isEmpty } == true)
    }

    @Test func `without a master secret models fail with a sentence, and the rest arrives`() async throws {
        let report = try await run(RowSource(Self.everything), desk(master: nil))
        #expect(tally(report, .models)?.failed == 1)
        #expect(tally(report, .credentials)?.failed == 1)
        #expect(tally(report, .keys)?.new == 1)
        #expect(report.problems.contains { $0.sentence.contains("WEIR_MASTER_SECRET") })
        #expect(try await store.read { try $0.entity(.models, "m1") } == nil)
    }

    @Test func `a role that was changed here is kept`() async throws {
        let source = try RowSource(Self.everything)
        let desk = desk()
        _ = try await run(source, desk)
        let admin = Requester(role: .proxyAdmin, userID: "root", keyHash: "", address: "")
        try await store.write { session in
            guard var member = try session.membership(.team, "t1", user: "u1") else { return }
            member.role = "user"
            try session.put(member)
            try desk.audit(session, admin, "updated", .teams, "t1", before: nil, after: nil)
        }
        let report = try await run(source, desk)
        #expect(report.tallies.first { $0.table.hasSuffix("members_with_roles") }?.kept == 1)
        #expect(try await store.read { try $0.membership(.team, "t1", user: "u1")?.role } == "user")
    }

    @Test func `more rows than a batch are all read`() async throws {
        let users = (0..<2500).map { #"{"user_id": "user-\#(10_000 + $0)"}"# }
        let report = try await run(RowSource([.users: users]))
        #expect(tally(report, .users)?.new == 2500)
        #expect(try await store.read { try $0.count(.users, []) } == 2500)
    }

    @Test func `the trail tells of the import`() async throws {
        _ = try await run(RowSource(Self.everything))
        let entries = try await store.read { try $0.audit(AuditQuery()).entries }
        #expect(entries.map(\.action) == ["imported"])
        #expect(entries.first?.changedBy == "import")
    }
}
