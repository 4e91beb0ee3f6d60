import Testing
import WeirCore
import WeirRouting
import WeirTestKit

struct ShuffleTests {
    /// How often each of the deployments is picked, as a part of 1.
    private func shares(
        _ deployments: [Deployment], without resting: [Int] = [], picks: Int = 40_000
    ) throws -> [Double] {
        let planner = Sample.planner(deployments)
        for index in resting {
            guard let candidate = planner.candidate(of: deployments[index]) else { continue }
            guard case .begun(let ticket) = candidate.begin(tokens: 0, at: 1) else { continue }
            candidate.end(ticket, AttemptOutcome(failure: Failure(.authentication)), at: 1)
        }
        var chance = SeededRandom(seed: 42)
        var counts = Array(repeating: 0, count: deployments.count)
        for _ in 0..<picks {
            var plan = try planner.plan(RouteRequest(model: "gpt"), at: 2)
            if case .attempt(let candidate, _) = plan.next(after: nil, at: 2, random: chance.next()) {
                counts[candidate.deployment.index] += 1
            }
        }
        return counts.map { Double($0) / Double(picks) }
    }

    private func isNear(_ shares: [Double], _ expected: [Double]) -> Bool {
        zip(shares, expected).allSatisfy { abs($0 - $1) < 0.02 } && abs(shares.reduce(0, +) - 1) < 1e-9
    }

    @Test func `without weights each gets the same share`() throws {
        #expect(isNear(try shares(Sample.group(4)), [0.25, 0.25, 0.25, 0.25]))
    }

    @Test func `weights share the traffic`() throws {
        let all = [7, 2, 1].enumerated().map { Sample.deployment($0.offset, weight: $0.element) }
        #expect(isNear(try shares(all), [0.7, 0.2, 0.1]))
    }

    @Test func `requests a minute share the traffic when nobody gives a weight`() throws {
        let all = [900_000, 100_000].enumerated().map { Sample.deployment($0.offset, rpm: $0.element) }
        #expect(isNear(try shares(all), [0.9, 0.1]))
    }

    @Test func `tokens a minute are looked at last`() throws {
        let all = [300, 100].enumerated().map { Sample.deployment($0.offset, tpm: $0.element) }
        #expect(isNear(try shares(all), [0.75, 0.25]))
    }

    @Test func `one weight hides all requests and tokens a minute`() throws {
        let all = [Sample.deployment(0, weight: 1, rpm: 1), Sample.deployment(1, weight: 1, rpm: 1_000_000, tpm: 5)]
        #expect(isNear(try shares(all), [0.5, 0.5]))
    }

    @Test func `who gives no weight beside one that does gets nothing`() throws {
        #expect(try shares([Sample.deployment(0, weight: 3), Sample.deployment(1)]) == [1, 0])
    }

    @Test func `who gives no weight serves when those that do rest`() throws {
        #expect(try shares([Sample.deployment(0, weight: 3), Sample.deployment(1)], without: [0]) == [0, 1])
    }

    @Test func `a weight below zero counts as zero`() throws {
        #expect(try shares([Sample.deployment(0, weight: -5), Sample.deployment(1, weight: 5)]) == [0, 1])
    }

    @Test func `the shares of those that rest go to the others by their weights`() throws {
        let all = [4, 3, 1, 2].enumerated().map { Sample.deployment($0.offset, weight: $0.element) }
        #expect(isNear(try shares(all, without: [0]), [0, 3.0 / 6, 1.0 / 6, 2.0 / 6]))
    }

    @Test(arguments: [0, 1, UInt64.max / 2, UInt64.max - 1, UInt64.max])
    func `every number picks one that has weight`(random: UInt64) {
        #expect(Shuffle(weights: [1, 0, 2]).pick(random) != 1)
        #expect((0..<3).contains(Shuffle(weights: [0, 0, 0]).pick(random)))
    }

    @Test func `the smallest number picks the first and the largest the last`() {
        #expect(Shuffle(weights: [5, 5, 5]).pick(0) == 0)
        #expect(Shuffle(weights: [5, 5, 5]).pick(.max) == 2)
        #expect(Shuffle(weights: [0, 0, 0]).pick(.max) == 2)
    }

    @Test func `enormous weights do not stop the house`() {
        let shuffle = Shuffle(weights: [Int.max / 2, Int.max / 2, Int.max / 2])
        #expect((0..<3).contains(shuffle.pick(.max)))
    }
}
