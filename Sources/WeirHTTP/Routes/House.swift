package import WeirAccess
package import WeirCore
package import WeirPipeline
package import WeirRouting

/// What the pages and probes ask of the house as a whole.
package protocol House: Sendable {
    /// LiteLLM's contract that is kept.
    var compat: Compat { get }
    /// Weir's own version.
    var version: String { get }
    /// The release of LiteLLM whose contract is kept.
    var litellmVersion: String { get }
    /// The names that somebody may call, with the vendor of their first deployment; all of them for nil.
    func models(for principal: Principal?) -> [ListedModel]
    /// Whether the store answers; nil when there is none.
    var isStoreConnected: Bool? { get }
    /// Whether a request sent now would be served.
    func readiness() -> Readiness
    /// Whether backends must be up for `/health` to answer 200 (`health_checks.require_backend_healthy`).
    var requiresHealthyBackends: Bool { get }
    /// How every backend is, or those of one model: as last found in the background, else asked now. Costs no tokens unless
    /// the configuration says so.
    func health(model: String?) async -> HealthReport
    /// What would become of such a call if it were sent now. Throws `modelUnknown`, `invalidParameter`.
    func explain(_ call: ModelCall, _ wishes: CallWishes?) throws(GatewayFault) -> Explanation
    /// The management of keys, users, teams and models; nil when there is no store.
    var offices: Offices? { get }
    /// The Prometheus page.
    func metrics() async -> [UInt8]
    /// `/metrics` is for those with a key only.
    var guardsMetrics: Bool { get }
}

/// A model as `/v1/models` lists it.
package struct ListedModel: Sendable {
    package let id: String
    package let owner: String
    package let mode: String?
    package let maxInputTokens: Int?
    package let maxOutputTokens: Int?

    package init(
        id: String, owner: String, mode: String? = nil, maxInputTokens: Int? = nil, maxOutputTokens: Int? = nil
    ) {
        self.id = id
        self.owner = owner
        self.mode = mode
        self.maxInputTokens = maxInputTokens
        self.maxOutputTokens = maxOutputTokens
    }
}

package enum Readiness: Sendable, Equatable {
    case ready
    /// Stopping: no new requests, please.
    case draining
    /// No model can be called.
    case withoutModels
    /// Every deployment rests or is down.
    case withoutBackends
}

/// How the backends are.
package struct HealthReport: Sendable {
    package struct Endpoint: Sendable {
        package let deployment: Deployment
        /// Nil when it is healthy.
        package let error: String?

        package init(deployment: Deployment, error: String?) {
            self.deployment = deployment
            self.error = error
        }
    }

    package let endpoints: [Endpoint]
    /// Otherwise only the models' names are shown (`health_check_details`).
    package let showsDetails: Bool

    package init(endpoints: [Endpoint], showsDetails: Bool = true) {
        self.endpoints = endpoints
        self.showsDetails = showsDetails
    }

    /// Every model has at least one backend that is up.
    package var everyModelIsServed: Bool {
        let groups = Set(endpoints.map(\.deployment.group))
        let served = Set(endpoints.filter { $0.error == nil }.map(\.deployment.group))
        return groups == served
    }
}
