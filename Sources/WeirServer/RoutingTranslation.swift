import WeirAccess
import WeirConfig
import WeirCore
import WeirLimits
import WeirPipeline
import WeirRouting

/// The configuration's routing and limits as the rooms take them.
enum RoutingTranslation {
    // MARK: Routing

    static func routing(_ document: ConfigDocument) -> RoutingSettings {
        let router = document.router
        let aliases = router.aliases.map { ($0.alias, RoutingSettings.Alias(group: $0.group, isHidden: $0.hidden)) }
        var settings = RoutingSettings(
            aliases: Dictionary(aliases, uniquingKeysWith: { $1 }), headerRules: headerRules(document))
        settings.strategy = strategy(router.strategy)
        settings.arguments = arguments(router.choice)
        settings.groups = groups(document)
        settings.retries = retries(document)
        settings.cooldown = cooldown(document)
        settings.fallbacks.rules = document.fallbacks.map { rule in
            FallbackSettings.Rule(primary: rule.primary, backups: rule.backups, condition: condition(rule.condition))
        }
        settings.fallbacks.limit = document.maxFallbacks
        settings.tags.isEnabled = router.filtersByTags
        settings.tags.matchesAny = router.matchesAnyTag
        settings.checksContext = router.checksContextWindow
        settings.defaultParallel = router.defaultMaxParallelRequests ?? 0
        settings.keepsSessions = keepsSessions(router.preCallChecks)
        settings.routesByHealth = document.healthChecks.routesByHealth
        return settings
    }

    private static func headerRules(_ document: ConfigDocument) -> [RoutingSettings.HeaderRule] {
        let defined = Set(document.models.map(\.name))
        return document.routes.compactMap { rule in
            guard let condition = rule.condition, let model = rule.models.first(where: defined.contains) else {
                return nil
            }
            return .init(header: condition.header.lowercased(), value: condition.value, model: model)
        }
    }

    private static func groups(_ document: ConfigDocument) -> [String: RoutingSettings.Group] {
        let router = document.router
        let names = groupNames(router)
        var groups: [String: RoutingSettings.Group] = [:]
        func edit(_ name: String, _ change: (inout RoutingSettings.Group) -> Void) {
            change(&groups[names[name] ?? name, default: RoutingSettings.Group()])
        }
        for choice in router.groupStrategies {
            edit(choice.group) {
                $0.strategy = strategy(choice.fields.strategy)
                $0.arguments = arguments(choice.fields)
            }
        }
        for policy in router.groupRetryPolicies {
            edit(policy.group) { $0.retryPolicy = RetryPolicy(policy.retries) }
        }
        for (name, checks) in router.groupPreCallChecks {
            edit(name) { $0.keepsSessions = keepsSessions(checks) }
        }
        return groups
    }

    /// The group's own name by its alias.
    static func groupNames(_ router: RouterSection) -> [String: String] {
        Dictionary(router.aliases.map { ($0.alias, $0.group) }, uniquingKeysWith: { $1 })
    }

    private static func keepsSessions(_ checks: Set<PreCallCheck>) -> Bool {
        !checks.isDisjoint(with: [.deploymentAffinity, .sessionAffinity, .promptCaching])
    }

    private static func strategy(_ strategy: RouterSection.Strategy) -> RoutingStrategy {
        RoutingStrategy(rawValue: strategy.rawValue) ?? .simpleShuffle
    }

    private static func arguments(_ fields: StrategyFields) -> StrategyArguments {
        var arguments = StrategyArguments()
        arguments.ttl = Timeout(fields.latencyLifetime).nanoseconds
        arguments.lowestLatencyBuffer = fields.lowestLatencyBuffer
        arguments.latencyListSize = fields.latencyListSize
        return arguments
    }

