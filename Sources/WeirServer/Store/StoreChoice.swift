import WeirConfig
import WeirCore

/// Which store is meant, by the one rule for everything that opens one: what the command line names, else `database_url`
/// (`DATABASE_URL`), else the directory of `WEIR_DATA_DIR`, else `./weir-data`.
package struct StoreChoice: Sendable {
    /// Where SQLite keeps its file when nothing is said.
    package static let defaultDirectory = "./weir-data"
    private static let file = "weir.db"

    enum Place: Equatable {
        /// Holds a password.
        case postgres(url: String)
        case sqlite(path: String)
    }

    private let store: String?
    private let directory: String?

    /// - Parameters:
    ///   - store: a PostgreSQL URL, or the path of a SQLite file, from the command line.
    ///   - directory: one for SQLite, from the command line.
    package init(store: String? = nil, directory: String? = nil) {
        self.store = store
        self.directory = directory
    }

    /// The command line names one.
    package var isNamed: Bool { store != nil || directory != nil }

    /// Somebody names one: without that it is the default directory.
    func isNamed(_ section: StoreSection, _ environment: [String: String]) -> Bool {
        isNamed || section.databaseURL != nil || Self.directory(environment) != nil
    }

    func place(_ section: StoreSection, _ environment: [String: String]) throws(StoreRefusal) -> Place {
        if let store {
            if Self.isPostgres(store) { return .postgres(url: store) }
            guard store.firstRange(of: "://") == nil else {
                throw StoreRefusal(
                    description: "--store takes the URL of a PostgreSQL (postgresql://…) or the path of a SQLite file")
            }
            return .sqlite(path: store)
        }
        if let directory { return .sqlite(path: "\(directory)/\(Self.file)") }
        // Whether it is the URL of a PostgreSQL is checked where it is read; nothing else may stand there.
        if let url = section.databaseURL { return .postgres(url: url.revealed()) }
        return .sqlite(path: "\(Self.directory(environment) ?? Self.defaultDirectory)/\(Self.file)")
    }

    private static func directory(_ environment: [String: String]) -> String? {
        environment["WEIR_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func isPostgres(_ url: String) -> Bool {
        url.hasPrefix("postgres://") || url.hasPrefix("postgresql://")
    }
}
