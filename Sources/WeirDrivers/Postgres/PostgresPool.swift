import Dispatch
import Synchronization
import WeirCore
import WeirStorage

/// Connections to one PostgreSQL: opened when needed, each with a queue and so a thread of its own while it works, closed
/// when nobody wanted them for a while.
///
/// A dead database is not asked over and over: after a failed attempt everybody hears of it at once for 250 ms, then one
/// attempt is made for all.
final class PostgresPool: Sendable {
    typealias Borrower = @Sendable (Result<PostgresConnection, SQLFault>) -> Void

    /// How long a failed attempt to connect speaks for the next ones, in nanoseconds.
    static let memory: UInt64 = 250_000_000

    private struct Waiter {
        let deadline: UInt64
        let borrower: Borrower
    }

    private struct State {
        var idle: [(connection: PostgresConnection, since: UInt64)] = []
        /// All connections, those being made and those lent included.
        var open = 0
        var connecting = 0
        var waiters: [Waiter] = []
        var generation = 0
        var failure: (at: UInt64, fault: SQLFault)?
        var isClosed = false
        var closers: [CheckedContinuation<Void, Never>] = []
        var nextTick = UInt64.max

        /// Connections that exist.
        var live: Int { open - connecting }
    }

    /// What is to be done once the lock is free again.
    private enum Step {
        case nothing
        case use(PostgresConnection, Borrower)
        case connect(Borrower)
        case fail([Borrower], SQLFault)
    }

    private let settings: PostgresSettings
    private let time: TimeSource
    private let state = Mutex(State())

    init(_ settings: PostgresSettings, time: TimeSource) {
        self.settings = settings
        self.time = time
    }

    /// Connections that exist or are being made.
    var count: Int { state.withLock { $0.open } }

    /// Calls the borrower on the queue of a connection, which he must give back from there; or tells him at once, or when
    /// his time is up, why there is none.
    func lend(_ borrower: @escaping Borrower) {
        let step = state.withLock { state -> Step in
            if state.isClosed { return .fail([borrower], Self.closed) }
            if let idle = state.idle.popLast() { return .use(idle.connection, borrower) }
            return admit(borrower, &state)
        }
        take(step)
    }

    /// To be called on the connection's queue, as the last thing that is done with it.
    func giveBack(_ connection: PostgresConnection) {
        let step = state.withLock { state -> Step in
            if connection.isBroken || connection.generation != state.generation || state.isClosed {
                state.open -= 1
                return replaced(&state)
            }
            if !state.waiters.isEmpty { return .use(connection, state.waiters.removeFirst().borrower) }
            let now = time.monotonic()
            state.idle.append((connection, now))
            plan(at: now + settings.idleTimeout.nanoseconds, &state)
            return .nothing
        }
        take(step)
    }

    /// Lets no connection that exists now serve anybody who comes later.
    func renew() {
        let stale = state.withLock { state in
            state.generation += 1
            defer { state.idle = [] }
            state.open -= state.idle.count
            return state.idle
        }
        withExtendedLifetime(stale) {}
    }

    /// Ends when all connections are closed; who waits is turned away.
    func close() async {
        await withCheckedContinuation { done in
            let (waiters, stale, isDone) = state.withLock { state in
                state.isClosed = true
                let found = (state.waiters, state.idle)
                state.open -= state.idle.count
                state.idle = []
                state.waiters = []
                if state.open > 0 { state.closers.append(done) }
                return (found.0, found.1, state.open == 0)
            }
            take(.fail(waiters.map(\.borrower), Self.closed))
            withExtendedLifetime(stale) {}
            if isDone { done.resume() }
        }
    }

    private static let closed = SQLFault.unavailable("The database is closed.")

    /// Nothing is idle: a new connection, a place in the queue, or the news that the database is down.
    private func admit(_ borrower: @escaping Borrower, _ state: inout State) -> Step {
        let now = time.monotonic()
        var mayConnect = state.open < settings.poolLimit
        if let failure = state.failure, state.connecting > 0 || now < failure.at + Self.memory {
            if state.live == 0 { return .fail([borrower], failure.fault) }
            mayConnect = false
        }
        if mayConnect {
            state.open += 1
            state.connecting += 1
            return .connect(borrower)
        }
        guard state.waiters.count < settings.queueLimit else {
            return .fail([borrower], .unavailable("Too many wait for a connection to PostgreSQL at \(settings.place)."))
        }
        let deadline = now + settings.poolTimeout.nanoseconds
        state.waiters.append(Waiter(deadline: deadline, borrower: borrower))
        plan(at: deadline, &state)
        return .nothing
    }

