import Testing
import WeirCoordination

struct LimiterTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `a limit without a store refuses and says when to come again`() {
        let limiter = Limiter(id: "a", limit: 3)
        let start = 100 * Self.second
        #expect(limiter.take(2, at: start) == .taken)
        #expect(limiter.take(1, at: start + Self.second) == .taken)
        #expect(limiter.take(1, at: start + 2 * Self.second) == .refused(retryAfter: 58 * Self.second))
        #expect(limiter.take(3, at: start + 2 * Self.second) == .refused(retryAfter: 59 * Self.second))
        #expect(limiter.take(4, at: start + 2 * Self.second) == .refused(retryAfter: 60 * Self.second))
        #expect(limiter.take(2, at: start + 60 * Self.second + 1) == .taken)
    }

    @Test func `a limit of nothing lets nothing in and no amount is always let in`() {
        let limiter = Limiter(id: "a", limit: 0)
        #expect(limiter.take(1, at: 5) == .refused(retryAfter: 60 * Self.second))
        #expect(limiter.take(0, at: 5) == .taken)
        #expect(limiter.take(-3, at: 5) == .taken)
    }

    @Test func `asking without a store is the same as taking`() async {
        let limiter = Limiter(id: "a", limit: 1)
        #expect(await limiter.takeAsking(1, at: Self.second) == .taken)
        #expect(await limiter.takeAsking(1, at: Self.second) == .refused(retryAfter: 60 * Self.second))
    }

    @Test(arguments: [(100, 30), (100, 160), (40, 3), (40, 70)])
    func `a settlement counts what was used`(reserved: Int, used: Int) {
        let limiter = Limiter(id: "a", limit: reserved == 100 ? 1000 : 60)
        #expect(limiter.take(reserved, at: Self.second) == .taken)
        limiter.settle(reserved: reserved, used: used, takenAt: Self.second, at: 20 * Self.second)
        #expect(limiter.reading(at: 20 * Self.second).used == used)
        #expect(limiter.reading(at: 60 * Self.second).used == used)
        #expect(limiter.reading(at: 62 * Self.second).used == max(0, used - reserved))
    }

    @Test func `a reading tells what is left and when all is free`() {
        let limiter = Limiter(id: "a", limit: 10)
        _ = limiter.take(4, at: Self.second)
        #expect(
            limiter.reading(at: 11 * Self.second)
                == LimitReading(limit: 10, used: 4, remaining: 6, resetAfter: 50 * Self.second))
        limiter.setLimit(3)
        #expect(limiter.reading(at: 11 * Self.second).remaining == 0)
        #expect(limiter.reading(at: 90 * Self.second).resetAfter == 0)
    }

    @Test func `greatest numbers do not overflow`() {
        let limiter = Limiter(id: "a", limit: .max)
        #expect(limiter.take(.max, at: Self.second) == .taken)
        limiter.settle(reserved: 1, used: .max, takenAt: Self.second, at: Self.second)
        limiter.giveBack(.max, takenAt: Self.second, at: Self.second)
        #expect(limiter.reading(at: 2 * Self.second).used == 0)
    }

    @Test(arguments: [50, 5000]) func `many threads together take exactly the limit`(limit: Int) async {
        let limiter = Limiter(id: "a", limit: limit)
        let taken = await withTaskGroup(of: Int.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var taken = 0
                    for step in 0..<5000 where limiter.take(1, at: Self.second + UInt64(step * 4 + task)) == .taken {
                        taken += 1
                    }
                    return taken
                }
            }
            return await group.reduce(0, +)
        }
        #expect(taken == limit)
    }
}
