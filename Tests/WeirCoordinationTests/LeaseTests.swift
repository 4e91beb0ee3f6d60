import Synchronization
import Testing
import WeirCoordination
import WeirTestKit

/// The limit over several replicas, through random schedules of the network.
struct LeaseTests {
    private static let second: UInt64 = 1_000_000_000

    @Test(arguments: 0..<60) func `no window holds more than the limit, whatever the network does`(seed: UInt64) {
        let network = SimulatedNetwork(seed: seed)
        network.faults.lossPercent = seed % 3 == 0 ? 0 : 5
        network.faults.greatestDelay = 1_000_000 + network.below(24_000_000)
        network.faults.duplicates = seed % 2 == 0
        network.faults.driftPPM = 100
        let limit = [3, 20, 60, 65, 600, 5000][Int(network.below(6))]
        let count = Int(1 + network.below(6))
        let load = SimulatedLoad(network)
        let end = 190 * Self.second
        let pressure = 1 + network.below(3)
        let tokens: UInt64 = limit >= 600 && seed % 4 == 1 ? 40 : 1
        for index in 0..<count {
            let replica = network.replica("r\(index)")
            let skew = 1 + network.below(4)
            let pause = 60 * Self.second * UInt64(count) * tokens / 2 / UInt64(limit) / pressure * skew
            load.drive(
                replica, limit: limit, meanPause: max(pause, 1_000_000), greatestAmount: tokens,
                givesBack: seed % 4 == 1, until: end)
            if network.below(4) == 0 { network.at(network.below(end)) { replica.kill() } }
        }
        network.run(until: end + 10 * Self.second)
        #expect(load.diary.most() <= limit)
        #expect(load.diary.most() > 0)
    }

    @Test(arguments: [1, 2, 4], [1, 2, 3]) func `under pressure nearly all of the limit is given out`(
        replicas: Int, seed: UInt64
    ) {
        let network = SimulatedNetwork(seed: seed)
        let load = SimulatedLoad(network)
        for index in 0..<replicas {
            let replica = network.replica("r\(index)")
            load.drive(
                replica, limit: 600, meanPause: 32_000_000 * UInt64(replicas), greatestAmount: 1, givesBack: false,
                isEven: true, until: 300 * Self.second)
        }
        network.run(until: 301 * Self.second)
        #expect(load.diary.most() <= 600)
        #expect(load.diary.least(from: 0, to: 300 * Self.second) >= 590)
        #expect(load.diary.asked.load(ordering: .relaxed) == load.diary.answered.load(ordering: .relaxed))
    }

    /// The store is away from 70 s to 85 s, and may come back empty.
    private func outage(seed: UInt64, replicas: Int, limit: Int, forgets: Bool, skew: UInt64) -> TakeDiary {
        let network = SimulatedNetwork(seed: seed)
        let load = SimulatedLoad(network)
        let end = 200 * Self.second
        for index in 0..<replicas {
            let replica = network.replica("r\(index)")
            let pause = 60 * Self.second * UInt64(replicas) / UInt64(limit) / 3 * (1 + UInt64(index) * skew)
            load.drive(replica, limit: limit, meanPause: pause, greatestAmount: 1, givesBack: false, until: end)
        }
        network.at(70 * Self.second) { network.isAway = true }
        network.at(85 * Self.second) {
            network.isAway = false
            if forgets { network.store.forgetAll() }
        }
        network.run(until: end + Self.second)
        return load.diary
    }

    @Test(arguments: 0..<12) func `an outage of the store does not break the limit`(seed: UInt64) {
        let diary = outage(
            seed: seed, replicas: Int(2 + seed % 3), limit: [60, 600, 3000][Int(seed % 3)], forgets: seed % 2 == 0,
            skew: seed % 4)
        // Exact when the store remembers, but for what others leased since a replica last heard of it. When it comes back empty, those who lease before all have told what they used may
        // find up to a second of the others' traffic missing.
        let limit = [60, 600, 3000][Int(seed % 3)]
        #expect(diary.most() <= (seed % 2 == 0 ? limit + limit / 10 : limit + 2))
        // The limit was used up before the outage; what frees in it is given out although the store is away.
        #expect(diary.taken.withLock { $0.contains { $0.at > 71 * Self.second && $0.at < 79 * Self.second } })
        #expect(diary.asked.load(ordering: .relaxed) == diary.answered.load(ordering: .relaxed))
    }

