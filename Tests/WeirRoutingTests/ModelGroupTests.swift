import Testing
import WeirCore
import WeirRouting
import WeirTestKit

struct ModelGroupTests {
    /// How often each of the deployments is picked, as a part of 1.
    private func shares(_ deployments: [Deployment], picks: Int = 40_000) -> [Double] {
        let group = ModelGroup(name: "gpt", deployments: deployments)
        var chance = SeededRandom(seed: 42)
        var counts = Array(repeating: 0, count: deployments.count)
        for _ in 0..<picks {
            if let picked = group.pick(chance.next()) { counts[picked.index] += 1 }
        }
        return counts.map { Double($0) / Double(picks) }
    }

    private func isNear(_ shares: [Double], _ expected: [Double]) -> Bool {
        zip(shares, expected).allSatisfy { abs($0 - $1) < 0.02 } && abs(shares.reduce(0, +) - 1) < 1e-9
    }

    @Test func `without weights each gets the same share`() {
        let all = (0..<4).map { Sample.deployment($0, group: "gpt") }
        #expect(isNear(shares(all), [0.25, 0.25, 0.25, 0.25]))
    }

    @Test func `weights share the traffic`() {
        let all = [7, 2, 1].enumerated().map { Sample.deployment($0.offset, group: "gpt", weight: $0.element) }
        #expect(isNear(shares(all), [0.7, 0.2, 0.1]))
    }

    @Test func `requests a minute share the traffic when nobody gives a weight`() {
        let all = [900, 100].enumerated().map { Sample.deployment($0.offset, group: "gpt", rpm: $0.element) }
        #expect(isNear(shares(all), [0.9, 0.1]))
    }

    @Test func `tokens a minute are looked at last`() {
        let all = [300, 100].enumerated().map { Sample.deployment($0.offset, group: "gpt", tpm: $0.element) }
        #expect(isNear(shares(all), [0.75, 0.25]))
    }

    @Test func `one weight hides all requests and tokens a minute`() {
        let all = [
            Sample.deployment(0, group: "gpt", weight: 1, rpm: 1),
            Sample.deployment(1, group: "gpt", weight: 1, rpm: 1_000_000, tpm: 5),
        ]
        #expect(isNear(shares(all), [0.5, 0.5]))
    }

    @Test func `who gives no weight beside one that does gets nothing`() {
        let all = [Sample.deployment(0, group: "gpt", weight: 3), Sample.deployment(1, group: "gpt")]
        #expect(shares(all) == [1, 0])
    }

    @Test func `a weight below zero counts as zero`() {
        let all = [Sample.deployment(0, group: "gpt", weight: -5), Sample.deployment(1, group: "gpt", weight: 5)]
        #expect(shares(all) == [0, 1])
    }

    @Test(arguments: [0, 1, UInt64.max / 2, UInt64.max - 1, UInt64.max])
    func `every number picks a deployment`(random: UInt64) {
        let weighted = [1, 0, 2].enumerated().map { Sample.deployment($0.offset, group: "gpt", weight: $0.element) }
        let even = (0..<3).map { Sample.deployment($0, group: "gpt") }
        #expect(ModelGroup(name: "gpt", deployments: weighted).pick(random)?.index != 1)
        #expect(ModelGroup(name: "gpt", deployments: weighted).pick(random) != nil)
        #expect(ModelGroup(name: "gpt", deployments: even).pick(random) != nil)
    }

    @Test func `the smallest number picks the first and the largest the last`() {
        let group = ModelGroup(name: "gpt", deployments: (0..<3).map { Sample.deployment($0, group: "gpt") })
        #expect(group.pick(0)?.index == 0)
        #expect(group.pick(UInt64.max)?.index == 2)
    }

    @Test func `one deployment is picked whatever its weight`() {
        let group = ModelGroup(name: "gpt", deployments: [Sample.deployment(0, group: "gpt", weight: 0)])
        #expect(group.pick(77)?.index == 0)
    }

    @Test func `an empty group gives none`() {
        #expect(ModelGroup(name: "gpt", deployments: []).pick(5) == nil)
    }

    @Test func `enormous weights do not stop the house`() {
        let all = (0..<3).map { Sample.deployment($0, group: "gpt", weight: Int.max / 4) }
        #expect(isNear(shares(all), [1.0 / 3, 1.0 / 3, 1.0 / 3]))
    }
}
