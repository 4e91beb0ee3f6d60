import Synchronization

/// A limit on what may be taken in any window (a minute), exact: never more than `limit` in any window, and when all of it is
/// wanted at least 0.98 of it.
///
/// Without a store it decides alone. With one, all replicas together hold the limit: it decides by permits that it has
/// leased, and only when there are none it asks. One lock that is never held over a wait; a local take allocates nothing.
///
/// Times are monotonic nanoseconds. Amounts below 1 are taken without counting; those above 4 294 967 295 as that.
package final class Limiter: Sendable {
    package typealias Decision = LimitDecision
    private typealias Waiter = @Sendable (Decision) -> Void

    /// So many may wait for the store at once; more are refused for 50 ms.
    static let greatestWaiters = 4096
    /// A small one among many that wait may need more than one answer; never more than so many.
    private static let greatestRounds = 3
    private static let crowded: UInt64 = 50_000_000
    private static let closedRetry: UInt64 = 1_000_000_000

    package let id: String
    /// Nanoseconds.
    package let window: UInt64
    let shared: SharedLink?
    private let state: Mutex<State>

    private struct State {
        var limit: Int
        var taken: RateWindow
        var ledger = LeaseLedger()
        var waiters: [Waiting] = []
        /// The number of the question on its way; 0 when there is none.
        var asking: UInt64 = 0
        var asked: UInt64 = 0
        var isRestless = false
        var latest: UInt64 = 0
    }

    private struct Waiting {
        let amount: Int
        let waiter: Waiter
        /// Answers of the store that it has seen without being served.
        var rounds = 0
    }

    private struct Ask {
        let number: UInt64
        let questions: [SharedQuestion]
        let sentAt: UInt64
        let limit: Int
        /// What the smallest of those who wait needs; 0 when only news are told.
        let least: Int
    }

    private struct Wakes {
        var list: [(Waiter, Decision)] = []

        func resume() {
            for (waiter, decision) in list { waiter(decision) }
        }
    }

    /// `window` in nanoseconds. A limit of 0 or less lets nothing in.
    package init(id: String, limit: Int, window: UInt64 = 60_000_000_000, shared: SharedLink? = nil) {
        self.id = id
        self.window = window
        self.shared = shared
        let limit = Self.sane(limit)
        state = Mutex(State(limit: limit, taken: RateWindow(window: window, limit: limit)))
    }

    package var limit: Int { state.withLock { $0.limit } }

    /// The store is away, and nothing is let in without it: what is refused now is not the caller's fault.
    package var isUnavailable: Bool { shared?.isUnavailable ?? false }

    // MARK: Taking

    /// Takes `amount` permits, or none. Never waits.
    package func take(_ amount: Int, at now: UInt64) -> Decision {
        guard let shared else { return state.withLock { state in self.decide(&state, amount, now) } }
        let (decision, ask, restless) = state.withLock { state -> (Decision, Ask?, Bool) in
            let decision = self.decide(&state, amount, now)
            guard decision == .taken else { return (decision, nil, false) }
            return (decision, self.renewal(&state, shared), self.becomesRestless(&state))
        }
        if let ask { send(ask) }
        if restless { shared.add(restless: self) }
        return decision
    }

    /// Takes like `take`, and asks the store when only it can tell. Never answers `.unsure`; waits for the store's answer
    /// at most.
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
            let decision = self.decide(&state, amount, now)
            guard decision == .unsure else { return (decision, nil, self.becomesRestless(&state)) }
            guard state.waiters.count < Self.greatestWaiters else {
                return (.refused(retryAfter: Self.crowded), nil, false)
            }
            state.waiters.append(Waiting(amount: amount, waiter: decided))
            guard state.asking == 0 else { return (nil, nil, false) }
            return (nil, self.question(&state, shared), false)
        }
        if let decision { decided(decision) }
        if let ask { send(ask) }
        if restless { shared.add(restless: self) }
    }

    /// Gives back what was taken at `takenAt` (the time that was handed to `take`) and not used.
    package func giveBack(_ amount: Int, takenAt: UInt64, at now: UInt64) {
        guard amount > 0 else { return }
        let restless = state.withLock { state -> Bool in
            state.taken.advance(to: now)
            let amount = state.taken.remove(amount, takenAt: takenAt)
            guard shared != nil, amount > 0 else { return false }
            state.ledger.giveBack(amount, takenAt: takenAt, at: max(now, state.latest))
            return self.becomesRestless(&state)
        }
        if restless { shared?.add(restless: self) }
    }

    /// Sets a reservation right: what was not used is given back; what was used beyond it counts from now on, even above the
    /// limit.
    package func settle(reserved: Int, used: Int, takenAt: UInt64, at now: UInt64) {
        if used <= reserved {
            giveBack(reserved - max(0, used), takenAt: takenAt, at: now)
            return
        }
        let excess = min(used - max(0, reserved), RateWindow.greatestLimit)
        let restless = state.withLock { state -> Bool in
            state.taken.add(excess, at: now)
            guard shared != nil else { return false }
            let now = max(now, state.latest)
            state.ledger.expire(at: now)
            let leased = min(excess, state.ledger.available)
            if leased > 0 { _ = state.ledger.use(leased, at: now) }
            if excess > leased { state.ledger.useUntold(excess - leased, at: now, window: window) }
            return self.becomesRestless(&state)
        }
        if restless { shared?.add(restless: self) }
    }

    /// How the limit stands, as far as this replica knows: what it took itself, or what the store counted in all when it was
    /// last heard, whichever is more.
    package func reading(at now: UInt64) -> LimitReading {
        state.withLock { state in
            state.taken.advance(to: now)
            var used = state.taken.used
            if let (count, countedAt) = state.ledger.lastCounted, now < countedAt &+ window {
                used = max(used, count - state.ledger.available)
            }
            return LimitReading(
                limit: state.limit, used: used, remaining: max(0, state.limit - used),
                resetAfter: state.taken.freesWhollyAfter())
        }
    }

    /// Changes the limit (a reload). What was taken stays taken.
    package func setLimit(_ limit: Int) {
        let limit = Self.sane(limit)
        state.withLock { state in
            guard state.limit != limit else { return }
            state.limit = limit
            state.taken.adopt(limit: limit)
        }
    }

    /// Nothing is counted, on its way or waited for: dropping this limiter loses nothing. Gives the memory of an idle window
    /// back.
    func isIdle(at now: UInt64) -> Bool {
        state.withLock { state in
            state.taken.releaseIfEmpty(at: now)
            guard state.taken.isEmpty, state.ledger.isQuiet, state.waiters.isEmpty, state.asking == 0 else {
                return false
            }
            state.ledger.clearUses()
            return now > state.latest &+ 2 * window
        }
    }

    // MARK: Inside, with the lock held

    private static func sane(_ limit: Int) -> Int { min(max(0, limit), RateWindow.greatestLimit) }

    private func decide(_ state: inout State, _ amount: Int, _ now: UInt64) -> Decision {
        guard amount > 0 else { return .taken }
        let amount = min(amount, RateWindow.greatestLimit)
        if now > state.latest { state.latest = now }
        state.taken.advance(to: now)
        let excess = state.taken.used + amount - state.limit
        if excess > 0 {
            // What is greater than the limit never fits; a whole window is as good an answer as any.
            return .refused(retryAfter: amount > state.limit ? window : max(1, state.taken.freesAfter(excess)))
        }
        guard let shared else {
            state.taken.add(amount, at: now)
            return .taken
        }
        return decideShared(&state, shared, amount, state.latest)
    }

    private func decideShared(
        _ state: inout State, _ shared: SharedLink, _ amount: Int, _ now: UInt64
    ) -> Decision {
        state.ledger.expire(at: now)
        if state.ledger.use(amount, at: now) {
            state.taken.add(amount, at: now)
            return .taken
        }
        guard shared.phase == .shared else { return decideAlone(&state, shared, amount, now) }
        let refusal = state.ledger.refusal(of: amount, at: now)
        return refusal > 0 ? .refused(retryAfter: refusal) : .unsure
    }

    /// The store does not answer.
    private func decideAlone(
        _ state: inout State, _ shared: SharedLink, _ amount: Int, _ now: UInt64
    ) -> Decision {
        guard shared.failureMode == .open else { return .refused(retryAfter: Self.closedRetry) }
        let share = state.ledger.localShare(
            limit: state.limit, used: state.taken.used, replicas: shared.replicas, window: window, at: now)
        let excess = state.taken.used + amount - share
        if excess > 0 {
            return .refused(retryAfter: amount > share ? window : max(1, state.taken.freesAfter(excess)))
        }
        state.taken.add(amount, at: now)
        state.ledger.useUntold(amount, at: now, window: window)
        return .taken
    }

    private func becomesRestless(_ state: inout State) -> Bool {
        guard !state.isRestless, !state.ledger.isQuiet else { return false }
        state.isRestless = true
        return true
    }

    private func advance(_ state: State, _ shared: SharedLink) -> Int {
        state.ledger.advance(
            rate: state.taken.taken(inLast: 1_000_000_000), limit: state.limit, replicas: shared.replicas)
    }

    /// The next lease, fetched while there is still something at hand.
    private func renewal(_ state: inout State, _ shared: SharedLink) -> Ask? {
        guard state.asking == 0, state.limit > RateWindow.exactLimit, state.ledger.isLow(at: state.latest),
            !state.ledger.mustWait(at: state.latest), shared.phase == .shared, advance(state, shared) > 0
        else { return nil }
        return question(&state, shared)
    }

    /// The news, and a lease for those who wait and those who will come.
    private func question(_ state: inout State, _ shared: SharedLink) -> Ask {
        let now = state.latest
        var questions = state.ledger.news(id: id, replica: shared.replica, window: window, at: now)
        var missing = 0
        var least = Int.max
        for waiting in state.waiters {
            missing = min(missing + waiting.amount, RateWindow.greatestLimit)
            least = min(least, waiting.amount)
        }
        let available = state.ledger.available
        missing = max(0, missing - available)
        let needed = least == .max ? 1 : max(1, least - available)
        let amount = max(missing + advance(state, shared), needed)
        questions.append(
            .lease(
                id: id, limit: state.limit, windowMilliseconds: Int(window / 1_000_000), amount: amount, atLeast: needed
            ))
        state.asked += 1
        state.asking = state.asked
        return Ask(
            number: state.asked, questions: questions, sentAt: now, limit: state.limit,
            least: least == .max ? 1 : least)
    }

    // MARK: Questions and answers

    private func send(_ ask: Ask) {
        guard let shared else { return }
        shared.ask(ask.questions) { answers in
            if answers == nil { shared.missedAnswer() } else { shared.gotAnswer() }
            self.heard(answers, to: ask, shared)
        }
    }

    private func heard(_ answers: [SharedAnswer]?, to ask: Ask, _ shared: SharedLink) {
        let now = shared.clock()
        var wakes = Wakes()
        let (next, restless, forgot) = state.withLock { state -> (Ask?, Bool, Bool) in
            guard state.asking == ask.number else { return (nil, false, false) }
            state.asking = 0
            if now > state.latest { state.latest = now }
            var forgot = false
            let leases = ask.least > 0
            let isValid = answers?.count == ask.questions.count
            if isValid {
                state.ledger.told()
                if leases { forgot = !self.takeIn(answers?.last, to: ask, &state) }
                if forgot { self.tellAll(&state) }
            }
            // One lost answer is asked for again; `decide` knows when the store is away.
            self.serve(&state, shared, mayAsk: !forgot, wasLost: !isValid, &wakes)
            let next = state.waiters.isEmpty ? nil : self.question(&state, shared)
            return (next, self.becomesRestless(&state), forgot)
        }
        if forgot { shared.noteForgotten(at: now) }
        wakes.resume()
        if restless { shared.add(restless: self) }
        if let next { send(next) }
    }

    /// - Returns: false when the store has forgotten.
    private func takeIn(_ answer: SharedAnswer?, to ask: Ask, _ state: inout State) -> Bool {
        guard case .lease(let granted, let bucket, let remaining, let frees) = answer else { return true }
        let now = state.latest
        let known = state.ledger.granted(
            granted, bucket: bucket, remaining: remaining, limit: ask.limit, window: window, sentAt: ask.sentAt,
            at: now)
        if known, granted == 0 {
            // Replicas that wait for the same bucket must not all come back in the same millisecond.
            let jitter = (ask.number &* 0x9E37_79B9_7F4A_7C15 >> 40) % 5_000_000
            state.ledger.refused(
                from: remaining > 0 ? ask.least : 1, frees: now &+ UInt64(max(1, frees)) &* 1_000_000 &+ jitter,
                at: now)
        }
        return known
    }

    private func tellAll(_ state: inout State) {
        state.taken.advance(to: state.latest)
        state.ledger.forgot(uses: state.taken.uses(), at: state.latest)
    }

    /// Answers those who wait: from what is at hand, or by what this replica knows itself. Who can be told neither waits for
    /// another answer, if that `mayAsk`.
    private func serve(
        _ state: inout State, _ shared: SharedLink, mayAsk: Bool, wasLost: Bool, _ wakes: inout Wakes
    ) {
        let waiting = state.waiters
        state.waiters = []
        for var one in waiting {
            var decision = decide(&state, one.amount, state.latest)
            one.rounds += 1
            let isLast = one.rounds >= Self.greatestRounds
            if decision == .unsure, !mayAsk || isLast && wasLost {
                decision = decideAlone(&state, shared, one.amount, state.latest)
            } else if decision == .unsure, isLast {
                decision = .refused(retryAfter: Self.crowded)
            }
            if decision == .unsure { state.waiters.append(one) } else { wakes.list.append((one.waiter, decision)) }
        }
    }
}

