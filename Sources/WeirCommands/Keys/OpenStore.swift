import WeirAccess
import WeirConfig
import WeirCore
import WeirDrivers
import WeirServer
import WeirStorage

/// A store that a command opened for itself.
struct OpenStore {
    let database: any SQLDatabase
    /// For people: `SQLite at ./weir-data/weir.db`.
    let title: String
    /// `WEIR_MASTER_SECRET`, else `LITELLM_SALT_KEY`, else the master key, as `weir serve` takes them.
    let masterSecret: Secret?

    private static let standardDirectory = "./weir-data"

    /// The store that is named, else the one that the environment means (`DATABASE_URL`, `WEIR_DATA_DIR`), else the one in
    /// `./weir-data`. Nothing is asked of a PostgreSQL yet.
    static func open(_ place: StorePlace, _ environment: [String: String]) throws -> OpenStore {
        let document = Discovery.document(environment: environment, localServers: []).document
        let master = document?.store.masterSecret ?? document?.general.masterKey
        func opened(_ url: String) throws -> OpenStore {
            let (database, title) = try postgres(url)
            return OpenStore(database: database, title: title, masterSecret: master)
        }
        if let store = place.store, isPostgres(store) { return try opened(store) }
        if !place.isNamed, let url = document?.store.databaseURL { return try opened(url.revealed()) }
        let directory = place.dataDir ?? environment["WEIR_DATA_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        let path = place.store ?? "\(directory ?? standardDirectory)/weir.db"
        return OpenStore(
            database: try SQLiteDatabase(path: path), title: "SQLite at \(path)", masterSecret: master)
    }

    static func postgres(_ url: String) throws -> (database: any SQLDatabase, title: String) {
        let settings = try PostgresSettings(url: url)
        return (try PostgresDatabase(settings, time: .system), "PostgreSQL at \(settings.place)")
    }

    static func isPostgres(_ url: String) -> Bool { url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") }

    /// Brings the schema up to date, as a start of Weir would.
    func prepare() async throws {
        _ = try await Migrator(database).run(now: now, binary: BuildInfo.version)
    }

    var now: Int64 { Int64(TimeSource.system.wall() / 1000) }

    /// For the one who sits at the store: a proxy admin.
    static let requester = Requester(
        role: .proxyAdmin, userID: "default_user_id", keyHash: "", address: "command line")

    /// `other` stands in for the store where that has no tables yet.
    func desk(on other: (any Store)? = nil) -> Desk {
        var policy = OfficePolicy()
        policy.compat = .v1_109
        return Desk(
            store: other ?? SQLStore(database), time: .system, policy: policy, vault: Vault(master: masterSecret)
        ) {
            var chance = SystemRandomNumberGenerator()
            return chance.next()
        }
    }

    func close() async { await database.close() }
}
