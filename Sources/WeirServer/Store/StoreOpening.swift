package import Logging
package import WeirConfig
package import WeirCore
import WeirDrivers

/// How the store that is meant is opened: for a gateway and for commands alike.
package enum StoreOpening {
    /// The store; nothing is asked of a PostgreSQL yet. Throws what a person must mend: an address that is none, a directory
    /// that cannot be written.
    package static func house(
        _ choice: StoreChoice, _ section: StoreSection, _ environment: [String: String], time: TimeSource,
        logger: Logger? = nil
    ) throws -> StoreHouse {
        switch try choice.place(section, environment) {
        case .postgres(let url): try postgres(url, section, time: time, logger)
        case .sqlite(let path): StoreHouse(try SQLiteDatabase(path: path), title: "SQLite at \(path)", time: time)
        }
    }

    /// What `database_url` or `DATABASE_URL_READ_REPLICA` means.
    static func settings(_ url: String, _ section: StoreSection) throws(PostgresSettingsFault) -> PostgresSettings {
        var settings = try PostgresSettings(url: url)
        if let limit = section.poolLimit { settings.poolLimit = limit }
        if let timeout = section.poolTimeout { settings.poolTimeout = Timeout(timeout) }
        settings.connectTimeout = section.connectTimeout.map { Timeout($0) }
        return settings
    }

    private static func postgres(
        _ url: String, _ section: StoreSection, time: TimeSource, _ logger: Logger?
    ) throws -> StoreHouse {
        let settings = try settings(url, section)
        let database = try PostgresDatabase(settings, time: time)
        let standby = try section.replicaURL.map { url in
            let settings = try self.settings(url.revealed(), section)
            return PostgresStandby(settings, of: database, time: time) { fault in
                if let fault {
                    logger?.warning("lists come from the primary, for the read replica does not serve: \(fault)")
                } else {
                    logger?.notice("the read replica at \(settings.place) serves again")
                }
            }
        }
        return StoreHouse(database, standby: standby, title: "PostgreSQL at \(settings.place)", time: time)
    }
}
