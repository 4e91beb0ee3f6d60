/// `features`, and the environment variables that do the same.
package struct FeaturesSection: Sendable, Equatable {
    /// The port of a second listener for probes, so that a busy gateway is not taken for a dead one; nil when there is none.
    /// `features.separate_health_app` or `SEPARATE_HEALTH_APP`; the port is `SEPARATE_HEALTH_PORT` or 4001.
    package var separateHealthPort: Int?
    package var preCallHealthChecks = false

    package init() {}
}
