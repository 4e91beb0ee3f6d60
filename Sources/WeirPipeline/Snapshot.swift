package import WeirAccess
package import WeirProviders
package import WeirRouting

/// Everything that the configuration says, made ready: one immutable value that a request keeps from its first line to
/// its last. A reload puts another in its place for the requests that follow.
package final class Snapshot: Sendable {
    package let access: Access
    package let planner: RoutePlanner
    /// By `Deployment.index`.
    package let deployments: [PreparedDeployment]

    package init(access: Access, planner: RoutePlanner, deployments: [PreparedDeployment]) {
        self.access = access
        self.planner = planner
        self.deployments = deployments
    }
}
