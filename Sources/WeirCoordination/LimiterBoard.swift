import Synchronization
import WeirCore

/// All limits of a process by their ids. Whoever uses one keeps the reference; the board keeps it over reloads, so that a
/// new configuration does not start new windows.
package final class LimiterBoard: Sendable {
    /// Nanoseconds between two heartbeats.
    package static let heartbeat: UInt64 = 1_000_000_000
    /// So many questions go to the store in one round trip at most.
    private static let greatestBatch = 256
    /// One shelf is swept in each tick, so that a million idle limits are never looked at in one go.
    private static let shelfCount = 64
    private static let pulseID = "~pulse"
    private static let pulseWindow: UInt64 = 60_000_000_000
    private static let pulseLimit = 1 << 30

    package let shared: SharedLink?
    private let state = Mutex(State())
    private let shelves: [Shelf]

    private final class Shelf: Sendable {
        let content = Mutex(Content())

        struct Content {
            var limiters: [String: Limiter] = [:]
            var slots: [String: Slots] = [:]
        }
    }

    private struct State {
        var nextHeartbeat: UInt64 = 0
        var nextShelf = 0
        var isBeating = false
        /// Heartbeats that the store has counted: if it counts fewer, it has forgotten.
        var pulses = RateWindow(window: pulseWindow, limit: 0)
        var report: [UInt8] = []
        var replicas: [SharedReplica] = []
    }

    package init(shared: SharedLink? = nil) {
        self.shared = shared
        shelves = (0..<Self.shelfCount).map { _ in Shelf() }
    }

    /// The limiter with this id, made when there is none; an existing one takes the new limit. The window of an existing one
    /// stays as it is.
    package func limiter(id: String, limit: Int, window: UInt64 = 60_000_000_000) -> Limiter {
        let limiter = shelf(of: id).content.withLock { content -> Limiter in
            if let limiter = content.limiters[id] { return limiter }
            let limiter = Limiter(id: id, limit: limit, window: window, shared: shared)
            content.limiters[id] = limiter
            return limiter
        }
        limiter.setLimit(limit)
        return limiter
    }

    /// The slots with this id, made when there are none; existing ones take the new limit.
    package func slots(id: String, limit: Int) -> Slots {
        let slots = shelf(of: id).content.withLock { content -> Slots in
            if let slots = content.slots[id] { return slots }
            let slots = Slots(id: id, limit: limit, shared: shared)
            content.slots[id] = slots
            return slots
        }
        slots.setLimit(limit)
        return slots
    }

    /// Limiters and slots that are kept.
    package var count: Int {
        shelves.reduce(0) { sum, shelf in sum + shelf.content.withLock { $0.limiters.count + $0.slots.count } }
    }

    /// What this replica tells with its next heartbeats (`ReplicaReport`).
    package func publish(_ report: [UInt8]) { state.withLock { $0.report = report } }

    /// What the other replicas told last. Empty without a store, and when it has not been heard yet.
    package func others() -> [SharedReplica] {
        guard let shared else { return [] }
        return state.withLock { state in state.replicas.filter { $0.name != shared.replica } }
    }

    /// To be called about every 100 ms by one caller at a time: renews leases, gives back what is over, tells what was used
    /// without the store, beats once a second, drops what is idle. Never waits.
    package func tick(at now: UInt64) {
        sweepNextShelf(at: now)
        guard let shared else { return }
        beatIfDue(shared, at: now)
        shared.healIfDue(at: now)
        if shared.takeForgotten() { tellAll(at: now) }
        tend(shared, at: now)
    }

    /// This replica stops: slots that it holds and does not use go to the others. The answers come by themselves.
    package func leave() {
        for shelf in shelves {
            for slots in shelf.content.withLock({ Array($0.slots.values) }) { slots.leave() }
        }
    }

    // MARK: Inside

    private func shelf(of id: String) -> Shelf {
        // The standard library's hash would be computed twice.
        return shelves[Int(Digest64(of: id).value >> 32 % UInt64(Self.shelfCount))]
    }

    private func tend(_ shared: SharedLink, at now: UInt64) {
        var errands: [SharedErrand] = []
        var count = 0
        for user in shared.takeRestless() {
            if let errand = user.tend(at: now) {
                if count > 0, count + errand.questions.count > Self.greatestBatch {
                    ask(errands, shared)
                    errands = []
                    count = 0
                }
                errands.append(errand)
                count += errand.questions.count
            }
            if user.staysRestless() { shared.add(restless: user) }
        }
        if !errands.isEmpty { ask(errands, shared) }
    }

    /// One round trip for all; each gets its own answers.
    private func ask(_ errands: [SharedErrand], _ shared: SharedLink) {
        let questions = errands.flatMap(\.questions)
        shared.ask(questions) { answers in
            guard let answers, answers.count == questions.count else {
                shared.missedAnswer()
                for errand in errands { errand.answer(nil) }
                return
            }
            shared.gotAnswer()
            var start = 0
            for errand in errands {
                let end = start + errand.questions.count
                errand.answer(Array(answers[start..<end]))
                start = end
            }
        }
    }

    private func tellAll(at now: UInt64) {
        for shelf in shelves {
            let (limiters, slots) = shelf.content.withLock { (Array($0.limiters.values), Array($0.slots.values)) }
            for limiter in limiters { limiter.storeForgot(at: now) }
            for slots in slots { slots.storeForgot(at: now) }
        }
    }

    private func beatIfDue(_ shared: SharedLink, at now: UInt64) {
        let report = state.withLock { state -> [UInt8]? in
            guard now >= state.nextHeartbeat, !state.isBeating else { return nil }
            state.nextHeartbeat = now &+ Self.heartbeat
            state.isBeating = true
            return state.report
        }
        guard let report else { return }
        let questions: [SharedQuestion] = [
            .heartbeat(replica: shared.replica, report: report),
            .lease(
                id: Self.pulseID, limit: Self.pulseLimit,
                windowMilliseconds: Int(Self.pulseWindow / 1_000_000), amount: 1, atLeast: 1),
        ]
        shared.ask(questions) { answers in self.heardHeartbeat(answers, shared, sentAt: now) }
    }

    private func heardHeartbeat(_ answers: [SharedAnswer]?, _ shared: SharedLink, sentAt: UInt64) {
        let now = shared.clock()
        guard state.withLock({ $0.isBeating }) else { return }
        guard let answers, answers.count == 2, case .replicas(let replicas) = answers[0],
            case .lease(let granted, _, let remaining, _) = answers[1]
        else {
            state.withLock { $0.isBeating = false }
            shared.missedAnswer()
            return
        }
        let forgot = state.withLock { state -> Bool in
            state.isBeating = false
            state.replicas = replicas
            state.pulses.advance(to: now)
            let forgot = Self.pulseLimit - remaining - granted < state.pulses.used
            if forgot { state.pulses = RateWindow(window: Self.pulseWindow, limit: 0) }
            state.pulses.add(granted, at: sentAt)
            return forgot
        }
        if forgot { shared.noteForgotten(at: now) }
        shared.saw(replicas: replicas.count)
        shared.gotAnswer()
        if forgot {
            return
        } else if shared.phase == .away {
            shared.startHealing(at: now)
        }
    }

    private func sweepNextShelf(at now: UInt64) {
        let number = state.withLock { state -> Int in
            state.nextShelf = (state.nextShelf + 1) % Self.shelfCount
            return state.nextShelf
        }
        shelves[number].content.withLock { content in
            // Only what nobody else holds: two limiters with one id would let twice the limit in.
            for id in Array(content.limiters.keys) {
                guard let index = content.limiters.index(forKey: id) else { continue }
                let isIdle = content.limiters.values[index].isIdle(at: now)
                if isKnownUniquelyReferenced(&content.limiters.values[index]), isIdle {
                    content.limiters.remove(at: index)
                }
            }
            for id in Array(content.slots.keys) {
                guard let index = content.slots.index(forKey: id) else { continue }
                let isIdle = content.slots.values[index].isIdle(at: now)
                if isKnownUniquelyReferenced(&content.slots.values[index]), isIdle {
                    content.slots.remove(at: index)
                }
            }
        }
    }
}
