/// What the configuration says about names and choice. Times are nanoseconds.
package struct RoutingSettings: Sendable {
    /// A request that carries this header, with this value if one is given, goes to `model`, whatever it asked for.
    package struct HeaderRule: Sendable {
        /// Lower case.
        package let header: String
        package let value: String?
        package let model: String

        package init(header: String, value: String?, model: String) {
            self.header = header
            self.value = value
            self.model = model
        }
    }

    /// Another name for a group. Hidden ones are not listed.
    package struct Alias: Sendable {
        package let group: String
        package let isHidden: Bool

        package init(group: String, isHidden: Bool = false) {
            self.group = group
            self.isHidden = isHidden
        }
    }

    /// What one model group does otherwise than the router; nil keeps the router's.
    package struct Group: Sendable {
        package var strategy: RoutingStrategy?
        package var arguments: StrategyArguments?
        package var numRetries: Int?
        /// `model_group_retry_policy`
        package var retryPolicy: RetryPolicy?
        package var keepsSessions: Bool?

        package init() {}
    }

    package var aliases: [String: Alias] = [:]
    package var headerRules: [HeaderRule] = []
    /// `routing_strategy`
    package var strategy = RoutingStrategy.simpleShuffle
    /// `routing_strategy_args`
    package var arguments = StrategyArguments()
    /// By the group's own name.
    package var groups: [String: Group] = [:]
    package var retries = RetrySettings()
    package var cooldown = CooldownSettings()
    package var fallbacks = FallbackSettings()
    package var tags = TagSettings()
    /// `enable_pre_call_checks`: a prompt that does not fit into a deployment's context is not sent there.
    package var checksContext = false
    /// Requests and tokens a minute of a deployment are limits, not only weights. LiteLLM enforces them in some
    /// strategies; here they hold in all unless this is off.
    package var enforcesLimits = true
    /// `default_max_parallel_requests`: for deployments that give none; 0 means no limit.
    package var defaultParallel = 0
    /// A conversation stays with its deployment as long as that one serves (`session_affinity`, `deployment_affinity`).
    package var keepsSessions = false
    /// `enable_health_check_routing`: a deployment that its health check found dead gets no traffic while another lives.
    package var routesByHealth = false
    /// `provider_budget_config`, by vendor in the spelling of `Deployment.vendor`.
    package var budgets: [String: ProviderBudget] = [:]

    package init(aliases: [String: Alias] = [:], headerRules: [HeaderRule] = []) {
        self.aliases = aliases
        self.headerRules = headerRules
    }
}

/// `enable_tag_filtering` and its relatives.
package struct TagSettings: Sendable, Equatable {
    package var isEnabled = false
    /// A deployment fits when it carries any of the request's tags; otherwise only when it carries all of them.
    package var matchesAny = true
    /// Only tags that begin with this are looked at, without it; empty looks at all.
    package var prefix = ""

    package init() {}
}
