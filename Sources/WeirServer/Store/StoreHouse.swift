import Logging
import Synchronization
import WeirAccess
import WeirConfig
import WeirCore
import WeirDrivers
package import WeirStorage

/// The store of this process: opened once, whatever becomes of the configuration. A change of its address takes a restart.
///
/// A database that does not answer at the start keeps nothing from starting: it is tried again until it does, and what needs
/// it is refused meanwhile.
package final class StoreHouse: Sendable {
    /// For people: `SQLite at ./weir-data/weir.db`.
    package let title: String
    let store: any Store
    /// The same, for lists, which may be a little behind.
    let lists: any Store
    private let database: any SQLDatabase
    private let standby: (any SQLDatabase)?
    private let gate = Gate()
    private let time: TimeSource

    /// Nothing is asked of the database yet. `standby` is the same database, read from another server.
    init(
        _ database: any SQLDatabase, standby: (any SQLDatabase)? = nil, title: String, time: TimeSource
    ) {
        self.database = database
        self.standby = standby
        self.title = title
        self.time = time
        let gate = gate
        let store = GatedStore(SQLStore(database, time: time), gate)
        self.store = store
        lists = standby.map { GatedStore(SQLStore($0, time: time), gate) } ?? store
    }

    /// Brings the schema up to date, and names the steps that were carried out. Throws what a person must mend
    /// (`StoreRefusal`), or that the database is away.
    @discardableResult package func prepare() async throws -> [String] {
        let done: [String]
        do {
            done = try await Migrator(database).run(now: Int64(time.wall() / 1000), binary: BuildInfo.version)
        } catch let fault as MigrationFault {
            gate.shut(fault.sentence)
            throw StoreRefusal(description: fault.sentence)
        } catch {
            gate.shut("\(error)")
            throw error
        }
        gate.open()
        return done
    }

    /// Looks at the schema, and changes nothing. Where it is as this program has it, the store may be used.
    package func status() async throws -> MigrationStatus {
        let status = try await Migrator(database).status()
        if status.fault == nil, status.isCurrent { gate.open() }
        return status
    }

    package var isOpen: Bool { gate.reason == nil }

    package func close() async {
        await standby?.close()
        await database.close()
    }
}

/// The store can never be used as things are: what a person must mend.
package struct StoreRefusal: Error, CustomStringConvertible {
    package let description: String
}

/// Whether the schema is there, so that statements mean something.
final class Gate: Sendable {
    private let shut = Mutex<String?>("the database has not answered yet")

    func open() { shut.withLock { $0 = nil } }
    func shut(_ reason: String) { shut.withLock { $0 = reason } }
    /// Nil when it is open.
    var reason: String? { shut.withLock { $0 } }
}

/// Refuses everything until the gate is open.
private struct GatedStore: Store {
    private let store: any Store
    private let gate: Gate

    init(_ store: any Store, _ gate: Gate) {
        self.store = store
        self.gate = gate
    }

    func read<Result: Sendable>(_ work: @escaping @Sendable (any StoreSession) throws -> Result) async throws -> Result
    {
        if let reason = gate.reason { throw StoreFault.unavailable(reason) }
        return try await store.read(work)
    }

    func write<Result: Sendable>(_ work: @escaping @Sendable (any StoreSession) throws -> Result) async throws -> Result
    {
        if let reason = gate.reason { throw StoreFault.unavailable(reason) }
        return try await store.write(work)
    }
}
