import Glibc
import WeirCore
import WeirStorage

/// How a transaction is begun, run again and ended on a connection.
struct PostgresTransaction {
    enum Kind: Sendable { case read, write, exclusive }

    enum Ending<Result> {
        case done(Result)
        case failed(any Error)
        /// The connection broke while nothing was decided yet: all of it may be done again on another one.
        case lost(SQLFault)
    }

    /// How often a transaction is run that the database wants to be run again.
    static let attempts = 10
    /// The number of the advisory lock: the letters `weir`.
    private static let lock = 0x7765_6972
    /// An idle server answers these at once; behind a pooler they wait until it has a connection free.
    private static let shortPatience = Timeout.seconds(5)

    let kind: Kind
    let settings: PostgresSettings

    /// Blocks. Leaves the connection outside of any transaction, or gives it up.
    func perform<Result>(
        on connection: PostgresConnection, _ work: (any SQLSession) throws -> Result
    ) -> Ending<Result> {
        connection.isReading = kind == .read
        var attempt = 1
        while true {
            let session = PostgresSession(connection, patience: patience)
            var isCommitting = false
            do {
                try begin(session, on: connection)
                let result = try session.perform(work)
                isCommitting = true
                try session.guarded { () throws(SQLFault) in try commit(on: connection) }
                return .done(result)
            } catch {
                rollBack(connection)
                switch session.fault {
                case .serialization where attempt < Self.attempts && !connection.isBroken: break
                case .unavailable(let why) where connection.isBroken:
                    if isCommitting, kind != .read {
                        return .failed(SQLFault.unavailable("\(why) It is not known whether the change was made."))
                    }
                    return connection.isSilent ? .failed(error) : .lost(.unavailable(why))
                default: return .failed((error as? SQLFault)?.givenUp ?? error)
                }
            }
            Self.pause(after: attempt)
            attempt += 1
        }
    }

    private var statementTimeout: Timeout {
        kind == .exclusive ? settings.exclusiveStatementTimeout : settings.statementTimeout
    }

    private var patience: Timeout { Timeout(nanoseconds: statementTimeout.nanoseconds + settings.grace.nanoseconds) }

    private func begin(_ session: PostgresSession, on connection: PostgresConnection) throws(SQLFault) {
        _ = try session.guarded { () throws(SQLFault) in
            try connection.tell(opening, within: min(patience, Self.shortPatience))
        }
        guard kind == .exclusive else { return }
        // Unlike a session's lock, a transaction's is kept by the one server connection that a pooler has lent, and goes
        // with it, whatever happens to this process.
        let turn = Timeout(nanoseconds: settings.exclusiveTimeout.nanoseconds + settings.grace.nanoseconds)
        _ = try session.guarded { () throws(SQLFault) in
            try connection.ask("SELECT pg_advisory_xact_lock(\(Self.lock))", [], within: turn)
        }
    }

    /// All settings are those of the transaction, for behind a pooler the connection belongs to others afterwards.
    ///
    /// Readers see one state, so they need a snapshot; so do writers: with it a change of something that another one
    /// changed since it was read is not lost but runs again. Who waits for the lock must see what was done meanwhile.
    /// `READ WRITE` is not said: a standby would refuse that with a state that does not tell what it is.
    private var opening: String {
        let level =
            switch kind {
            case .read: "REPEATABLE READ READ ONLY"
            case .write: "REPEATABLE READ"
            case .exclusive: "READ COMMITTED"
            }
        let idle = max(Timeout.seconds(30), statementTimeout).nanoseconds / 1_000_000
        var statements = [
            "BEGIN ISOLATION LEVEL \(level)",
            "SET LOCAL statement_timeout = \(statementTimeout.nanoseconds / 1_000_000)",
            "SET LOCAL idle_in_transaction_session_timeout = \(idle)", "SET LOCAL DateStyle = 'ISO'",
            "SET LOCAL TimeZone = 'UTC'",
        ]
        if kind == .exclusive {
            statements.append("SET LOCAL lock_timeout = \(settings.exclusiveTimeout.nanoseconds / 1_000_000)")
        }
        if let schema = settings.schema {
            let quoted = schema.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            statements.append("SET LOCAL search_path = \"\(quoted)\"")
        }
        return statements.joined(separator: "; ")
    }

    private func commit(on connection: PostgresConnection) throws(SQLFault) {
        let answer = try connection.tell("COMMIT", within: patience)
        // A transaction that failed is rolled back without an error.
        guard answer.command == "COMMIT" else { throw .broken("PostgreSQL rolled the transaction back.") }
    }

    private func rollBack(_ connection: PostgresConnection) {
        guard !connection.isBroken, connection.isInTransaction else { return }
        do throws(SQLFault) {
            _ = try connection.tell("ROLLBACK", within: Self.shortPatience)
        } catch {
            connection.giveUp()
        }
    }

    /// 2 ms after the first try, twice as long after each other, up to 250 ms; half as much more or less, so that two that
    /// got into each other's way do not meet again.
    private static func pause(after attempt: Int) {
        let microseconds = min(250_000, 1000 << UInt32(min(attempt, 10)))
        usleep(UInt32.random(in: UInt32(microseconds / 2)...UInt32(microseconds * 3 / 2)))
    }
}
