import Synchronization

/// How the limiters of one replica stand to the store that all replicas share.
package final class SharedLink: Sendable {
    /// What is let in while the store is away.
    package enum FailureMode: Sendable, Equatable {
        /// Each replica goes on with its share of every limit.
        case open
        /// What cannot be decided is refused.
        case closed
    }

    /// The phases of the way to the store and back.
    package enum Phase: UInt8, Sendable {
        case shared
        /// The store does not answer: nobody asks it but the heartbeat.
        case away
        /// It answers again: replicas tell what they used meanwhile, and lease only when the others have had the time to
        /// do so too.
        case healing
    }

    /// This many questions in a row without an answer mean that the store is away.
    static let failuresUntilAway = 3
    /// How long replicas tell before they lease again, in nanoseconds: two heartbeats.
    static let healingTime: UInt64 = 2_000_000_000

    let store: any SharedState
    /// Monotonic nanoseconds: an answer comes at a time that nobody hands in.
    let clock: @Sendable () -> UInt64
    /// This replica's name; unique for each start of a process.
    package let replica: String
    package let failureMode: FailureMode

    private let phaseNow = Atomic<UInt8>(Phase.shared.rawValue)
    private let failuresInRow = Atomic<Int>(0)
    private let replicasSeen = Atomic<Int>(1)
    private let forgotten = Atomic<Bool>(false)
    private let knownLosses = Atomic<UInt64>(0)
    private let healedAt = Atomic<UInt64>(0)
    /// Those that have something to tell or to renew: `tick` looks at nobody else.
    private let restless = Mutex<[any SharedUser]>([])

    package init(
        store: any SharedState, replica: String, failureMode: FailureMode = .open,
        clock: @escaping @Sendable () -> UInt64
    ) {
        self.store = store
        self.replica = replica
        self.failureMode = failureMode
        self.clock = clock
    }

    package var phase: Phase { Phase(rawValue: phaseNow.load(ordering: .acquiring)) ?? .away }

    /// Replicas that lived at the last heartbeat; at least 1.
    package var replicas: Int { replicasSeen.load(ordering: .relaxed) }

    /// While the store is away or has lost its memory, replicas that have not told yet still live.
    func saw(replicas: Int) {
        if phase == .shared {
            replicasSeen.store(max(1, replicas), ordering: .relaxed)
        } else {
            replicasSeen.max(replicas, ordering: .relaxed)
        }
    }

    /// Asks the store. The first answers over a new connection are not believed: nobody leases from a store that may have
    /// forgotten until all replicas have told it what they used.
    func ask(_ questions: [SharedQuestion], answer: @escaping @Sendable ([SharedAnswer]?) -> Void) {
        store.ask(questions) { [self] answers in
            guard let answers else { return answer(nil) }
            let losses = store.losses
            guard knownLosses.exchange(losses, ordering: .acquiringAndReleasing) == losses else {
                noteForgotten(at: clock())
                return answer(nil)
            }
            answer(answers)
        }
    }

    /// Something was asked and not answered.
    func missedAnswer() {
        if failuresInRow.wrappingAdd(1, ordering: .relaxed).newValue >= Self.failuresUntilAway {
            phaseNow.store(Phase.away.rawValue, ordering: .releasing)
        }
    }

    func gotAnswer() { failuresInRow.store(0, ordering: .relaxed) }

    /// The store counts less than this replica knows to have been counted: nobody leases until all have told what they used.
    func noteForgotten(at now: UInt64) {
        forgotten.store(true, ordering: .releasing)
        startHealing(at: now)
    }

    /// Whether it was noted since the last call.
    func takeForgotten() -> Bool { forgotten.exchange(false, ordering: .acquiringAndReleasing) }

    /// The last question was answered, and nothing has to be mended.
    var isHeard: Bool { phase == .shared && failuresInRow.load(ordering: .relaxed) == 0 }

    /// Nothing is let in without the store, and it was not heard.
    var isUnavailable: Bool { failureMode == .closed && !isHeard }

    func startHealing(at now: UInt64) {
        healedAt.store(now &+ Self.healingTime, ordering: .relaxed)
        phaseNow.store(Phase.healing.rawValue, ordering: .releasing)
    }

    /// Ends the healing when its time is over.
    func healIfDue(at now: UInt64) {
        guard phase == .healing, now >= healedAt.load(ordering: .relaxed) else { return }
        _ = phaseNow.compareExchange(
            expected: Phase.healing.rawValue, desired: Phase.shared.rawValue, ordering: .acquiringAndReleasing)
    }

    func add(restless user: any SharedUser) { restless.withLock { $0.append(user) } }

    func takeRestless() -> [any SharedUser] {
        restless.withLock { users in
            let taken = users
            users = []
            return taken
        }
    }
}

/// One that uses the store between its own questions too, in the same round trip as the others.
protocol SharedUser: AnyObject, Sendable {
    /// What is to be told or renewed now; nil when there is nothing, and the user is to be forgotten until it calls again.
    func tend(at now: UInt64) -> SharedErrand?
    /// The store has lost everything: what was used in the last window must be told again.
    func storeForgot(at now: UInt64)
    /// There is still something to look at in the next tick; when not, the user must call again.
    func staysRestless() -> Bool
}

/// Questions of one user, and who takes the answers.
struct SharedErrand {
    let questions: [SharedQuestion]
    let answer: @Sendable ([SharedAnswer]?) -> Void
}
