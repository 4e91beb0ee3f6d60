package import WeirConfig
package import WeirCore
import WeirDrivers
import WeirStorage

/// Which store a configuration means, and how it is opened.
package enum StoreOpening {
    /// Where SQLite keeps its file when nothing is said.
    package static let defaultDirectory = "./weir-data"
    private static let file = "weir.db"

    /// The store; nothing is asked of a PostgreSQL yet. `directory` is what the command line says, `database` an address or
    /// a path that stands above the configuration (commands have one).
    package static func house(
        _ section: StoreSection, directory: String?, database: String? = nil, time: TimeSource, binary: String
    ) throws -> StoreHouse {
        if let url = database ?? (directory == nil ? section.databaseURL?.revealed() : nil), isPostgres(url) {
            return try postgres(url, section, time: time, binary: binary)
        }
        let path = database ?? "\(directory ?? defaultDirectory)/\(file)"
        return StoreHouse(
            try SQLiteDatabase(path: path), title: "SQLite at \(path)", time: time, binary: binary)
    }

    private static func postgres(
        _ url: String, _ section: StoreSection, time: TimeSource, binary: String
    ) throws -> StoreHouse {
        let settings = try settings(url, section)
        let reading = try section.replicaURL.map { replica in
            try PostgresDatabase(settings, replica: try self.settings(replica.revealed(), section), time: time)
        }
        return StoreHouse(
            try PostgresDatabase(settings, time: time), reading: reading, title: "PostgreSQL at \(settings.place)",
            time: time, binary: binary)
    }

    private static func settings(_ url: String, _ section: StoreSection) throws -> PostgresSettings {
        var settings = try PostgresSettings(url: url)
        if let limit = section.poolLimit { settings.poolLimit = limit }
        if let timeout = section.poolTimeout { settings.poolTimeout = Timeout(timeout) }
        return settings
    }

    private static func isPostgres(_ url: String) -> Bool {
        url.hasPrefix("postgres://") || url.hasPrefix("postgresql://")
    }
}
