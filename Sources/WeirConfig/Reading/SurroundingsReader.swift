import WeirCore

/// The sections around the models: `logging`, `features`, `retry`.
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

    static func retry(_ top: FieldReader) -> RetrySection? {
        guard let reader = top.section("retry", as: "retry") else { return nil }
        var retry = RetrySection()
        retry.maxRetries = reader.whole("max_retries", 0...100)
        retry.minimumWait = reader.seconds("min_seconds", zero: true)
        reader.finish()
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
