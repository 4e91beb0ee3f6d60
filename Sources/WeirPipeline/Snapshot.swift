import NIOCore
package import WeirAccess
package import WeirCore
package import WeirLimits
package import WeirProviders
package import WeirRouting

/// Everything that the configuration says, made ready: one immutable value that a request keeps from its first line to
/// its last. A reload puts another in its place for the requests that follow.
package final class Snapshot: Sendable {
    package let access: Access
    package let limits: Limits
    package let planner: RoutePlanner
    /// By `Deployment.index`.
    package let deployments: [PreparedDeployment]
    /// How tokens are told from bytes before an upstream has counted them.
    package let estimate: TokenEstimate
    /// Every reply tells what was decided, not only those whose client asks.
    package let explains: Bool
    /// Nil: a request that finds every deployment full is refused at once.
    package let queue: QueueSettings?

    package init(
        access: Access, limits: Limits, planner: RoutePlanner, deployments: [PreparedDeployment],
        estimate: TokenEstimate = TokenEstimate(), explains: Bool = false, queue: QueueSettings? = nil
    ) {
        self.access = access
        self.limits = limits
        self.planner = planner
        self.deployments = deployments
        self.estimate = estimate
        self.explains = explains
        self.queue = queue
    }

    /// What would become of such a call at `now`, without sending anything. Throws `modelUnknown`.
    package func explain(
        _ call: ModelCall, _ wishes: CallWishes?, at now: UInt64
    ) throws(GatewayFault) -> Explanation {
        let group = try planner.group(for: call.model)
        let arrival = Arrival(
            call: call, forwarded: Bytes(), ruledModel: nil, wishes: wishes, abandonment: Abandonment())
        return try planner.explain(RequestReading.request(arrival, group, estimate, userAgent: ""), at: now)
    }
}
