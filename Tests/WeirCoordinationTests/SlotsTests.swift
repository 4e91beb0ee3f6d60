import Synchronization
import Testing
import WeirCoordination

struct SlotsTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `slots come back when they are given back`() {
        let slots = Slots(id: "a", limit: 2)
        #expect(slots.take(2, at: 1) == .taken)
        #expect(slots.take(1, at: 1) == .refused(retryAfter: Slots.retryAfter))
        slots.giveBack(1, takenAt: 1, at: 2)
        #expect(slots.take(1, at: 2) == .taken)
        slots.giveBack(9, takenAt: 1, at: 2)
        #expect(slots.inUse == 0)
    }

    @Test(arguments: 0..<20) func `replicas never run more than the limit at once`(seed: UInt64) {
        let network = SimulatedNetwork(seed: seed)
        network.faults.lossPercent = 3
        network.faults.duplicates = true
        let limit = [2, 10, 40, 200][Int(seed % 4)]
        let gauge = Gauge(running: 0, most: 0)
        for index in 0..<3 {
            let replica = network.replica("r\(index)")
            let slots = replica.board.slots(id: "slots", limit: limit)
            for _ in 0..<limit { client(network, replica, slots, gauge) }
        }
        network.run(until: 60 * Self.second)
        #expect(gauge.most.load(ordering: .relaxed) <= limit)
        #expect(gauge.most.load(ordering: .relaxed) * 10 >= limit * 9)
    }

    @Test func `the slots of a killed replica come back within ten seconds`() {
        let network = SimulatedNetwork(seed: 3)
        let dying = network.replica("dying")
        let living = network.replica("living")
        let got = Gauge(running: 0, most: 0)
        network.at(Self.second) {
            dying.board.slots(id: "slots", limit: 5).takeAsking(5, at: dying.now) { got.add($0 == .taken ? 5 : 0) }
        }
        network.at(2 * Self.second) { dying.kill() }
        network.at(3 * Self.second) {
            living.board.slots(id: "slots", limit: 5).takeAsking(1, at: living.now) { got.add($0 == .taken ? 100 : 0) }
        }
        network.at(8 * Self.second) {
            living.board.slots(id: "slots", limit: 5).takeAsking(5, at: living.now) { got.add($0 == .taken ? 1000 : 0) }
        }
        network.run(until: 10 * Self.second)
        #expect(got.running.load(ordering: .relaxed) == 1005)
    }

    final class Gauge: Sendable {
        let running: Atomic<Int>
        let most: Atomic<Int>

        init(running: Int, most: Int) {
            self.running = Atomic(running)
            self.most = Atomic(most)
        }

        func add(_ amount: Int) {
            let now = running.wrappingAdd(amount, ordering: .relaxed).newValue
            most.max(now, ordering: .relaxed)
        }
    }

    private final class Desk: @unchecked Sendable {  // never: unsafe because the simulation runs on one thread
        let network: SimulatedNetwork
        let replica: SimulatedReplica
        let slots: Slots
        init(_ network: SimulatedNetwork, _ replica: SimulatedReplica, _ slots: Slots) {
            (self.network, self.replica, self.slots) = (network, replica, slots)
        }
    }

    private func client(
        _ network: SimulatedNetwork, _ replica: SimulatedReplica, _ slots: Slots, _ gauge: Gauge
    ) {
        let desk = Desk(network, replica, slots)
        func step() {
            slots.takeAsking(1, at: replica.now) { decision in
                guard decision == .taken else { return }
                gauge.add(1)
                desk.network.at(desk.network.now + desk.network.below(2 * Self.second)) {
                    gauge.add(-1)
                    desk.slots.giveBack(1, takenAt: 0, at: desk.replica.now)
                }
            }
            network.at(network.now + 1 + network.below(2 * Self.second)) { step() }
        }
        network.at(network.below(Self.second)) { step() }
    }
}
