import WeirCore

/// `router_settings`, without its fallbacks and its Redis.
enum RouterReader {
    static func read(_ top: FieldReader, failsClosed: Bool?) -> RouterSection {
        var router = RouterSection()
        if failsClosed == true { router.redisFailureMode = .closed }
        guard let reader = top.section("router_settings", as: "router_settings") else { return router }
        choosing(reader, &router)
        router.defaultPriority = reader.whole("default_priority", 0...1000)
        router.queueTimeout = reader.seconds("queue_timeout")
        router.queueLimit = reader.whole("queue_limit")
        router.timeout = reader.seconds("timeout")
        router.streamTimeout = reader.seconds("stream_timeout")
        router.firstByteTimeout = reader.seconds("first_byte_timeout")
        router.chunkTimeout = reader.seconds("chunk_timeout")
        router.slowestStream = reader.number("min_tokens_per_second", 0...100_000, positive: true)
        router.hedgeAfter = reader.seconds("hedge_after")
        retries(reader, &router)
        cooldown(reader, &router)
        router.redisFailureMode =
            reader.choice("redis_failure_mode", RouterSection.FailureMode.self) ?? router.redisFailureMode
        router.providerBudgets = BudgetsReader.read(reader)
        reader.readElsewhere(FallbacksReader.keys + HealthReader.routerKeys + RedisReader.routerKeys)
        reader.finish()
        return router
    }

    // MARK: Choosing

    private static func choosing(_ reader: FieldReader, _ router: inout RouterSection) {
        router.choice = StrategyReader.fields(reader)
        router.groupStrategies = StrategyReader.groups(reader)
        router.aliases = aliases(reader)
        router.checksContextWindow = reader.flag("enable_pre_call_checks") ?? false
        router.preCallChecks = checks("optional_pre_call_checks", reader)
        if let fields = reader.section("model_group_affinity_config", as: "router_settings.model_group_affinity_config")
        {
            for member in fields.members { router.groupPreCallChecks[member.key] = checks(member.key, fields) }
        }
        router.filtersByTags = reader.flag("enable_tag_filtering") ?? false
        router.matchesAnyTag = reader.flag("tag_filtering_match_any") ?? true
        router.defaultMaxParallelRequests = reader.whole("default_max_parallel_requests")
        router.explains = reader.flag("explain") ?? false
    }

    private static func checks(_ key: String, _ reader: FieldReader) -> Set<PreCallCheck> {
        guard let member = reader.member(key) else { return [] }
        guard let items = member.value.list else {
            reader.wrong(member, "a list such as [session_affinity]")
            return []
        }
        var checks: Set<PreCallCheck> = []
        for item in items {
            guard let check = item.scalar.flatMap({ PreCallCheck(rawValue: $0.text) }) else {
                reader.wrongChoice(key, item, PreCallCheck.self)
                continue
            }
            checks.insert(check)
            if !check.isActedOn {
                reader.log.warning(
                    item.place, "the check `\(check.rawValue)` is known but not acted on yet: leave it or remove it")
            }
        }
        return checks
    }

    private static func aliases(_ reader: FieldReader) -> [RouterSection.Alias] {
        guard let member = reader.member("model_group_alias") else { return [] }
        guard let members = member.value.map else {
            reader.wrong(member, "a mapping from other names to names of `model_list`")
            return []
        }
        return members.compactMap { alias in
            if let scalar = alias.value.scalar, !alias.value.isNull {
                return RouterSection.Alias(alias: alias.key, group: scalar.text, hidden: false, place: alias.keyPlace)
            }
            guard let fields = alias.value.map else {
                reader.log.error(alias.keyPlace, "the alias `\(alias.key)` must be a name, or a mapping with `model`")
                return nil
            }
            let item = FieldReader("router_settings.model_group_alias{}", fields, alias.keyPlace, reader.log)
            let group = item.text("model")
            let hidden = item.flag("hidden") ?? false
            item.finish()
            guard let group, !group.isEmpty else {
                reader.log.error(alias.keyPlace, "the alias `\(alias.key)` has no `model`: add the name it stands for")
                return nil
            }
            return RouterSection.Alias(alias: alias.key, group: group, hidden: hidden, place: alias.keyPlace)
        }
    }

    // MARK: After a failure

    private static func retries(_ reader: FieldReader, _ router: inout RouterSection) {
        router.numRetries = reader.whole("num_retries", 0...100)
        router.retryAfter = reader.seconds("retry_after", zero: true)
        router.maxFallbacks = reader.whole("max_fallbacks", 0...100)
        router.retryPolicy = FailurePolicyReader.retries("retry_policy", reader)
        if let fields = reader.section("model_group_retry_policy", as: "router_settings.model_group_retry_policy") {
            router.groupRetryPolicies = fields.members.compactMap { member in
                guard !member.value.isNull else { return nil }
                let retries = FailurePolicyReader.retries(member.key, fields)
                return GroupRetryPolicy(group: member.key, retries: retries, place: member.keyPlace)
            }
        }
        if let fields = reader.section("retry_budget", as: "router_settings.retry_budget") {
            router.retryBudget.percent = fields.whole("percent", 0...1000) ?? router.retryBudget.percent
            router.retryBudget.perMinute = fields.whole("per_minute") ?? router.retryBudget.perMinute
            fields.finish()
        }
    }

    private static func cooldown(_ reader: FieldReader, _ router: inout RouterSection) {
        router.allowedFails = reader.whole("allowed_fails")
        router.allowedFailsPolicy = FailurePolicyReader.fails("allowed_fails_policy", reader)
        router.cooldown = reader.seconds("cooldown_time", zero: true)
        router.disablesCooldowns = reader.flag("disable_cooldowns") ?? false
        router.coolsLastDeployment = reader.flag("cooldown_last_deployment") ?? false
        router.failureThresholdPercent =
            reader.whole("failure_threshold_percent", 0...100) ?? router.failureThresholdPercent
        router.failureThresholdMinimum =
            reader.whole("failure_threshold_minimum_requests", 1...1_000_000) ?? router.failureThresholdMinimum
    }
}
