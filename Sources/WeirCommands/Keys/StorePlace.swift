import ArgumentParser
import WeirConfig
import WeirCore
import WeirServer

/// Which store a command means that goes to it directly, and by whose rules it works there.
struct StorePlace: ParsableArguments {
    @Option(help: "The store itself: a PostgreSQL URL, or the path of a SQLite file.")
    var store: String?

    @Option(help: "The directory of a store with SQLite (as of weir serve --data-dir).")
    var dataDir: String?

    @Option(help: "The configuration whose store and rules are meant (LITELLM_CONFIG, CONFIG_FILE_PATH).")
    var config: String?

    var isNamed: Bool { store != nil || dataDir != nil }

    func validate() throws {
        guard store == nil || dataDir == nil else { throw ValidationError("give either --store or --data-dir") }
    }

    /// The store that is meant, and the offices on it. Nothing is asked of a PostgreSQL yet.
    func office(_ environment: [String: String]) throws -> BackOffice {
        try BackOffice(
            StoreChoice(store: store, directory: dataDir), try document(environment), environment, time: .system)
    }

    /// As `weir serve` would read it. What is only doubtful in it is told there.
    private func document(_ environment: [String: String]) throws -> ConfigDocument {
        let path = config ?? ConfigPath.named(environment)
        let reading = DocumentChecks.checked(
            path.map { ConfigReader.read(path: $0, environment: environment) }
                ?? Discovery.document(environment: environment), environment, namesStore: isNamed)
        guard let document = reading.document else {
            throw CommandFault(
                "the configuration has errors:\n" + reading.errors.map(\.description).joined(separator: "\n"))
        }
        return document
    }
}

/// Where the configuration is when the command line does not say it.
enum ConfigPath {
    static func named(_ environment: [String: String]) -> String? {
        ["LITELLM_CONFIG", "CONFIG_FILE_PATH"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
}
