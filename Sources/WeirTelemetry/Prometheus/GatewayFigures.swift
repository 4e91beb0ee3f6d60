package import WeirCore

/// What is true of the gateway as a whole when the text is made.
package struct GatewayFigures: Sendable {
    /// How well a deployment does, in LiteLLM's numbers.
    package enum DeploymentState: Int, Sendable { case healthy = 0, partialOutage = 1, completeOutage = 2 }

    package var version: String
    /// The commit it was built from, where it is known.
    package var commit: String?
    /// The version of Swift it was built with.
    package var swift: String
    /// Nanoseconds since the start.
    package var uptime: UInt64
    package var logLinesDropped: UInt64
    package var reloadsSucceeded: UInt64
    package var reloadsFailed: UInt64
    /// Wall clock in nanoseconds when the configuration in force was taken; nil before there is one.
    package var lastReloadSuccess: UInt64?
    /// Why the last reload failed, as a word of a closed set (`unreadable`, `invalid`); nil when it did not.
    package var lastReloadError: String?
    /// Left out of the text when empty.
    package var deploymentStates: [(deployment: Deployment, state: DeploymentState)]

    package init(
        version: String, commit: String? = nil, swift: String, uptime: UInt64, logLinesDropped: UInt64 = 0,
        reloadsSucceeded: UInt64 = 0, reloadsFailed: UInt64 = 0, lastReloadSuccess: UInt64? = nil,
        lastReloadError: String? = nil, deploymentStates: [(deployment: Deployment, state: DeploymentState)] = []
    ) {
        self.version = version
        self.commit = commit
        self.swift = swift
        self.uptime = uptime
        self.logLinesDropped = logLinesDropped
        self.reloadsSucceeded = reloadsSucceeded
        self.reloadsFailed = reloadsFailed
        self.lastReloadSuccess = lastReloadSuccess
        self.lastReloadError = lastReloadError
        self.deploymentStates = deploymentStates
    }
}
