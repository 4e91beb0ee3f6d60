import WeirCore

/// The sections around the models: `logging`, `health_checks`, `features`, `rate_limits`, `retry`.
enum SurroundingsReader {
    static func logging(_ top: FieldReader) -> LoggingSection {
        var logging = LoggingSection()
        guard let reader = top.section("logging", as: "logging") else { return logging }
        if let fields = reader.section("prometheus", as: "logging.prometheus") {
            var prometheus = LoggingSection.Prometheus()
            prometheus.isEnabled = fields.flag("enabled") ?? true
            prometheus.host = fields.text("host") ?? prometheus.host
            prometheus.port = fields.whole("port", 1...65535)
            fields.finish()
            logging.prometheus = prometheus
        }
        if let fields = reader.section("langfuse", as: "logging.langfuse") {
            var langfuse = LoggingSection.Langfuse()
            langfuse.host = fields.text("host")
            langfuse.publicKey = fields.secret("public_key")
            langfuse.secretKey = fields.secret("secret_key")
            unknownOnly(fields)
            logging.langfuse = langfuse
        }
        reader.finish()
        return logging
    }

    static func healthChecks(_ top: FieldReader) -> HealthChecksSection {
        var checks = HealthChecksSection()
        guard let reader = top.section("health_checks", as: "health_checks") else { return checks }
        checks.isEnabled = reader.flag("enabled") ?? checks.isEnabled
        checks.requiresHealthyBackend = reader.flag("require_backend_healthy") ?? false
        if let path = reader.text("endpoint") {
            checks.endpoint = path
            let isPath = path.hasPrefix("/") && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !path.contains("?")
            if !isPath, let member = reader.member("endpoint") {
                reader.wrong(member, "a path that begins with a slash, such as /health")
            }
        }
        reader.finish()
        return checks
    }

    static func features(_ top: FieldReader, _ environment: [String: String]) -> FeaturesSection {
        var features = FeaturesSection()
        let outside = SourceLocation(file: "environment", line: 0)
        let reader = top.section("features", as: "features")
        var separate = reader?.flag("separate_health_app")
        features.preCallHealthChecks = reader?.flag("pre_call_health_checks") ?? false
        reader?.finish()
        if separate == nil, let text = environment["SEPARATE_HEALTH_APP"], !text.isEmpty {
            separate = FieldReader.flag(YAMLScalar(text: text, isPlain: true))
            if separate == nil { top.log.error(outside, "SEPARATE_HEALTH_APP must be 1 or 0") }
        }
        guard separate == true else { return features }
        features.separateHealthPort = 4001
        if let text = environment["SEPARATE_HEALTH_PORT"], !text.isEmpty {
            if let port = Int(text), (1...65535).contains(port) {
                features.separateHealthPort = port
            } else {
                top.log.error(outside, "SEPARATE_HEALTH_PORT must be a whole number from 1 to 65535")
            }
        }
        return features
    }

    static func rateLimits(_ top: FieldReader) -> RateLimitsSection {
        var limits = RateLimitsSection()
        guard let reader = top.section("rate_limits", as: "rate_limits") else { return limits }
        limits.globalPerMinute = reader.whole("global_per_minute")
        if let fields = reader.section("per_api_key", as: "rate_limits.per_api_key") {
            limits.perAPIKey = fields.members.compactMap { member in
                guard !member.value.isNull, let limit = fields.whole(member.key) else { return nil }
                return RateLimitsSection.KeyLimit(name: member.key, perMinute: limit)
            }
        }
        unknownOnly(reader)
        return limits
    }

    static func retry(_ top: FieldReader) -> RetrySection? {
        guard let reader = top.section("retry", as: "retry") else { return nil }
        var retry = RetrySection()
        retry.maxRetries = reader.whole("max_retries", 0...100)
        retry.minimumWait = reader.seconds("min_seconds", zero: true)
        unknownOnly(reader)
        return retry
    }

    /// For sections of which one warning says that they are not acted on yet: their fields need no warning each.
    private static func unknownOnly(_ reader: FieldReader) {
        let known = KnownKeys.section(reader.section)
        for member in reader.members where known[member.key] == nil {
            reader.unknown(member, known.keys.sorted())
        }
    }
}
