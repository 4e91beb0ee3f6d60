import Testing
import WeirCoordination

struct LimiterBoardTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `a limiter is found again by its id and takes the new limit`() {
        let board = LimiterBoard()
        let one = board.limiter(id: "a", limit: 1)
        #expect(one.take(1, at: Self.second) == .taken)
        let two = board.limiter(id: "a", limit: 2)
        #expect(one === two)
        #expect(two.take(1, at: Self.second) == .taken)
        #expect(two.take(1, at: Self.second) != .taken)
        #expect(board.slots(id: "a", limit: 1) === board.slots(id: "a", limit: 1))
    }

    @Test func `what nobody holds and nobody uses is dropped, nothing else`() {
        let board = LimiterBoard()
        let kept = board.limiter(id: "kept", limit: 5)
        for index in 0..<1000 {
            _ = board.limiter(id: "key \(index)", limit: 5).take(1, at: Self.second)
            _ = board.slots(id: "key \(index)", limit: 5)
        }
        let running = board.slots(id: "running", limit: 5).take(1, at: Self.second)
        #expect(running == .taken)
        for index in 0..<64 { board.tick(at: 2 * Self.second + UInt64(index)) }
        #expect(board.count == 1002)
        for index in 0..<128 { board.tick(at: 200 * Self.second + UInt64(index)) }
        #expect(board.count == 2)
        #expect(board.limiter(id: "kept", limit: 5) === kept)
    }

    @Test func `replicas see each other's reports`() {
        let network = SimulatedNetwork(seed: 2)
        let (one, two) = (network.replica("one"), network.replica("two"))
        one.board.publish(ReplicaReport(["deployment/inflight": 7]).bytes)
        network.run(until: 3 * Self.second)
        #expect(two.board.others().map(\.name) == ["one"])
        #expect(two.board.others().first.flatMap { ReplicaReport($0.report) }?.values == ["deployment/inflight": 7])
        #expect(two.link.replicas == 2)
        one.kill()
        network.run(until: 9 * Self.second)
        #expect(two.board.others().isEmpty)
        #expect(two.link.replicas == 1)
    }

    @Test(arguments: [[:], ["": 0], ["a": Int64.min, "ü/ß": .max, String(repeating: "x", count: 255): -1]])
    func `a report is read as it was written`(values: [String: Int64]) {
        let bytes = ReplicaReport(values).bytes
        #expect(ReplicaReport(bytes)?.values == values)
        for length in bytes.indices where length > 1 {
            #expect(ReplicaReport(Array(bytes[..<length]))?.values != values)
        }
        #expect(ReplicaReport([2] + bytes.dropFirst()) == nil)
        #expect(ReplicaReport([]) == nil)
    }
}
