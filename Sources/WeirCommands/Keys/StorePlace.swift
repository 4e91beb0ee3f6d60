import ArgumentParser

/// Which store a command means that goes to it directly.
struct StorePlace: ParsableArguments {
    @Option(help: "The store itself: a PostgreSQL URL, or the path of a SQLite file.")
    var store: String?

    @Option(help: "The directory of a store with SQLite (as of weir serve --data-dir).")
    var dataDir: String?

    var isNamed: Bool { store != nil || dataDir != nil }

    func validate() throws {
        guard store == nil || dataDir == nil else { throw ValidationError("give either --store or --data-dir") }
    }
}
