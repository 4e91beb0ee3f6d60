import Synchronization
package import WeirCore
package import WeirStorage

/// A PostgreSQL to read from, which may be a little behind its primary. What it cannot answer the primary is asked, whatever
/// the reason: it is away, it has not heard of a table yet, or what it replays gets into the way.
///
/// One that is away costs one reader his wait. After that nobody waits for it: it is asked in the background, at most once a
/// second while there is something to read, until it answers.
package final class PostgresStandby: SQLDatabase {
    /// Between two questions whether it is back, in nanoseconds.
    static let pause: UInt64 = 1_000_000_000

    private enum Standing {
        case serves
        case away(since: UInt64)
        /// Away, and just being asked.
        case asked
    }

    package let dialect = SQLDialect.postgres
    private let settings: PostgresSettings
    private let pool: PostgresPool
    private let primary: PostgresDatabase
    private let time: TimeSource
    private let tell: @Sendable (SQLFault?) -> Void
    private let standing = Mutex(Standing.serves)

    /// Connects only when it is used.
    ///
    /// - Parameter tell: hears why it is away, and nil when it serves again.
    package init(
        _ settings: PostgresSettings, of primary: PostgresDatabase, time: TimeSource,
        tell: @escaping @Sendable (SQLFault?) -> Void
    ) {
        var settings = settings
        settings.isReplica = true
        self.settings = settings
        self.primary = primary
        self.time = time
        self.tell = tell
        pool = PostgresPool(settings, time: time)
    }

    package func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        guard serves() else { return try await primary.read(work) }
        let outcome: Swift.Result<Result, any Error>
        do {
            // What the server refuses is thrown as its fault, whatever `work` makes of it; all else is the work's own word.
            outcome = try await PostgresDatabase.run(.read, on: pool, settings) { session in
                Swift.Result { try work(session) }
            }
        } catch let fault as SQLFault {
            if case .unavailable = fault { leave(fault) }
            return try await primary.read(work)
        }
        return try outcome.get()
    }

    package func write<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result { try await primary.write(work) }

    package func exclusively<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result { try await primary.exclusively(work) }

    /// Leaves the primary open.
    package func close() async { await pool.close() }

    private func serves() -> Bool {
        let now = time.monotonic()
        let (serves, asks) = standing.withLock { standing in
            switch standing {
            case .serves: return (true, false)
            case .asked: return (false, false)
            case .away(let since):
                guard now >= since + Self.pause else { return (false, false) }
                standing = .asked
                return (false, true)
            }
        }
        if asks { ask() }
        return serves
    }

    private func leave(_ fault: SQLFault) {
        let isNew = standing.withLock { standing in
            guard case .serves = standing else { return false }
            standing = .away(since: time.monotonic())
            return true
        }
        if isNew { tell(fault) }
    }

    private func ask() {
        let transaction = PostgresTransaction(kind: .read, settings: settings)
        PostgresDatabase.attempt(transaction, on: pool, mayRepeat: false) { session in
            _ = try session.query("SELECT 1")
        } _: { [weak self] answer in
            guard let self else { return }
            let isBack = if case .success = answer { true } else { false }
            standing.withLock { $0 = isBack ? .serves : .away(since: self.time.monotonic()) }
            if isBack { tell(nil) }
        }
    }
}
