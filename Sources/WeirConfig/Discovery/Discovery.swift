import WeirCore

/// What can be served without any configuration: the providers whose keys are in the environment, the model servers found on this
/// machine, and `echo`, which answers with what it was asked.
package enum Discovery {
    private struct Finding {
        let vendor: String
        /// The first that is set and not empty is used.
        let keys: [String]
        /// Names that `/v1/models` can list; every other name of the provider works through its wildcard.
        let models: [String]
    }

    private static let findings = [
        Finding(
            vendor: "openai", keys: ["OPENAI_API_KEY"],
            models: ["gpt-5.2", "gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-4o", "gpt-4o-mini"]
        ),
        Finding(
            vendor: "anthropic", keys: ["ANTHROPIC_API_KEY"],
            models: ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"]
        ),
        Finding(
            vendor: "groq", keys: ["GROQ_API_KEY"],
            models: ["llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-120b", "openai/gpt-oss-20b"]
        ),
        Finding(
            vendor: "openrouter", keys: ["OPENROUTER_API_KEY"],
            models: ["openai/gpt-5.2", "openai/gpt-5-mini", "anthropic/claude-sonnet-4.6", "openai/gpt-oss-120b"]
        ),
        Finding(
            vendor: "together_ai", keys: ["TOGETHERAI_API_KEY", "TOGETHER_API_KEY", "TOGETHER_AI_API_KEY"],
            models: ["meta-llama/Llama-3.3-70B-Instruct-Turbo", "openai/gpt-oss-120b", "openai/gpt-oss-20b"]
        ),
        Finding(
            vendor: "deepinfra", keys: ["DEEPINFRA_API_KEY"],
            models: ["meta-llama/Llama-3.3-70B-Instruct-Turbo", "openai/gpt-oss-120b", "openai/gpt-oss-20b"]
        ),
        Finding(
            vendor: "fireworks_ai", keys: ["FIREWORKS_AI_API_KEY", "FIREWORKS_API_KEY"],
            models: ["accounts/fireworks/models/gpt-oss-120b", "accounts/fireworks/models/gpt-oss-20b"]
        ),
        Finding(
            vendor: "huggingface", keys: ["HUGGINGFACE_API_KEY", "HF_TOKEN"],
            models: ["meta-llama/Llama-3.3-70B-Instruct", "openai/gpt-oss-120b"]
        ),
    ]

    /// A document as if it had been written, with what was wrong in the environment. Listed names are `openai/gpt-5`; each
    /// provider also has a wildcard, `openai/*`. The master key, the second listener and Redis come from the environment, as with a file.
    package static func document(
        environment: [String: String], localServers: [LocalServer] = []
    ) -> ConfigReading {
        let log = ProblemLog(strict: false)
        let nothing = FieldReader("", [], place, log)
        var document = ConfigDocument()
        document.general = SettingsReader.general(nothing, environment)
        document.features = SurroundingsReader.features(nothing, environment)
        document.redis = RedisReader.read(nothing, environment)
        document.identity = IdentityReader.read(nothing, environment)
        document.store = StoreReader.read(nothing, environment)
        for finding in findings {
            guard let key = finding.keys.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }) else { continue }
            for model in finding.models + ["*"] { document.models.append(entry(finding.vendor, model, key: key)) }
        }
        document.models += azure(environment, log)
        for server in localServers {
            for model in server.models {
                document.models.append(entry(server.vendor, model, base: server.apiBase, name: model))
            }
        }
        document.models.append(entry("echo", "echo", name: "echo"))
        return ConfigReading(
            document: log.hasErrors ? nil : document, problems: log.sorted, fingerprint: ConfigFingerprint()
        )
    }

    private static let place = SourceLocation(file: "environment", line: 0)

    private static func azure(_ environment: [String: String], _ log: ProblemLog) -> [ModelEntry] {
        guard let key = environment["AZURE_API_KEY"], !key.isEmpty else { return [] }
        guard let text = environment["AZURE_API_BASE"], !text.isEmpty else {
            log.warning(place, "AZURE_API_KEY is set but AZURE_API_BASE is not: set it to the resource's address")
            return []
        }
        guard let base = BaseURL.checked(text) else {
            log.error(place, "AZURE_API_BASE must be an http:// or https:// address with a host")
            return []
        }
        var names = ["*"]
        if let deployment = environment["AZURE_DEPLOYMENT_NAME"], !deployment.isEmpty {
            names.insert(deployment, at: 0)
        }
        return names.map { name in
            var entry = entry("azure", name, key: key, base: base)
            if let version = environment["AZURE_API_VERSION"], !version.isEmpty { entry.apiVersion = version }
            return entry
        }
    }

    private static func entry(
        _ vendor: String, _ model: String, key: String? = nil, base: String? = nil, name: String? = nil
    ) -> ModelEntry {
        var entry = ModelEntry(name: name ?? "\(vendor)/\(model)", vendor: vendor, model: model, place: place)
        entry.apiKey = key.map { Secret($0) }
        entry.apiBase = base
        return entry
    }
}
