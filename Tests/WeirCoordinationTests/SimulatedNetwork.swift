import Synchronization
import WeirCoordination
import WeirTestKit

/// Several replicas, one store and the wires between them, in virtual time on one thread.
final class SimulatedNetwork {
    struct Faults {
        /// Percent of questions, and of answers, that never arrive (but never two in a row of one replica).
        var lossPercent: UInt64 = 0
        var greatestDelay: UInt64 = 5_000_000
        var duplicates = false
        /// Parts per million by which the replicas' clocks may run fast or slow.
        var driftPPM: Int64 = 0
    }

    let store: MemorySharedState
    private let storeClock = Atomic<Int64>(1_700_000_000_000)
    var faults = Faults()
    /// The store cannot be reached.
    var isAway = false
    private(set) var now: UInt64 = 0
    var random: SeededRandom
    private var events: [(at: UInt64, order: Int, run: () -> Void)] = []
    private var order = 0
    private let box: ClockBox

    /// True time, and the store's clock, for closures that must be `Sendable`.
    final class ClockBox: Sendable {
        let now = Atomic<UInt64>(0)
        let store = Atomic<Int64>(1_700_000_000_000)
    }

    init(seed: UInt64) {
        let box = ClockBox()
        self.box = box
        random = SeededRandom(seed: seed)
        store = MemorySharedState { box.store.load(ordering: .relaxed) }
    }

    /// Sets the store's clock on or back.
    func jumpStoreClock(milliseconds: Int64) { box.store.wrappingAdd(milliseconds, ordering: .relaxed) }

    func below(_ bound: UInt64) -> UInt64 { bound == 0 ? 0 : random.next() % bound }

    func at(_ time: UInt64, _ run: @escaping () -> Void) {
        order += 1
        events.append((max(time, now), order, run))
        var child = events.count - 1
        while child > 0, isEarlier(child, (child - 1) / 2) {
            events.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func isEarlier(_ left: Int, _ right: Int) -> Bool {
        (events[left].at, events[left].order) < (events[right].at, events[right].order)
    }

    private func pop() -> (at: UInt64, order: Int, run: () -> Void) {
        events.swapAt(0, events.count - 1)
        let first = events.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < events.count && isEarlier(child, least) {
                least = child
            }
            if least == parent { return first }
            events.swapAt(parent, least)
            parent = least
        }
    }

    func run(until end: UInt64) {
        while let first = events.first, first.at <= end {
            let event = pop()
            let passed = event.at / 1_000_000 - now / 1_000_000
            now = event.at
            box.now.store(now, ordering: .relaxed)
            box.store.wrappingAdd(Int64(passed), ordering: .relaxed)
            event.run()
        }
    }

    func replica(_ name: String, failureMode: SharedLink.FailureMode = .open) -> SimulatedReplica {
        let drift = faults.driftPPM == 0 ? 0 : Int64(below(UInt64(2 * faults.driftPPM))) - faults.driftPPM
        let offset = 1_000_000_000 + below(100_000_000_000)
        let box = box
        let clock: @Sendable () -> UInt64 = {
            let now = box.now.load(ordering: .relaxed)
            return offset + UInt64(Int64(now) + Int64(now) / 1_000_000 * drift)
        }
        return SimulatedReplica(name: name, network: self, failureMode: failureMode, clock: clock)
    }
}

/// One replica with its board and its wire to the store.
final class SimulatedReplica {
    let network: SimulatedNetwork
    let clock: @Sendable () -> UInt64
    let link: SharedLink
    let board: LimiterBoard
    private(set) var isDead = false
    private let wire: Wire

    init(
        name: String, network: SimulatedNetwork, failureMode: SharedLink.FailureMode,
        clock: @escaping @Sendable () -> UInt64
    ) {
        self.network = network
        self.clock = clock
        wire = Wire()
        link = SharedLink(store: wire, replica: name, failureMode: failureMode, clock: clock)
        board = LimiterBoard(shared: link)
        wire.carry = { [unowned self] questions, answer in self.carry(questions, answer) }
        tick()
    }

    var now: UInt64 { clock() }

    func kill() { isDead = true }

    private func tick() {
        guard !isDead else { return }
        board.tick(at: now)
        network.at(network.now + 100_000_000) { [weak self] in self?.tick() }
    }

    private var lastWasLost = false

    private func carry(_ questions: [SharedQuestion], _ answer: @escaping @Sendable ([SharedAnswer]?) -> Void) {
        let network = network
        let start = network.now
        if network.isAway {
            network.at(start + 1_000_000) { if !self.isDead { answer(nil) } }
            return
        }
        var loses = network.below(100) < network.faults.lossPercent
        if lastWasLost { loses = false }
        lastWasLost = loses
        // A question that is lost on its way, or one that was done but whose answer is.
        let reaches = !loses || network.below(2) == 0
        let there = start + network.below(network.faults.greatestDelay)
        let back = there + network.below(network.faults.greatestDelay)
        if reaches {
            network.at(there) {
                guard !network.isAway else {
                    if !loses { network.at(start + 50_000_000) { if !self.isDead { answer(nil) } } }
                    return
                }
                let answers = network.store.answers(to: questions)
                guard !loses else { return }
                network.at(back) { if !self.isDead { answer(answers) } }
                if network.faults.duplicates { network.at(back + 2_000_000) { if !self.isDead { answer(answers) } } }
            }
        }
        if loses { network.at(start + 50_000_000) { if !self.isDead { answer(nil) } } }
    }

    /// The wire calls the simulation, which runs on one thread.
    private final class Wire: SharedState, @unchecked Sendable {  // never: unsafe because all is on one thread
        var losses: UInt64 { 0 }

        var carry: (([SharedQuestion], @escaping @Sendable ([SharedAnswer]?) -> Void) -> Void)?

        func ask(_ questions: [SharedQuestion], answer: @escaping @Sendable ([SharedAnswer]?) -> Void) {
            carry?(questions, answer)
        }
    }
}
