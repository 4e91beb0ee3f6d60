import Synchronization
import WeirCoordination

/// Clients that take from one limiter of each replica, and a diary of what they got.
final class SimulatedLoad {
    let network: SimulatedNetwork
    let diary = TakeDiary()
    init(_ network: SimulatedNetwork) { self.network = network }

    /// One client of a replica: takes at random times; gives back a part of what it got.
    func drive(
        _ replica: SimulatedReplica, limit: Int, meanPause: UInt64, greatestAmount: UInt64, givesBack: Bool,
        isEven: Bool = false, until end: UInt64
    ) {
        let limiter = replica.board.limiter(id: "limit", limit: limit)
        let network = network
        let diary = diary
        func step() {
            guard network.now < end, !replica.isDead else { return }
            let amount = Int(1 + network.below(greatestAmount))
            let takenAt = replica.now
            let back = givesBack && network.below(4) == 0 ? amount / 2 + 1 : 0
            let delay = network.below(30) == 0 ? network.below(20_000_000_000) : network.below(80_000_000)
            diary.asked.wrappingAdd(1, ordering: .relaxed)
            let box = Box(network, limiter, replica)
            limiter.takeAsking(amount, at: takenAt) { decision in
                diary.answered.wrappingAdd(1, ordering: .relaxed)
                guard decision == .taken else { return }
                let at = box.network.now
                diary.taken.withLock { $0.append((at, amount - back)) }
                guard back > 0 else { return }
                box.network.at(at + delay) {
                    guard !box.replica.isDead else { return }
                    box.limiter.giveBack(back, takenAt: takenAt, at: box.replica.now)
                }
            }
            let pause = isEven ? meanPause + network.below(meanPause / 10) : 1 + network.below(2 * meanPause)
            network.at(network.now + pause) { step() }
        }
        network.at(network.below(meanPause)) { step() }
    }
}

/// One thread runs all of it.
private final class Box: @unchecked Sendable {  // never: unsafe because the simulation runs on one thread
    let network: SimulatedNetwork
    let limiter: Limiter
    let replica: SimulatedReplica
    init(_ network: SimulatedNetwork, _ limiter: Limiter, _ replica: SimulatedReplica) {
        (self.network, self.limiter, self.replica) = (network, limiter, replica)
    }
}
