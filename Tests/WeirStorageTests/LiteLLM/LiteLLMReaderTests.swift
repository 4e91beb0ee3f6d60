import Foundation
import Synchronization
import Testing
import WeirAccess
import WeirCore
import WeirDrivers
import WeirStorage
import WeirTestKit
import WeirWire

/// A LiteLLM database on a PostgreSQL of its own, taken over into the same database.
struct LiteLLMReaderTests {
    private static let hash = "87f902a2556735797c969ce04b8ff6fed82f0599dd3a1c167c609a1b7998a089"
    private static let retired = "8e6bddffc88313b1a59c436bc763806b65f12d12ead687a43666c942b605ea78"
    private static let saltKey = Secret("sk-salt-of-the-tests")

    private static var fixture: String {
        get throws {
            let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            return try ["litellm_schema.sql", "litellm_rows.sql"].map { name in
                try String(contentsOf: tests.appending(path: "Acceptance/fixtures/\(name)"), encoding: .utf8)
            }.joined()
        }
    }

    /// A schema with the fixture's tables and rows, then with what `change` says.
    private func database(_ change: String = "") async throws -> (PostgresDatabase, PostgresServer, String) {
        let server = try await PostgresServer.shared()
        let url = try server.newSchema()
        let schema = String(try #require(url.split(separator: "=").last))
        try server.say("SET search_path = \(schema); \(try Self.fixture) \(change)")
        let clock = TestClock()
        return (try PostgresDatabase(try PostgresSettings(url: url), time: clock.source), server, schema)
    }

    private func desk(_ database: PostgresDatabase) async throws -> Desk {
        _ = try await Migrator(database).run(now: 1, binary: "test")
        let random = Mutex(SeededRandom(seed: 11))
        return Desk(
            store: SQLStore(database), time: TestClock().source, policy: OfficePolicy(),
            vault: Vault(master: Secret("a master secret of the tests")), chance: { random.withLock { $0.next() } })
    }

    private func take(_ database: PostgresDatabase, _ desk: Desk, isDryRun: Bool = false) async throws -> ImportReport {
        let reader = try await LiteLLMReader.open(database)
        let seal = LiteLLMSeal(saltKeys: [Self.saltKey])
        return try await LiteLLMImport(from: reader, to: desk, seal: seal, isDryRun: isDryRun).run()
    }

    @Test func `a LiteLLM database is taken over whole, twice`() async throws {
        let (database, server, schema) = try await database()
        let desk = try await desk(database)
        let first = try await take(database, desk)
        #expect(first.problems.filter(\.isFailure).map(\.row) == ["broken"])
        #expect(first.missing.isEmpty)
        #expect(first.tallies.reduce(0) { $0 + $1.new } == 19)

        let grant = try #require(try await desk.store.read { try $0.grant(of: Self.hash, at: 0) })
        #expect(grant.key.document.string("key_alias") == "batch jobs")
        #expect(grant.key.document.int("expires") == 4_073_544_000_500_000)
        #expect(grant.key.document.object("metadata")?.object("model_rpm_limit") == ["gpt-4o-mini": 7])
        #expect(grant.key.document.money("max_budget") == Money("0.1"))
        #expect(grant.user?.spend == Money("12.345678901"))
        #expect(grant.user?.document.string("user_email") == "ann@example.com")
        #expect(grant.user?.createdAt == 1_767_323_045_678_000)
        #expect(grant.team?.document.object("model_aliases") == ["fast": "gpt-4o-mini"])
        #expect(grant.team?.document.object("object_permission")?.strings("vector_stores") == ["vs1", "vs2"])
        #expect(grant.membership?.role == "admin")
        #expect(grant.membership?.document.string("budget_id") == "budget-of-ann")
        #expect(grant.budgets["budget-of-ann"]?.document.int("rpm_limit") == 30)

        let old = try await desk.store.read { try $0.grant(of: Self.retired, at: 0) }
        #expect(old?.key.id == Self.hash)
        #expect(old?.revokedAt == 4_070_908_800_000_000)

        let organization = try await desk.store.read { try $0.entity(.organizations, "org-acme") }
        #expect(organization?.spend == Money("0.3"))
        #expect(organization?.document.string("organization_alias") == #"Acme "quoted" Ltd"#)

        let second = try await take(database, desk)
        for tally in second.tallies {
            #expect(tally.new == 0 && tally.updated == 0 && tally.kept == 0, "\(tally)")
        }

        try server.say(
            """
            SET search_path = \(schema); UPDATE "LiteLLM_TeamTable" SET max_budget = 75
            """)
        let third = try await take(database, desk)
        #expect(third.tallies.first { $0.table == "LiteLLM_TeamTable" }?.updated == 1)
        await database.close()
    }

    @Test func `no planted secret is in the tables of the store`() async throws {
        let (database, server, schema) = try await database()
        let desk = try await desk(database)
        _ = try await take(database, desk)
        let (model, opened) = try await desk.store.read { session in
            let model = try session.entity(.models, "model-1")
            return (model, try model.map { try DocumentSeal(desk.vault, $0).opened($0.document, session) })
        }
        #expect(model?.document.object("litellm_params")?.string("model") == "openai/gpt-4o-mini")
        #expect(opened?.object("litellm_params")?.string("api_key") == "sk-upstream-planted-1234")
        let tables = try server.say(
            "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = '\(schema)' AND tablename LIKE 'weir%'"
        )
        for table in tables.split(separator: " ") {
            let rows = try server.say("SELECT t::text FROM \(schema).\(table) AS t")
            #expect(!rows.contains("planted"), "\(table)")
        }
        await database.close()
    }

    @Test func `a database of an older version is read as far as it goes`() async throws {
        let (database, _, _) = try await database(
            """
            ALTER TABLE "LiteLLM_VerificationToken" DROP COLUMN router_settings, DROP COLUMN access_group_ids,
                DROP COLUMN settings_updated_at, DROP COLUMN object_permission_id, DROP COLUMN tpd_limit,
                DROP COLUMN budget_fallbacks, DROP COLUMN budget_limits;
            ALTER TABLE "LiteLLM_TeamTable" DROP COLUMN model_id, DROP COLUMN policies;
            DROP TABLE "LiteLLM_AccessGroupTable", "LiteLLM_DeprecatedVerificationToken", "LiteLLM_ModelTable";
            """)
        let desk = try await desk(database)
        let report = try await take(database, desk)
        #expect(report.missing == ["LiteLLM_DeprecatedVerificationToken", "LiteLLM_AccessGroupTable"])
        #expect(report.problems.filter(\.isFailure).map(\.row) == ["broken"])
        #expect(try await desk.store.read { try $0.grant(of: Self.hash, at: 0) } != nil)
        await database.close()
    }

    @Test func `more keys than a batch are read once each, whatever their collation`() async throws {
        let (database, _, _) = try await database(
            """
            INSERT INTO "LiteLLM_EndUserTable" ("user_id")
            SELECT CASE WHEN n % 2 = 0 THEN 'User_' ELSE 'user-' END || n FROM generate_series(1, 2300) AS n;
            """)
        let desk = try await desk(database)
        let report = try await take(database, desk)
        #expect(report.tallies.first { $0.table == "LiteLLM_EndUserTable" }?.new == 2301)
        #expect(try await desk.store.read { try $0.count(.customers, []) } == 2301)
        await database.close()
    }

    @Test func `a dry run leaves the store empty`() async throws {
        let (database, _, _) = try await database()
        let desk = try await desk(database)
        let report = try await take(database, desk, isDryRun: true)
        #expect(report.tallies.first { $0.table == "LiteLLM_VerificationToken" }?.new == 2)
        #expect(try await desk.store.read { try $0.lastChange() } == 0)
        await database.close()
    }

    @Test func `a database without LiteLLM is told apart`() async throws {
        let server = try await PostgresServer.shared()
        let settings = try PostgresSettings(url: try server.newSchema())
        let database = try PostgresDatabase(settings, time: TestClock().source)
        await #expect(throws: ImportFault.self) { _ = try await LiteLLMReader.open(database) }
        await database.close()
    }
}
