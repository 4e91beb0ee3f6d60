import WeirCore

/// `health_checks`, and what LiteLLM says of the same in `general_settings` and `router_settings`.
enum HealthReader {
    static let generalKeys = [
        "background_health_checks", "health_check_interval", "health_check_concurrency", "health_check_details",
        "background_health_check_model_groups", "enable_health_check_routing", "health_check_staleness_threshold",
        "health_check_ignore_transient_errors",
    ]
    static let routerKeys = [
        "background_health_check_model_groups", "enable_health_check_routing", "health_check_staleness_threshold",
        "health_check_ignore_transient_errors",
    ]

    static func read(_ top: FieldReader, _ features: FeaturesSection) -> HealthChecksSection {
        var checks = HealthChecksSection()
        var isInBackground: Bool?
        if let reader = top.section("health_checks", as: "health_checks") {
            own(reader, &checks)
            isInBackground = reader.flag("background")
            reader.finish()
        }
        let general = section("general_settings", top)
        let router = section("router_settings", top)
        checks.interval = general?.seconds("health_check_interval") ?? checks.interval
        checks.concurrency = general?.whole("health_check_concurrency", 1...10_000)
        checks.showsDetails = general?.flag("health_check_details") ?? true
        for reader in [general, router].compactMap({ $0 }) {
            if reader.flag("enable_health_check_routing") == true { checks.routesByHealth = true }
            if reader.flag("health_check_ignore_transient_errors") == true { checks.ignoresTransientErrors = true }
            checks.staleness = reader.seconds("health_check_staleness_threshold") ?? checks.staleness
            let groups = reader.texts("background_health_check_model_groups")
            if !groups.isEmpty { checks.groups = groups }
        }
        if features.preCallHealthChecks { checks.routesByHealth = true }
        isInBackground = general?.flag("background_health_checks") ?? isInBackground
        if checks.routesByHealth, isInBackground == false {
            let member = general?.written("background_health_checks") ?? top.written("health_checks")
            top.log.warning(
                member?.keyPlace ?? top.place,
                "unhealthy deployments are to be passed over, but nobody looks for them: switch the background checks on"
            )
        }
        checks.isInBackground = isInBackground ?? checks.routesByHealth
        return checks
    }

    private static func own(_ reader: FieldReader, _ checks: inout HealthChecksSection) {
        checks.isEnabled = reader.flag("enabled") ?? checks.isEnabled
        checks.requiresHealthyBackend = reader.flag("require_backend_healthy") ?? false
        checks.interval = reader.seconds("interval") ?? checks.interval
        checks.timeout = reader.seconds("timeout")
        checks.withInference = reader.flag("with_inference") ?? false
        guard let path = reader.text("endpoint") else { return }
        checks.endpoint = path
        let isPath = path.hasPrefix("/") && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !path.contains("?")
        if !isPath, let member = reader.member("endpoint") {
            reader.wrong(member, "a path that begins with a slash, such as /health")
        }
    }

    private static func section(_ key: String, _ top: FieldReader) -> FieldReader? {
        guard let member = top.members.first(where: { $0.key == key }), let members = member.value.map else {
            return nil
        }
        return FieldReader(key, members, member.keyPlace, top.log)
    }
}