    /// A connection is gone: somebody has to be there for those who wait.
    private func replaced(_ state: inout State) -> Step {
        if state.isClosed, state.open == 0 {
            for closer in state.closers { closer.resume() }
            state.closers = []
        }
        guard let first = state.waiters.first else { return .nothing }
        if let failure = state.failure, state.connecting > 0 || time.monotonic() < failure.at + Self.memory {
            return state.open == 0 ? failAll(failure.fault, &state) : .nothing
        }
        state.waiters.removeFirst()
        state.open += 1
        state.connecting += 1
        return .connect(first.borrower)
    }

    private func failAll(_ fault: SQLFault, _ state: inout State) -> Step {
        defer { state.waiters = [] }
        return .fail(state.waiters.map(\.borrower), fault)
    }

    private func take(_ step: Step) {
        switch step {
        case .nothing: break
        case .use(let connection, let borrower): connection.queue.async { borrower(.success(connection)) }
        case .fail(let borrowers, let fault): for borrower in borrowers { borrower(.failure(fault)) }
        case .connect(let borrower):
            let queue = DispatchQueue(label: "weir.postgres")
            queue.async { [self] in connect(borrower, on: queue) }
        }
    }

    private func connect(_ borrower: @escaping Borrower, on queue: DispatchQueue) {
        do throws(SQLFault) {
            let connection = try PostgresConnection(settings, queue: queue)
            let isWanted = state.withLock { state in
                state.connecting -= 1
                state.failure = nil
                connection.generation = state.generation
                return !state.isClosed
            }
            if isWanted {
                borrower(.success(connection))
            } else {
                giveBack(connection)
                borrower(.failure(Self.closed))
            }
        } catch {
            let steps = state.withLock { state in failed(borrower, error, &state) }
            for step in steps { take(step) }
        }
    }

    /// As long as there are other connections (the server has no room for more, perhaps) they serve this borrower, too.
    private func failed(_ borrower: @escaping Borrower, _ fault: SQLFault, _ state: inout State) -> [Step] {
        let now = time.monotonic()
        state.connecting -= 1
        state.open -= 1
        state.failure = (now, fault)
        if !state.isClosed, let idle = state.idle.popLast() { return [.use(idle.connection, borrower)] }
        if !state.isClosed, state.live > 0 {
            let deadline = now + settings.poolTimeout.nanoseconds
            state.waiters.append(Waiter(deadline: deadline, borrower: borrower))
            plan(at: deadline, &state)
            return []
        }
        let alone = Step.fail([borrower], fault)
        guard state.open == 0 else { return [alone] }
        return [alone, failAll(fault, &state), replaced(&state)]
    }

    /// One timer runs at most, the earliest; those that were set before it find nothing to do.
    private func plan(at moment: UInt64, _ state: inout State) {
        guard moment < state.nextTick else { return }
        state.nextTick = moment
        let now = time.monotonic()
        let delay = moment > now ? moment - now : 0
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(clamping: delay))) { [weak self] in
            self?.tick()
        }
    }

    /// Turns away those whose time is up, and closes connections that nobody needs.
    func tick() {
        let now = time.monotonic()
        let (late, stale) = state.withLock { state in
            let late = state.waiters.filter { $0.deadline <= now }
            state.waiters.removeAll { $0.deadline <= now }
            let stale = state.idle.filter { $0.since + settings.idleTimeout.nanoseconds <= now }
            state.idle.removeAll { $0.since + settings.idleTimeout.nanoseconds <= now }
            state.open -= stale.count
            state.nextTick = .max
            let moments =
                state.waiters.map(\.deadline) + state.idle.map { $0.since + settings.idleTimeout.nanoseconds }
            if let next = moments.min() { plan(at: next, &state) }
            return (late, stale)
        }
        withExtendedLifetime(stale) {}
        let seconds = settings.poolTimeout.wholeSeconds
        let fault = SQLFault.unavailable(
            "No connection to PostgreSQL at \(settings.place) became free within \(seconds) s; all "
                + "\(settings.poolLimit) are in use.")
        take(.fail(late.map(\.borrower), fault))
    }
}