    @Test(arguments: 0..<12) func `a store that forgets is told again`(seed: UInt64) {
        let network = SimulatedNetwork(seed: seed)
        let load = SimulatedLoad(network)
        let end = 200 * Self.second
        let limit = [60, 600, 3000][Int(seed % 3)]
        let replicas = Int(2 + seed % 3)
        for index in 0..<replicas {
            let replica = network.replica("r\(index)")
            let pause = 60 * Self.second * UInt64(replicas) / UInt64(limit) / 3 * (1 + UInt64(index) * (seed % 4))
            load.drive(replica, limit: limit, meanPause: pause, greatestAmount: 1, givesBack: false, until: end)
        }
        for time in [30, 71, 95, 130] as [UInt64] {
            network.at(time * Self.second + network.below(Self.second)) { network.store.forgetAll() }
        }
        network.run(until: end + Self.second)
        #expect(load.diary.most() <= limit + limit / 10)
    }

    @Test func `in the closed mode nothing is let in while the store is away`() {
        let network = SimulatedNetwork(seed: 1)
        let replica = network.replica("a", failureMode: .closed)
        let limiter = replica.board.limiter(id: "limit", limit: 100)
        network.run(until: Self.second)
        network.isAway = true
        network.run(until: 5 * Self.second)
        #expect(limiter.isUnavailable)
        #expect(limiter.take(1, at: replica.now) == .refused(retryAfter: Self.second))
        network.isAway = false
        network.run(until: 10 * Self.second)
        #expect(!limiter.isUnavailable)
        #expect(limiter.take(1, at: replica.now) == .unsure)
    }

    @Test func `a lost answer is asked for again and nobody waits for ever`() {
        let network = SimulatedNetwork(seed: 7)
        network.faults.lossPercent = 50
        let replica = network.replica("a")
        let limiter = replica.board.limiter(id: "limit", limit: 100)
        let answers = TakeDiary()
        for index in 0..<50 {
            network.at(UInt64(index) * 100_000_000) {
                limiter.takeAsking(1, at: replica.now) { decision in
                    answers.answered.wrappingAdd(decision == .taken ? 1 : 1000, ordering: .relaxed)
                }
            }
        }
        network.run(until: 6 * Self.second)
        #expect(answers.answered.load(ordering: .relaxed) == 50)
    }

    @Test func `what one replica settles is free for another one`() {
        let network = SimulatedNetwork(seed: 9)
        let (one, two) = (network.replica("one"), network.replica("two"))
        let first = one.board.limiter(id: "tokens", limit: 1000)
        let second = two.board.limiter(id: "tokens", limit: 1000)
        let answers = TakeDiary()
        func take(_ limiter: Limiter, _ replica: SimulatedReplica, _ amount: Int) {
            limiter.takeAsking(amount, at: replica.now) { decision in
                answers.taken.withLock { $0.append((0, decision == .taken ? amount : 0)) }
            }
        }
        var takenAt: UInt64 = 0
        network.at(Self.second) {
            takenAt = one.now
            take(first, one, 800)
        }
        network.at(3 * Self.second) { take(second, two, 800) }
        network.at(20 * Self.second) { first.settle(reserved: 800, used: 100, takenAt: takenAt, at: one.now) }
        // 60.225 s after the first question its bucket is over: until then the store knows of it.
        network.at(21 * Self.second) { take(second, two, 950) }
        network.at(22 * Self.second) { take(second, two, 900) }
        network.run(until: 25 * Self.second)
        #expect(answers.taken.withLock { $0.map(\.amount) } == [800, 0, 0, 900])
    }

    @Test(arguments: [-30_000, -700, 700, 5000] as [Int64], [1, 2, 3] as [UInt64])
    func `a store whose clock jumps lets through what the jump is worth at most`(milliseconds: Int64, seed: UInt64) {
        let network = SimulatedNetwork(seed: seed)
        let load = SimulatedLoad(network)
        for index in 0..<3 {
            let replica = network.replica("r\(index)")
            load.drive(
                replica, limit: 600, meanPause: 90_000_000, greatestAmount: 1, givesBack: false,
                until: 200 * Self.second)
        }
        for time in [25, 72, 140] as [UInt64] {
            network.at(time * Self.second) { network.jumpStoreClock(milliseconds: milliseconds) }
        }
        network.run(until: 201 * Self.second)
        // Set back, it counts longer. Set on, it frees what it was set on by too early: 34 requests a second.
        #expect(load.diary.most() <= 600 + Int(max(0, milliseconds)) * 34 / 1000)
    }
}
