/// A whole configuration, read and checked: every reference to the environment is resolved, every include is merged in.
package struct ConfigDocument: Sendable {
    /// `model_list`, in its order.
    package var models: [ModelEntry] = []
    /// `credential_list`, in its order.
    package var credentials: [CredentialEntry] = []
    /// `routes`, in their order; the first one that holds is taken.
    package var routes: [RouteRule] = []
    package var auth = AuthSection()
    package var identity = IdentitySection()
    package var store = StoreSection()
    package var general = GeneralSection()
    package var litellm = LiteLLMSection()
    package var router = RouterSection()
    package var logging = LoggingSection()
    package var healthChecks = HealthChecksSection()
    package var features = FeaturesSection()
    package var rateLimits = RateLimitsSection()
    /// `model_group_limits`, in its order.
    package var groupLimits: [GroupLimit] = []
    /// Nil: this process shares nothing with others.
    package var redis: RedisSection?
    /// Top-level `fallbacks`, then those of `router_settings`; a list that is missing there is taken from `litellm_settings`.
    package var fallbacks: [FallbackRule] = []
    /// Top-level `retry`.
    package var retry: RetrySection?
    /// `environment_variables` after their own references were resolved.
    package var environmentVariables: [NamedSecret] = []
    /// The main file, then every included file, as they were opened: what to watch.
    package var files: [String] = []

    package init() {}
}
