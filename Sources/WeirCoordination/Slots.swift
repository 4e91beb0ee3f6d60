import Synchronization

/// A limit on what runs at once. Without a store it counts alone. With one, the replica holds slots of the shared number for
/// as long as it uses them: it asks for more before it runs out, and lets go of what it does not use.
///
/// The store frees the slots of a replica that has not been heard for 3 s. Times are monotonic nanoseconds; amounts below 1
/// are taken without counting.
package final class Slots: Sendable {
    package typealias Decision = LimitDecision
    private typealias Waiter = @Sendable (Decision) -> Void

    /// What a refusal names: nobody knows when a running request ends.
    package static let retryAfter: UInt64 = 1_000_000_000
    /// After a refusal of the store the replica refuses by itself for so long.
    private static let pause: UInt64 = 50_000_000
    /// Slots at hand beyond those in use are let go of when they were not used for so long.
    private static let keep: UInt64 = 1_000_000_000

    package let id: String
    let shared: SharedLink?
    private let state: Mutex<State>

    private struct State {
        var limit: Int
        var used = 0
        /// Slots that the store has noted for this replica, or a lower number.
        var held = 0
        /// The most that were used since `peakSince`.
        var peak = 0
        var peakSince: UInt64 = 0
        var waiters: [Waiting] = []
        var asking: UInt64 = 0
        var asked: UInt64 = 0
        var refusedUntil: UInt64 = 0
        var isRestless = false
        var latest: UInt64 = 0
        /// The store noted more or less than `held` says: it must hear the true number.
        var isUntold = false
    }

    private struct Waiting {
        let amount: Int
        let waiter: Waiter
        var rounds = 0
    }

    private struct Ask {
        let number: UInt64
        let question: SharedQuestion
        let wanted: Int
    }

    package init(id: String, limit: Int, shared: SharedLink? = nil) {
        self.id = id
        self.shared = shared
        state = Mutex(State(limit: max(0, limit)))
    }

    package var limit: Int { state.withLock { $0.limit } }

    /// The store is away, and nothing is let in without it.
    package var isUnavailable: Bool { shared?.isUnavailable ?? false }

    // MARK: Taking

    /// Takes `amount` slots, or none. Never waits.
    package func take(_ amount: Int, at now: UInt64) -> Decision {
        guard let shared else { return state.withLock { state in self.decideAlone(&state, amount) } }
        let (decision, ask, restless) = state.withLock { state -> (Decision, Ask?, Bool) in
            let decision = self.decide(&state, shared, amount, now)
            guard decision == .taken else { return (decision, nil, false) }
            return (decision, self.growth(&state, shared), self.becomesRestless(&state))
        }
        if let ask { send(ask, shared) }
        if restless { shared.add(restless: self) }
        return decision
    }

    /// Takes like `take`, and asks the store when only it can tell. Never answers `.unsure`.
    package func takeAsking(_ amount: Int, at now: UInt64) async -> Decision {
        let decision = take(amount, at: now)
        guard decision == .unsure else { return decision }
        return await withUnsafeContinuation { waiter in
            takeAsking(amount, at: now) { waiter.resume(returning: $0) }
        }
    }

    /// The same without a task: `decided` is called exactly once, at once or on the thread that brings the store's answer.
    package func takeAsking(_ amount: Int, at now: UInt64, _ decided: @escaping @Sendable (Decision) -> Void) {
        guard let shared else {
            decided(take(amount, at: now))
            return
        }
        let (decision, ask, restless) = state.withLock { state -> (Decision?, Ask?, Bool) in
            let decision = self.decide(&state, shared, amount, now)
            guard decision == .unsure else { return (decision, nil, self.becomesRestless(&state)) }
            guard state.waiters.count < Limiter.greatestWaiters else {
                return (.refused(retryAfter: Self.retryAfter), nil, false)
            }
            state.waiters.append(Waiting(amount: amount, waiter: decided))
            guard state.asking == 0 else { return (nil, nil, false) }
            return (nil, self.question(&state, shared, held: state.held, wanted: self.wish(state, shared)), false)
        }
        if let decision { decided(decision) }
        if let ask { send(ask, shared) }
        if restless { shared.add(restless: self) }
    }

    /// Gives back what is over. `takenAt` and `now` are not needed to count; they are there so that both kinds of limit are
    /// used alike.
    package func giveBack(_ amount: Int, takenAt: UInt64, at now: UInt64) {
        guard amount > 0 else { return }
        state.withLock { state in
            state.used = max(0, state.used - amount)
            if now > state.latest { state.latest = now }
        }
    }

    package func reading(at now: UInt64) -> LimitReading {
        state.withLock { state in
            LimitReading(
                limit: state.limit, used: state.used, remaining: max(0, state.limit - state.used),
                resetAfter: state.used > 0 ? Self.retryAfter : 0)
        }
    }

    /// What runs now on this replica.
    package var inUse: Int { state.withLock { $0.used } }

    package func setLimit(_ limit: Int) {
        state.withLock { $0.limit = max(0, limit) }
    }

    func isIdle(at now: UInt64) -> Bool {
        state.withLock { state in
            state.used == 0 && state.held == 0 && state.waiters.isEmpty && state.asking == 0 && !state.isUntold
        }
    }

    // MARK: Inside, with the lock held

    private func decideAlone(_ state: inout State, _ amount: Int, upTo share: Int = .max) -> Decision {
        guard amount > 0 else { return .taken }
        guard amount <= min(state.limit, share) - state.used else { return .refused(retryAfter: Self.retryAfter) }
        state.used += amount
        state.peak = max(state.peak, state.used)
        return .taken
    }

    private func decide(_ state: inout State, _ shared: SharedLink, _ amount: Int, _ now: UInt64) -> Decision {
        if now > state.latest { state.latest = now }
        guard amount > 0 else { return .taken }
        guard amount <= state.limit - state.used else { return .refused(retryAfter: Self.retryAfter) }
        if amount <= state.held - state.used { return decideAlone(&state, amount) }
        guard shared.phase == .shared else { return decideByShare(&state, shared, amount) }
        if state.latest < state.refusedUntil { return .refused(retryAfter: Self.retryAfter) }
        return .unsure
    }

    /// The store does not answer: what is held, or an equal part of the limit if that is more.
    private func decideByShare(_ state: inout State, _ shared: SharedLink, _ amount: Int) -> Decision {
        guard shared.failureMode == .open else { return .refused(retryAfter: Self.retryAfter) }
        let share = max(state.held, max(1, state.limit / shared.replicas))
        let decision = decideAlone(&state, amount, upTo: share)
        if state.used > state.held { state.isUntold = true }
        return decision
    }

    private func isQuiet(_ state: State) -> Bool { state.held == 0 && !state.isUntold }

    private func becomesRestless(_ state: inout State) -> Bool {
        guard !state.isRestless, !isQuiet(state) else { return false }
        state.isRestless = true
        return true
    }

    /// Slots worth having: those in use, those that are waited for, and a quarter more, so that the next one need not wait.
    private func wish(_ state: State, _ shared: SharedLink) -> Int {
        var needed = state.used
        for one in state.waiters { needed = min(needed + one.amount, state.limit) }
        let spare = state.limit / shared.replicas < 8 ? 0 : min(needed / 4, state.limit / (4 * shared.replicas))
        return min(needed + spare, state.limit)
    }

    private func growth(_ state: inout State, _ shared: SharedLink) -> Ask? {
        guard state.asking == 0, shared.phase == .shared, state.latest >= state.refusedUntil else { return nil }
        let wish = wish(state, shared)
        guard wish > state.held, (state.held - state.used) * 8 < state.used else { return nil }
        return question(&state, shared, held: state.held, wanted: wish)
    }

    private func question(_ state: inout State, _ shared: SharedLink, held: Int, wanted: Int) -> Ask {
        state.asked += 1
        state.asking = state.asked
        return Ask(
            number: state.asked,
            question: .slots(
                id: id, limit: state.limit, replica: shared.replica, held: held, wanted: max(held, wanted)),
            wanted: max(held, wanted))
    }

    // MARK: Questions and answers

    private func send(_ ask: Ask, _ shared: SharedLink) {
        shared.ask([ask.question]) { answers in
            if answers == nil { shared.missedAnswer() } else { shared.gotAnswer() }
            self.heard(answers, to: ask, shared)
        }
    }

    private func heard(_ answers: [SharedAnswer]?, to ask: Ask, _ shared: SharedLink) {
        let now = shared.clock()
        var wakes: [(Waiter, Decision)] = []
        let (next, restless) = state.withLock { state -> (Ask?, Bool) in
            guard state.asking == ask.number else { return (nil, false) }
            state.asking = 0
            if now > state.latest { state.latest = now }
            if case .slots(let granted) = answers?.first {
                state.held = granted
                // What was taken meanwhile by the share of a phase without the store.
                state.isUntold = state.used > granted
                if granted < ask.wanted { state.refusedUntil = state.latest &+ Self.pause }
            } else {
                // It may have been done or not: the next question says what is held.
                state.isUntold = true
            }
            self.serve(&state, shared, wasLost: answers == nil, &wakes)
            var next: Ask?
            if !state.waiters.isEmpty {
                next = self.question(&state, shared, held: state.held, wanted: self.wish(state, shared))
            }
            return (next, self.becomesRestless(&state))
        }
        for (waiter, decision) in wakes { waiter(decision) }
        if restless { shared.add(restless: self) }
        if let next { send(next, shared) }
    }

    private func serve(_ state: inout State, _ shared: SharedLink, wasLost: Bool, _ wakes: inout [(Waiter, Decision)]) {
        let waiting = state.waiters
        state.waiters = []
        for var one in waiting {
            var decision = decide(&state, shared, one.amount, state.latest)
            one.rounds += 1
            if decision == .unsure, one.rounds >= 3 {
                decision =
                    wasLost ? decideByShare(&state, shared, one.amount) : .refused(retryAfter: Self.retryAfter)
            }
            if decision == .unsure { state.waiters.append(one) } else { wakes.append((one.waiter, decision)) }
        }
    }
}

