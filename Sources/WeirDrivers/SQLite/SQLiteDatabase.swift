import Dispatch
import GRDB
import Glibc
import Synchronization
package import WeirStorage

/// A database in one file: one writer, four readers that see the last committed state, all on threads of their own.
///
/// Kept in WAL mode with `synchronous=NORMAL`: a crash of the process loses nothing, a crash of the machine at most the
/// last moments, never the file. Several processes may share the file, on a local disk.
package final class SQLiteDatabase: SQLDatabase {
    /// How long SQLite itself waits for another process that writes, in milliseconds.
    static let busyMilliseconds = 5000
    /// Each waits `busyMilliseconds`: 15 s in all.
    private static let attempts = 3
    /// 60 s in all.
    private static let exclusiveAttempts = 12

    package let dialect = SQLDialect.sqlite
    private let pool: DatabasePool
    private let busyMilliseconds: Int
    private let isClosed = Mutex(false)
    private let leftover: TemporaryFolder?

    /// Opens the file; makes it (mode 0600) and the folders above it (mode 0700) where they are missing.
    ///
    /// - Throws: `unavailable` with a sentence that says what is in the way.
    package convenience init(path: String) throws(SQLFault) {
        try self.init(path: path, busyMilliseconds: Self.busyMilliseconds, leftover: nil)
    }

    /// A database of its own that is removed with this value, for tests and trials.
    package static func temporary() throws(SQLFault) -> SQLiteDatabase {
        let folder = try TemporaryFolder()
        return try SQLiteDatabase(
            path: "\(folder.path)/weir.db", busyMilliseconds: busyMilliseconds, leftover: folder)
    }

    init(path: String, busyMilliseconds: Int, leftover: TemporaryFolder? = nil) throws(SQLFault) {
        try SQLiteFile.prepare(path)
        var configuration = Configuration()
        configuration.label = "weir.sqlite"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(Double(busyMilliseconds) / 1000)
        configuration.journalMode = .wal
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous=NORMAL")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try Self.check(pool)
        } catch {
            throw SQLiteFault.opening(path, error)
        }
        self.busyMilliseconds = busyMilliseconds
        self.leftover = leftover
    }

    package func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try mustBeOpen()
        return try await withCheckedThrowingContinuation { done in
            pool.asyncRead { opened in
                done.resume(
                    with: Swift.Result {
                        let database: Database
                        do { database = try opened.get() } catch { throw SQLiteFault.of(error).givenUp }
                        return try SQLiteSession(database).perform(work)
                    })
            }
        }
    }

    package func write<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await transaction(attempts: Self.attempts, work)
    }

    package func exclusively<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await transaction(attempts: Self.exclusiveAttempts, work)
    }

    /// Ends when everything that was begun is done. May be called twice.
    package func close() async {
        let wasClosed = isClosed.withLock { closed in
            defer { closed = true }
            return closed
        }
        guard !wasClosed else { return }
        await withCheckedContinuation { done in
            // Closing waits for the connections: not on a thread that belongs to others.
            DispatchQueue(label: "weir.sqlite.close").async { [pool] in
                try? pool.close()
                done.resume()
            }
        }
    }

    private func transaction<Result: Sendable>(
        attempts: Int, _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try mustBeOpen()
        return try await withCheckedThrowingContinuation { done in
            pool.asyncWriteWithoutTransaction { database in
                done.resume(with: Swift.Result { try Self.attempt(database, attempts: attempts, work) })
            }
        }
    }

    private static func attempt<Result>(
        _ database: Database, attempts: Int, _ work: (any SQLSession) throws -> Result
    ) throws -> Result {
        var attempt = 1
        while true {
            let session = SQLiteSession(database)
            do {
                // The writer's lock is taken before the first look, so that nothing seen can change before it is written.
                try session.guarded { database in try database.beginTransaction(.immediate) }
                let result = try session.perform(work)
                try session.guarded { database in try database.commit() }
                return result
            } catch {
                if database.isInsideTransaction { try? database.rollback() }
                // Whatever `work` made of it: what the database said decides.
                guard case .serialization = session.fault, attempt < attempts else {
                    throw (error as? SQLFault)?.givenUp ?? error
                }
            }
            attempt += 1
        }
    }

    private func mustBeOpen() throws(SQLFault) {
        if isClosed.withLock({ $0 }) { throw .unavailable("The database is closed.") }
    }

    /// SQLite ignores a setting that it cannot follow, and says nothing.
    private static func check(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { database in
            let foreignKeys = try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
            let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
            guard foreignKeys == 1 else {
                throw SQLFault.unavailable("This SQLite was built without foreign keys; another build is needed.")
            }
            guard journal == "wal" else {
                throw SQLFault.unavailable(
                    "The database file cannot have a write-ahead log; it must be on a local disk.")
            }
            // A page or two read for real: a file that is no database shows only now.
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
        }
    }
}
