import WeirCore

/// Reads a configuration: LiteLLM's files as they are, and the forms that Weir adds.
package enum ConfigReader {
    /// Reads the file at `path` and all that it includes.
    ///
    /// - `environment`: what references resolve to. `LITELLM_MASTER_KEY`, `WEIR_COMPAT`, `SEPARATE_HEALTH_APP`,
    ///   `SEPARATE_HEALTH_PORT`, `REDIS_*`, `DATABASE_*`, `JWT_*` and the secrets of the store also stand in for settings that the files do not have.
    /// - `strict`: an unknown key, and a route or fallback to a model that is not defined, are errors instead of warnings.
    package static func read(
        path: String, source: any ConfigSource = FileSource(), environment: [String: String], strict: Bool = false
    ) -> ConfigReading {
        let log = ProblemLog(strict: strict)
        var includes = Includes(source: source, environment: environment, log: log)
        guard let raw = includes.open(path) else {
            return ConfigReading(document: nil, problems: log.sorted, fingerprint: includes.fingerprint)
        }
        let (variables, surroundings) = exported(raw, environment, log)
        let members = EnvironmentReferences(environment: surroundings, log: log).resolve(raw)
        let reader = FieldReader("", members, SourceLocation(file: path, line: 1), log)

        var document = ConfigDocument()
        document.files = includes.fingerprint.files
        document.environmentVariables = variables
        document.credentials = CredentialsReader.read(reader)
        document.models = ModelListReader.read(reader, document.credentials)
        document.general = SettingsReader.general(reader, surroundings)
        document.litellm = SettingsReader.litellm(reader)
        document.router = RouterReader.read(reader, failsClosed: document.general.failsClosed)
        document.redis = RedisReader.read(reader, surroundings)
        document.routes = RoutesReader.read(reader)
        document.auth = AuthReader.read(reader)
        document.identity = IdentityReader.read(reader, surroundings)
        document.store = StoreReader.read(reader, surroundings)
        document.logging = SurroundingsReader.logging(reader)
        document.features = SurroundingsReader.features(reader, surroundings)
        document.healthChecks = HealthReader.read(reader, document.features)
        document.rateLimits = LimitsReader.read(reader, document.general, document.auth)
        document.groupLimits = LimitsReader.groups(reader)
        document.retry = SurroundingsReader.retry(reader)
        document.fallbacks = FallbacksReader.read(reader)
        _ = reader.written("environment_variables")
        reader.finish()
        CrossChecks.run(document, log)
        return ConfigReading(
            document: log.hasErrors ? nil : document, problems: log.sorted, fingerprint: includes.fingerprint
        )
    }

    /// `environment_variables`, and the environment with them in it: as with LiteLLM, they win over what was there.
    private static func exported(
        _ members: [YAMLMember], _ environment: [String: String], _ log: ProblemLog
    ) -> ([NamedSecret], [String: String]) {
        guard let member = members.first(where: { $0.key == "environment_variables" }), !member.value.isNull else {
            return ([], environment)
        }
        guard let variables = member.value.map else {
            let found = member.value.scalar == nil ? member.value.described : "a text"
            log.error(member.value.place, "`environment_variables` must be a mapping, not \(found)")
            return ([], environment)
        }
        var surroundings = environment
        var found: [NamedSecret] = []
        for variable in variables {
            // One at a time, so that a variable can use those above it.
            let value = EnvironmentReferences(environment: surroundings, log: log).resolve(variable.value)
            guard let scalar = value.scalar else {
                log.error(value.place, "the variable `\(variable.key)` must be a text, not \(value.described)")
                continue
            }
            let text = value.isNull ? "" : scalar.text
            surroundings[variable.key] = text
            found.append(NamedSecret(name: variable.key, value: .init(text)))
        }
        return (found, surroundings)
    }
}