extension Limiter: SharedUser {
    func staysRestless() -> Bool {
        state.withLock { state in
            state.isRestless = !state.ledger.isQuiet
            return state.isRestless
        }
    }

    func storeForgot(at now: UInt64) {
        let restless = state.withLock { state -> Bool in
            if now > state.latest { state.latest = now }
            self.tellAll(&state)
            return self.becomesRestless(&state)
        }
        if restless { shared?.add(restless: self) }
    }

    func tend(at now: UInt64) -> SharedErrand? {
        guard let shared, shared.phase != .away else { return nil }
        let ask = state.withLock { state -> Ask? in
            if now > state.latest { state.latest = now }
            state.taken.advance(to: now)
            state.ledger.expire(at: now)
            guard state.asking == 0 else { return nil }
            if let ask = self.renewal(&state, shared) { return ask }
            guard state.ledger.hasNews else { return nil }
            let questions = state.ledger.news(id: id, replica: shared.replica, window: window, at: now)
            guard !questions.isEmpty else { return nil }
            state.asked += 1
            state.asking = state.asked
            return Ask(
                number: state.asked, questions: questions, sentAt: now, limit: state.limit, least: 0)
        }
        guard let ask else { return nil }
        return SharedErrand(questions: ask.questions) { answers in self.heard(answers, to: ask, shared) }
    }
}
