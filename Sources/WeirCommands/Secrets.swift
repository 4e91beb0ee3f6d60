import ArgumentParser
import WeirAccess
import WeirCore
import WeirServer

/// `weir secrets`
struct Secrets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The keys of providers that are kept in the store, sealed.",
        discussion: """
            The secret that seals them is WEIR_MASTER_SECRET, else LITELLM_SALT_KEY, else the master key, as for weir serve.
            The store is the one of --store or --data-dir, else of the configuration or DATABASE_URL, else the one in
            WEIR_DATA_DIR or ./weir-data.
            """,
        subcommands: [Rotate.self, Verify.self])

    /// `weir secrets rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change the master secret, or seal all records anew.",
            discussion: """
                Wraps the data keys with the new secret (WEIR_NEW_MASTER_SECRET) in place of the old one; running \
                replicas go on, and take the new one at their next start. With --records, every sealed record gets \
                a new data key instead, under the same master secret.
                """)

        @Option(help: "The environment variable that holds the new secret.")
        var new = "WEIR_NEW_MASTER_SECRET"

        @Flag(help: "Seal every record anew; the master secret stays.")
        var records = false

        @OptionGroup var place: StorePlace

        func run() async throws {
            let environment = ProcessSurroundings.environment
            try await Secrets.with(place) { office in
                guard let master = office.masterSecret else { throw Secrets.withoutMaster }
                let secrets = SecretsOffice(office.desk())
                if records {
                    let count = try await secrets.rotateRecords(by: BackOffice.requester)
                    print("records sealed anew in \(office.house.title): \(count)")
                    return
                }
                guard let next = environment[new], !next.isEmpty else {
                    throw CommandFault("the environment variable \(new), which holds the new secret, is not set")
                }
                let count = try await secrets.rotate(from: master, to: Secret(next), by: BackOffice.requester)
                print(
                    "\(count) data keys of \(office.house.title) were wrapped anew; start Weir with the new secret from now on"
                )
            }
        }
    }

    /// `weir secrets verify`
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prove that every secret of the store is sealed and can be opened; ends with 1 when one is not.")

        @OptionGroup var place: StorePlace

        func run() async throws {
            try await Secrets.with(place) { office in
                let report = try await SecretsOffice(office.desk()).verify()
                for name in report.plain { print("not sealed: \(name)") }
                for name in report.unreadable { print("cannot be opened: \(name)") }
                print(
                    "\(office.house.title): models \(report.models), credentials \(report.credentials); secrets sealed \(report.sealed), "
                        + "in the environment \(report.references), in plain text \(report.plain.count), "
                        + "impossible to open \(report.unreadable.count)")
                guard report.isSound else { throw ExitCode(1) }
            }
        }
    }

    private static let withoutMaster = CommandFault(
        "there is no secret that the store is sealed with: set WEIR_MASTER_SECRET (or LITELLM_SALT_KEY)")

    private static func with(_ place: StorePlace, _ work: (BackOffice) async throws -> Void) async throws {
        try await CommandEnd.telling {
            let office = try place.office(ProcessSurroundings.environment)
            do {
                try await office.house.prepare()
                try await work(office)
            } catch {
                await office.close()
                throw error
            }
            await office.close()
        }
    }
}
