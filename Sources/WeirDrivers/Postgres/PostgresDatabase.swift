package import WeirCore
package import WeirStorage

/// PostgreSQL over libpq, servers from 13 on, directly or behind pgbouncer in any of its modes.
///
/// Up to `poolLimit` connections, none of which blocks a thread of Swift's or an event loop's. What broke together with its
/// connection before it was committed is done once more on a new one, so a restarted or failed-over server is noticed by
/// nobody who came after it was back. `work` may therefore run several times, and must do nothing but speak to its session.
package final class PostgresDatabase: SQLDatabase {
    package let dialect = SQLDialect.postgres
    private let settings: PostgresSettings
    private let pool: PostgresPool

    /// Connects only when it is used. Throws `unavailable` when libpq is not installed.
    package init(_ settings: PostgresSettings, time: TimeSource) throws(SQLFault) {
        try LibPQ.load()
        self.settings = settings
        pool = PostgresPool(settings, time: time)
    }

    package func read<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        return try await Self.run(.read, on: pool, settings, work)
    }

    package func write<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await Self.run(.write, on: pool, settings, work)
    }

    package func exclusively<Result: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        try await Self.run(.exclusive, on: pool, settings, work)
    }

    /// Ends when everything that was begun is done. May be called twice.
    package func close() async {
        await pool.close()
    }

    /// Connections that exist or are being made.
    var connectionCount: Int { pool.count }

    static func run<Result: Sendable>(
        _ kind: PostgresTransaction.Kind, on pool: PostgresPool, _ settings: PostgresSettings,
        _ work: @escaping @Sendable (any SQLSession) throws -> Result
    ) async throws -> Result {
        let transaction = PostgresTransaction(kind: kind, settings: settings)
        return try await withCheckedThrowingContinuation { done in
            attempt(transaction, on: pool, mayRepeat: true, work) { done.resume(with: $0) }
        }
    }

    static func attempt<Result: Sendable>(
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
