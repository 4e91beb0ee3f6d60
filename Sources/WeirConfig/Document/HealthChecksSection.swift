/// `health_checks`: what the probes answer.
package struct HealthChecksSection: Sendable, Equatable {
    package var isEnabled = true
    /// A path that begins with a slash.
    package var endpoint = "/health"
    /// Not ready while no backend is healthy.
    package var requiresHealthyBackend = false

    package init() {}
}
