import ArgumentParser
import WeirAccess
import WeirCore
import WeirDrivers
import WeirServer
import WeirStorage
import WeirWire

/// `weir migrate`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the store's tables up to date, or take over a LiteLLM database.",
        discussion: """
            Without a subcommand: carries out the steps of the schema that are missing. A start of Weir does the same.
            The store is the one of --store or --data-dir, else of the configuration or DATABASE_URL, else the one in
            WEIR_DATA_DIR or ./weir-data.
            """,
        subcommands: [Schema.self, FromLiteLLM.self], defaultSubcommand: Schema.self)

    /// `weir migrate`
    struct Schema: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the store's tables up to date (what weir migrate does by itself).")

        @Flag(help: "Only tell which steps would be carried out.")
        var dryRun = false

        @Flag(help: "Tell which steps were carried out and which are missing; ends with 1 when some are.")
        var status = false

        @OptionGroup var place: StorePlace

        func run() async throws {
            try await CommandEnd.telling {
                let office = try place.office(ProcessSurroundings.environment)
                do { try await carryOut(office.house) } catch {
                    await office.close()
                    throw error
                }
                await office.close()
            }
        }

        private func carryOut(_ store: StoreHouse) async throws {
            guard dryRun || status else {
                for name in try await store.prepare() { print("done: \(name)") }
                print("\(store.title) is up to date")
                return
            }
            let found = try await store.status()
            if let fault = found.fault { throw fault }
            if status, !found.applied.isEmpty {
                var table = TextTable(["step", "name", "when", "by"])
                for step in found.applied {
                    table.add([String(step.number), step.name, MomentText.text(step.at), step.binary])
                }
                print(table.text, terminator: "")
            }
            for name in found.pending { print("missing: \(name)") }
            if found.isCurrent { print("\(store.title) is up to date") }
            if status, !found.isCurrent { throw ExitCode(1) }
        }
    }

    /// `weir migrate from-litellm`
    struct FromLiteLLM: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "from-litellm",
            abstract: "Take over keys, users, teams, budgets, models and credentials of a LiteLLM database.",
            discussion: """
                Existing keys go on working: their hashes are taken over. May be run again: what changed in LiteLLM since \
                follows, what was changed in Weir since stays. Nothing is written to LiteLLM's tables, which may be in the \
                same database as Weir's.

                What LiteLLM sealed is opened with LITELLM_SALT_KEY, or with LITELLM_MASTER_KEY where there was none, and \
                sealed anew with WEIR_MASTER_SECRET (or the same LITELLM_SALT_KEY).
                """)

        @Argument(help: "LiteLLM's PostgreSQL, as its DATABASE_URL has it.")
        var databaseURL: String

        @Flag(help: "Only read and count.")
        var dryRun = false

        @Option(help: "The environment variable that holds LiteLLM's salt key.")
        var saltKey: String?

        @Flag(help: "Write the report as JSON.")
        var json = false

        @OptionGroup var place: StorePlace

        func run() async throws {
            try await CommandEnd.telling {
                let environment = ProcessSurroundings.environment
                let seal = try seal(environment)
                let source = try PostgresDatabase(try PostgresSettings(url: databaseURL), time: .system)
                let office: BackOffice
                do { office = try place.office(environment) } catch {
                    await source.close()
                    throw error
                }
                let outcome: Result<ImportReport, any Error>
                do { outcome = .success(try await carryOut(source, office, seal)) } catch { outcome = .failure(error) }
                await source.close()
                await office.close()
                let report = try outcome.get()
                tell(report, office.house)
                if report.failed > 0 { throw ExitCode(1) }
            }
        }

        private func carryOut(
            _ source: any SQLDatabase, _ office: BackOffice, _ seal: LiteLLMSeal
        ) async throws -> ImportReport {
            let reader = try await LiteLLMReader.open(source)
            var desk = office.desk()
            if dryRun {
                let status = try await office.house.status()
                if let fault = status.fault { throw fault }
                if status.applied.isEmpty {
                    desk = office.desk(on: EmptyStore())
                } else if !status.isCurrent {
                    throw CommandFault("the tables of \(office.house.title) are old: run weir migrate first")
                }
            } else {
                try await office.house.prepare()
            }
            return try await LiteLLMImport(from: reader, to: desk, seal: seal, isDryRun: dryRun).run()
        }

        private func seal(_ environment: [String: String]) throws -> LiteLLMSeal {
            if let saltKey {
                guard let value = environment[saltKey], !value.isEmpty else {
                    throw CommandFault("the environment variable \(saltKey) of --salt-key is not set")
                }
                return LiteLLMSeal(saltKeys: [Secret(value)])
            }
            let names = ["LITELLM_SALT_KEY", "LITELLM_MASTER_KEY"]
            return LiteLLMSeal(saltKeys: names.compactMap { environment[$0] }.map { Secret($0) })
        }

        private func tell(_ report: ImportReport, _ store: StoreHouse) {
            if json { return print(JSONWriter.text(of: .object(report.json))) }
            print(ImportText.text(report, to: store.title), terminator: "")
        }
    }
}
