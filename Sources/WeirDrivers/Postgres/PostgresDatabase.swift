package import WeirCore
package import WeirStorage

/// PostgreSQL over libpq, 12 or later, directly or behind pgbouncer in any of its modes.
///
/// Up to `poolLimit` connections, none of which blocks a thread of Swift's or an event loop's. What broke together with its
/// connection before it was committed is done once more on a new one, so a restarted or failed-over server is noticed by
/// nobody who came after it was back. `work` may therefore run several times, and must do nothing but speak to its session.
package final class PostgresDatabase: SQLDatabase {
    package let dialect = SQLDialect.postgres
    private let settings: PostgresSettings
    private let primary: PostgresPool
    private let replica: PostgresPool?
    private let replicaSettings: PostgresSettings?

    /// Connects only when it is used.
    ///
    /// - Parameter replica: where reads go, which may be a little behind; while it cannot serve, they go to the primary.
    /// - Throws: `unavailable` when libpq is not installed.
    package init(
        _ settings: PostgresSettings, replica: PostgresSettings? = nil, time: TimeSource
    ) throws(SQLFault) {
        try LibPQ.load()
        var replica = replica
        replica?.isReplica = true
        self.settings = settings
        replicaSettings = replica
        primary = PostgresPool(settings, time: time)
        self.replica = replica.map { PostgresPool($0, time: time) }
    }

    package func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        if let replica, let replicaSettings {
            do {
                return try await run(.read, on: replica, replicaSettings, work)
            } catch SQLFault.unavailable {
                // The primary has the same and more.
            }
        }
        return try await run(.read, on: primary, settings, work)
    }

    package func write<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await run(.write, on: primary, settings, work)
    }

    package func exclusively<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await run(.exclusive, on: primary, settings, work)
    }

    /// Ends when everything that was begun is done. May be called twice.
    package func close() async {
        await primary.close()
        await replica?.close()
    }

    /// Connections of the primary that exist or are being made.
    var connectionCount: Int { primary.count }

    private func run<Result: Sendable>(
        _ kind: PostgresTransaction.Kind, on pool: PostgresPool, _ settings: PostgresSettings,
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        let transaction = PostgresTransaction(kind: kind, settings: settings)
        return try await withCheckedThrowingContinuation { done in
            Self.attempt(transaction, on: pool, mayRepeat: true, work) { done.resume(with: $0) }
        }
    }

    private static func attempt<Result: Sendable>(
        _ transaction: PostgresTransaction, on pool: PostgresPool, mayRepeat: Bool,
        _ work: @escaping @Sendable (any SQLSession) throws -> Result,
        _ done: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) {
        pool.lend { lent in
            let connection: PostgresConnection
            do { connection = try lent.get() } catch { return done(.failure(error)) }
            let ending = transaction.perform(on: connection, work)
            // Where one connection broke, those that lay idle beside it hardly live.
            if connection.isBroken { pool.renew() }
            pool.giveBack(connection)
            switch ending {
            case .done(let result): done(.success(result))
            case .lost where mayRepeat: attempt(transaction, on: pool, mayRepeat: false, work, done)
            case .failed(let error): done(.failure(error))
            case .lost(let fault): done(.failure(fault))
            }
        }
    }
}
