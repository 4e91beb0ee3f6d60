import Synchronization
import WeirCore

/// A principal, and what it was made of.
struct FoundPrincipal: Sendable {
    let principal: Principal
    let references: GrantReferences
}

/// Questions about callers that are on their way: one for all who wait for the same answer, each waiting a bounded time.
///
/// Changes that arrive while an answer is on its way are noted, because the answer may be older than they are; such an
/// answer is asked for again.
final class KeyFlights: Sendable {
    typealias Answer = Result<FoundPrincipal?, GatewayFault>
    /// Asks for the caller; nil when there is none. May be called more than once.
    typealias Source = @Sendable () async -> Answer
    /// Told the answer before those who wait, and before any change that comes later is seen: also when it is a failure, or
    /// did not come in time.
    typealias Keeper = @Sendable (Answer) -> Void
    private typealias Waiter = @Sendable (Answer) -> Void

    /// So many may wait for one answer; more are told to come again.
    static let greatestWaiters = 4096
    /// An answer that is older than a change is asked for again so often; after that it holds for those who wait, and for
    /// nobody else.
    static let greatestRounds = 3
    private static let greatestNotes = 256

    private let greatest: Int
    private let wait: UInt64
    private let time: TimeSource
    private let alarm: KeyCache.Alarm
    private let state = Mutex(State())

    private struct State {
        var flights: [KeyDigest: Flight] = [:]
        /// Those that were given up and have not come back among them.
        var underway = 0
        var number: UInt64 = 0
        /// The alarm is set: one for all flights, however many there are.
        var isArmed = false
    }

    private struct Flight {
        let number: UInt64
        let keep: Keeper
        /// Monotonic nanoseconds.
        let deadline: UInt64
        var waiters: [Waiter]
        var changes: [ChangedRecord] = []
        var missedChanges = false
    }

    private enum Landing {
        case done([Waiter])
        /// The answer is older than a change.
        case again
        case givenUp
    }

    /// `wait` in nanoseconds.
    init(greatest: Int, wait: UInt64, time: TimeSource, alarm: @escaping KeyCache.Alarm) {
        self.greatest = greatest
        self.wait = wait
        self.time = time
        self.alarm = alarm
    }

    /// The answer to `source`, or the one that is on its way for the same digest. Fails with `storeUnavailable` when none
    /// comes in time, or too many wait.
    func ask(_ digest: KeyDigest, _ source: @escaping Source, keep: @escaping Keeper) async -> Answer {
        await withCheckedContinuation { continuation in
            join(digest, source, keep) { continuation.resume(returning: $0) }
        }
    }

    /// Something was changed: answers on their way may be older.
    func note(_ change: ChangedRecord) {
        state.withLock { state in
            for digest in state.flights.keys {
                if state.flights[digest]?.changes.count ?? 0 < Self.greatestNotes {
                    state.flights[digest]?.changes.append(change)
                } else {
                    state.flights[digest]?.missedChanges = true
                }
            }
        }
    }

    func noteEverything() {
        state.withLock { state in
            for digest in state.flights.keys { state.flights[digest]?.missedChanges = true }
        }
    }

    // MARK: Flights

    private func join(
        _ digest: KeyDigest, _ source: @escaping Source, _ keep: @escaping Keeper, _ waiter: @escaping Waiter
    ) {
        enum Place {
            case joined, full
            case first(UInt64, arms: Bool)
        }
        let deadline = time.monotonic() &+ wait
        let place = state.withLock { state -> Place in
            if let waiting = state.flights[digest]?.waiters.count {
                guard waiting < Self.greatestWaiters else { return .full }
                state.flights[digest]?.waiters.append(waiter)
                return .joined
            }
            guard state.underway < greatest else { return .full }
            state.number += 1
            state.underway += 1
            state.flights[digest] = Flight(
                number: state.number, keep: keep, deadline: deadline, waiters: [waiter])
            defer { state.isArmed = true }
            return .first(state.number, arms: !state.isArmed)
        }
        switch place {
        case .joined: return
        case .full: waiter(.failure(Self.crowded))
        case .first(let number, let arms):
            if arms { alarm(wait) { self.giveUp() } }
            // It belongs to all who wait, so it must not end with the one who came first.
            Task { await self.fly(digest, number, source) }
        }
    }

    private func fly(_ digest: KeyDigest, _ number: UInt64, _ source: Source) async {
        defer { state.withLock { $0.underway -= 1 } }
        for round in 1...Self.greatestRounds {
            let answer = await source()
            switch land(digest, number, answer, isLast: round == Self.greatestRounds) {
            case .again: continue
            case .givenUp: return
            case .done(let waiters):
                for waiter in waiters { waiter(answer) }
                return
            }
        }
    }

    private func land(_ digest: KeyDigest, _ number: UInt64, _ answer: Answer, isLast: Bool) -> Landing {
        state.withLock { state in
            guard let flight = state.flights[digest], flight.number == number else { return .givenUp }
            if Self.isOld(answer, digest, flight) {
                guard isLast else {
                    state.flights[digest]?.changes = []
                    state.flights[digest]?.missedChanges = false
                    return .again
                }
                if case .success(let found?) = answer { found.principal.revoke() }
            } else {
                flight.keep(answer)
            }
            state.flights[digest] = nil
            return .done(flight.waiters)
        }
    }

    private static func isOld(_ answer: Answer, _ digest: KeyDigest, _ flight: Flight) -> Bool {
        guard case .success(let found) = answer else { return false }
        if flight.missedChanges { return true }
        return flight.changes.contains { change in
            change.digest == digest || found.map { change.concerns($0.references.words) } ?? false
        }
    }

    /// Tells those who have waited long enough, and sets the alarm for the next.
    private func giveUp() {
        let now = time.monotonic()
        let (late, next) = state.withLock { state -> ([Waiter], UInt64?) in
            var late: [Waiter] = []
            for (digest, flight) in state.flights where flight.deadline <= now {
                state.flights[digest] = nil
                flight.keep(.failure(Self.late))
                late += flight.waiters
            }
            let next = state.flights.values.lazy.map(\.deadline).min()
            state.isArmed = next != nil
            return (late, next)
        }
        for waiter in late { waiter(.failure(Self.late)) }
        if let next { alarm(next - now) { self.giveUp() } }
    }

    private static let crowded = GatewayFault(
        .storeUnavailable, "Too many keys are being looked up at the moment. Try again in a second.",
        retryAfter: 1_000_000_000)
    private static let late = GatewayFault(
        .storeUnavailable, "The database did not tell in time whether this key may call. Try again in a second.",
        retryAfter: 1_000_000_000)
}
