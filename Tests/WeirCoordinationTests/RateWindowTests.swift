import Testing
import WeirCoordination
import WeirTestKit

struct RateWindowTests {
    private static let second: UInt64 = 1_000_000_000

    @Test(arguments: [5, 64, 65, 1000], 0..<20) func `no closed window ever holds more than the limit`(
        limit: Int, seed: UInt64
    ) {
        var random = SeededRandom(seed: seed)
        var window = RateWindow(window: 60 * Self.second, limit: limit)
        var taken: [(at: UInt64, amount: Int)] = []
        var now = 1_000_000_000 + random.next() % Self.second
        for _ in 0..<4000 {
            let pause = random.next() % 50 == 0 ? 70 * Self.second : 240 * Self.second / UInt64(limit)
            now += random.next() % pause
            window.advance(to: now)
            let amount = Int(1 + random.next() % 3)
            guard window.used + amount <= limit else { continue }
            window.add(amount, at: now)
            taken.append((now, amount))
            if random.next() % 5 == 0, let index = taken.indices.randomElement(using: &random) {
                let entry = taken[index]
                if entry.amount > 0 { taken[index].amount -= window.remove(entry.amount, takenAt: entry.at) }
            }
        }
        var (start, sum) = (0, 0)
        for entry in taken {
            sum += entry.amount
            while taken[start].at + 60 * Self.second < entry.at {
                sum -= taken[start].amount
                start += 1
            }
            #expect(sum <= limit)
        }
        #expect(taken.count > 100)
    }

    @Test(arguments: [(64, UInt64(60_000_000_001)), (65, UInt64(60_250_000_000))])
    func `a permit is free again after its window, late by a bucket at most`(limit: Int, after: UInt64) {
        var window = RateWindow(window: 60 * Self.second, limit: limit)
        window.add(3, at: 100 * Self.second)
        #expect(window.freesAfter(1) <= after)
        window.advance(to: 160 * Self.second)
        #expect(window.used == 3)
        window.advance(to: 100 * Self.second + after)
        #expect(window.used == 0)
    }

    @Test(arguments: [10, 100]) func `an idle window holds no memory and starts anew`(limit: Int) {
        var window = RateWindow(window: 60 * Self.second, limit: limit)
        #expect(window.isEmpty)
        window.add(2, at: 5 * Self.second)
        window.releaseIfEmpty(at: 20 * Self.second)
        #expect(window.used == 2)
        window.releaseIfEmpty(at: 500 * Self.second)
        #expect(window.isEmpty)
        window.add(2, at: 10_000 * Self.second)
        #expect(window.used == 2)
    }

    @Test func `a limit that grows keeps what was taken`() {
        var window = RateWindow(window: 60 * Self.second, limit: 10)
        window.add(4, at: 10 * Self.second)
        window.add(5, at: 30 * Self.second)
        window.adopt(limit: 1000)
        #expect(window.used == 9)
        window.advance(to: 71 * Self.second)
        #expect(window.used == 5)
    }

    @Test(arguments: [10, 100]) func `a clock that goes back counts at the latest time`(limit: Int) {
        var window = RateWindow(window: 60 * Self.second, limit: limit)
        window.add(1, at: 50 * Self.second)
        window.add(1, at: 20 * Self.second)
        window.advance(to: 100 * Self.second)
        #expect(window.used == 2)
    }

    @Test(arguments: [10, 100]) func `what is over cannot be given back`(limit: Int) {
        var window = RateWindow(window: 60 * Self.second, limit: limit)
        window.add(5, at: 10 * Self.second)
        window.advance(to: 90 * Self.second)
        window.add(5, at: 90 * Self.second)
        #expect(window.remove(5, takenAt: 10 * Self.second) == 0)
        #expect(window.used == 5)
    }
}