    private static func retries(_ document: ConfigDocument) -> RetrySettings {
        let router = document.router
        let configured = document.configuredRetries
        var settings = RetrySettings()
        // Where nobody says a number, a failed try goes on to other deployments, but none is asked twice.
        settings.numRetries = configured ?? 2
        settings.repeatsSameDeployment = configured != nil || !router.retryPolicy.isEmpty
        settings.policy = RetryPolicy(router.retryPolicy)
        settings.minimumWait = Timeout(document.minimumRetryWait).nanoseconds
        settings.budgetPercent = router.retryBudget.percent
        settings.budgetFloor = router.retryBudget.perMinute
        return settings
    }

    private static func cooldown(_ document: ConfigDocument) -> CooldownSettings {
        let router = document.router
        var settings = CooldownSettings()
        settings.isDisabled = router.disablesCooldowns || document.cooldown == .zero
        settings.time = Timeout(document.cooldown).nanoseconds
        settings.allowedFails = document.allowedFails
        settings.allowedFailsPolicy = router.allowedFailsPolicy
        settings.failurePercent = router.failureThresholdPercent
        settings.minimumCalls = router.failureThresholdMinimum
        settings.restsLast = router.coolsLastDeployment
        return settings
    }

    private static func condition(_ condition: FallbackRule.Condition) -> FallbackSettings.Condition {
        FallbackSettings.Condition(rawValue: condition.rawValue) ?? .any
    }

    /// What routing looks at of one deployment.
    static func traits(_ entry: ModelEntry, _ router: RouterSection, longestPrompt: Int?) -> DeploymentTraits {
        var traits = DeploymentTraits()
        traits.order = entry.order
        traits.tags = entry.tags
        traits.tagPatterns = entry.tagPatterns
        traits.region = entry.regionName
        traits.maxInputTokens = entry.info.maxInputTokens ?? longestPrompt ?? 0
        traits.maxParallelRequests = entry.maxParallelRequests ?? 0
        traits.numRetries = entry.numRetries
        traits.cooldown = entry.cooldown.map { Timeout($0).nanoseconds }
        traits.allowedFails = entry.allowedFails
        traits.allowedFailsPolicy = entry.allowedFailsPolicy
        traits.hedgeAfter = (entry.hedgeAfter ?? router.hedgeAfter).map { Timeout($0).nanoseconds }
        traits.slowestStream = entry.slowestStream ?? router.slowestStream
        return traits
    }

    // MARK: Limits

    static func limits(_ document: ConfigDocument) -> LimitsSettings {
        var settings = LimitsSettings()
        settings.global = set(document.rateLimits.global)
        for limit in document.rateLimits.perAPIKey {
            if limit.name == "default" {
                settings.defaultPrincipal = set(limit.limits)
            } else {
                // The name of a key, or the key itself.
                settings.perPrincipal[limit.name] = set(limit.limits)
                settings.perPrincipal[KeyDigest(of: Secret(limit.name)).hex] = set(limit.limits)
            }
        }
        let names = groupNames(document.router)
        for limit in document.groupLimits {
            settings.perGroup[names[limit.group] ?? limit.group] = set(limit.limits)
        }
        return settings
    }

    /// Nil where nobody waits.
    static func queue(_ router: RouterSection) -> QueueSettings? {
        guard let timeout = router.queueTimeout.map({ Timeout($0) }), timeout != .none else { return nil }
        return QueueSettings(
            timeout: timeout.nanoseconds, limit: router.queueLimit ?? 1000, priority: router.defaultPriority ?? 0)
    }

    static func estimate(_ document: ConfigDocument) -> TokenEstimate {
        guard let tokens = document.rateLimits.assumedOutputTokens else { return TokenEstimate() }
        return TokenEstimate(answerTokens: tokens)
    }

    private static func set(_ fields: LimitFields) -> LimitSet {
        LimitSet(
            requestsPerMinute: fields.requestsPerMinute, tokensPerMinute: fields.tokensPerMinute,
            parallel: fields.parallel)
    }
}
