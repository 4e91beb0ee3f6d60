package import WeirCore

/// The deployments that share a name, and how the traffic is shared among them.
package struct ModelGroup: Sendable {
    package let name: String
    package let deployments: [Deployment]
    /// The name is a pattern such as `openai/*`.
    package let isPattern: Bool
    /// Running sums of the weights; empty when all weigh the same.
    private let cumulativeWeights: [Int]

    /// Weights are the first of `weight`, `rpm`, `tpm` that any deployment gives; those that give none count as 0.
    package init(name: String, deployments: [Deployment]) {
        self.name = name
        self.deployments = deployments
        isPattern = name.utf8.contains(UInt8(ascii: "*"))
        let columns: [(Deployment) -> Int] = [
            { $0.weight }, { $0.requestsPerMinute }, { $0.tokensPerMinute },
        ]
        let weights = columns.lazy.map { column in deployments.map { max(column($0), 0) } }
            .first { $0.contains { $0 > 0 } }
        var sum = 0
        cumulativeWeights = (weights ?? []).map { weight in
            sum += weight
            return sum
        }
    }

    /// One deployment, at random by weight (LiteLLM's `simple-shuffle`). `random` is uniform over all 64-bit numbers.
    package func pick(_ random: UInt64) -> Deployment? {
        guard deployments.count > 1 else { return deployments.first }
        guard let total = cumulativeWeights.last else {
            return deployments[Int(random.multipliedFullWidth(by: UInt64(deployments.count)).high)]
        }
        let point = Int(random.multipliedFullWidth(by: UInt64(total)).high)
        return zip(deployments, cumulativeWeights).first { point < $0.1 }?.0
    }
}
