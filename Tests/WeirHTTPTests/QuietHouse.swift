import WeirAccess
import WeirCoordination
import WeirCore
import WeirHTTP
import WeirPipeline
import WeirRouting

/// A house in which nothing happens.
struct QuietHouse: House {
    var compat = Compat.v1_109
    var version = "1.2.3"
    var litellmVersion = "1.109.0"
    var state = Readiness.ready
    var requiresHealthyBackends = false
    var guardsMetrics = false
    var backendError: String?
    var showsDetails = true
    var offices: Offices?

    var isStoreConnected: Bool?

    func models(for principal: Principal?) -> [ListedModel] {
        [
            ListedModel(id: "gpt", owner: "openai", mode: "chat", maxInputTokens: 128_000, maxOutputTokens: 16_384),
            ListedModel(id: "meta/llama 3", owner: "openai"),
        ]
    }

    func readiness() -> Readiness { state }

    func health(model: String?) async -> HealthReport {
        let deployment = Deployment(
            index: 0, id: "id-0", group: "gpt", vendor: "openai", upstreamModel: "gpt-4o", apiBase: "https://x/v1")
        guard model == nil || model == "gpt" else { return HealthReport(endpoints: []) }
        return HealthReport(endpoints: [.init(deployment: deployment, error: backendError)], showsDetails: showsDetails)
    }

    func explain(_ call: ModelCall, _ wishes: CallWishes?) throws(GatewayFault) -> Explanation {
        let limiters = LimiterBoard()
        let deployment = Deployment(
            index: 0, id: "id-0", group: "gpt", vendor: "openai", upstreamModel: "gpt-4o", apiBase: "https://x/v1")
        let planner = RoutePlanner([deployment], board: DeploymentBoard(limiters: limiters))
        return try planner.explain(RouteRequest(model: call.model), at: 1)
    }

    func metrics() async -> [UInt8] { Array("weir_up 1\n".utf8) }
}