extension Slots: SharedUser {
    func staysRestless() -> Bool {
        state.withLock { state in
            state.isRestless = !self.isQuiet(state)
            return state.isRestless
        }
    }

    func storeForgot(at now: UInt64) {
        state.withLock { $0.isUntold = true }
    }

    /// This replica stops: what it holds and does not use goes back at once.
    func leave() {
        guard let shared, shared.phase != .away else { return }
        let ask = state.withLock { state -> Ask? in
            guard state.held > state.used else { return nil }
            state.held = state.used
            return self.question(&state, shared, held: state.held, wanted: state.held)
        }
        if let ask { send(ask, shared) }
    }

    func tend(at now: UInt64) -> SharedErrand? {
        guard let shared, shared.phase != .away else { return nil }
        let ask = state.withLock { state -> Ask? in
            if now > state.latest { state.latest = now }
            guard state.asking == 0 else { return nil }
            if state.latest >= state.peakSince &+ Self.keep {
                let spare = state.held - state.peak
                state.peak = state.used
                state.peakSince = state.latest
                if spare > 0 {
                    // Lowered before it is told: nothing is used any more that somebody else may get.
                    state.held -= spare
                    return self.question(&state, shared, held: state.held, wanted: state.held)
                }
            }
            guard state.isUntold else { return nil }
            let held = max(state.held, state.used)
            return self.question(&state, shared, held: held, wanted: held)
        }
        guard let ask else { return nil }
        return SharedErrand(questions: [ask.question]) { answers in self.heard(answers, to: ask, shared) }
    }
}
