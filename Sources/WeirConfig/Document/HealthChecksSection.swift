/// `health_checks`: what the probes answer and how backends are looked at, with LiteLLM's settings for the same
/// (`general_settings`, some of `router_settings`) and `features.pre_call_health_checks`.
package struct HealthChecksSection: Sendable, Equatable {
    /// False: nobody is asked in the background, or for the answer of `/health` to those without a key.
    package var isEnabled = true
    /// A path that begins with a slash.
    package var endpoint = "/health"
    /// `require_backend_healthy`: `/health` without a key answers 503 while a model has no healthy backend. Readiness follows
    /// from rests and background checks alone.
    package var requiresHealthyBackend = false
    /// `background_health_checks`: backends are asked all the time, not only when somebody wants to know. True also when
    /// unhealthy deployments are to be passed over and nothing else is said.
    package var isInBackground = false
    /// `health_check_interval`: from one such look to the next; greater than zero.
    package var interval: Duration = .seconds(300)
    /// `timeout`: the longest wait for each answer; greater than zero; nil for 5 s in the background, 2 s on demand, 30 s for
    /// a call for one token.
    package var timeout: Duration?
    /// `health_check_concurrency`: looks at the same time, at least 1; nil for 64.
    package var concurrency: Int?
    /// `background_health_check_model_groups`: only these are looked at in the background; empty for all.
    package var groups: [String] = []
    /// `with_inference`: backends that cannot be asked for free are sent a call for one token.
    package var withInference = false
    /// `health_check_details`: `/health` shows the parameters of each backend.
    package var showsDetails = true
    /// `enable_health_check_routing`, `features.pre_call_health_checks`: unhealthy deployments are passed over while others
    /// can serve.
    package var routesByHealth = false
    /// `health_check_staleness_threshold`: a result that is older says nothing; nil for twice the interval.
    package var staleness: Duration?
    /// `health_check_ignore_transient_errors`: 408 and 429 leave a deployment healthy.
    package var ignoresTransientErrors = false

    package init() {}
}
