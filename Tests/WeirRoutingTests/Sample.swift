import WeirCoordination
import WeirCore
import WeirRouting

enum Sample {
    static func deployment(
        _ index: Int, group: String = "gpt", model: String = "gpt-4o", vendor: String = "openai", weight: Int = 0,
        rpm: Int = 0, tpm: Int = 0, price: TokenPrice? = nil, _ adjust: (inout DeploymentTraits) -> Void = { _ in }
    ) -> Deployment {
        var traits = DeploymentTraits()
        adjust(&traits)
        return Deployment(
            index: index, id: "d\(index)", group: group, vendor: vendor, upstreamModel: model,
            apiBase: "https://api.openai.com/v1", weight: weight, requestsPerMinute: rpm, tokensPerMinute: tpm,
            price: price, traits: traits)
    }

    static func deployments(_ groups: String...) -> [Deployment] {
        groups.enumerated().map { deployment($0.offset, group: $0.element) }
    }

    /// A group of so many equal deployments.
    static func group(_ count: Int, name: String = "gpt", from first: Int = 0) -> [Deployment] {
        (first..<first + count).map { deployment($0, group: name) }
    }

    static func planner(
        _ deployments: [Deployment], _ settings: RoutingSettings = RoutingSettings()
    ) -> RoutePlanner {
        RoutePlanner(deployments, settings, board: DeploymentBoard(limiters: LimiterBoard()))
    }
}

extension UInt64 {
    static let second: UInt64 = 1_000_000_000
    static let millisecond: UInt64 = 1_000_000
}
