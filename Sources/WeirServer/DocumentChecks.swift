package import WeirConfig
import WeirCore
import WeirDrivers
import WeirProviders

/// What can be wrong with a configuration that only those know who act on it: providers, their addresses, what overrules
/// what.
package enum DocumentChecks {
    /// The reading with these problems added; without its document when one of them is an error.
    ///
    /// `namesStore`: the command line names a store, so that the configuration's does not matter.
    package static func checked(
        _ reading: ConfigReading, _ environment: [String: String], namesStore: Bool = false
    ) -> ConfigReading {
        guard let document = reading.document else { return reading }
        var problems = document.models.flatMap { Self.problems(of: $0, document, environment) }
        if !namesStore { problems += Self.problems(of: document.store) }
        if document.auth.kind == AuthSection.Kind.none, document.general.masterKey != nil {
            let place = document.auth.tokens.first?.place ?? SourceLocation(file: reading.files.first ?? "", line: 0)
            problems.append(
                ConfigProblem(
                    .warning, at: place,
                    "auth.type: none does not open a gateway that has a master key; take the master key away to open it"
                ))
        }
        guard !problems.isEmpty else { return reading }
        let isBroken = problems.contains { $0.severity == .error }
        return ConfigReading(
            document: isBroken ? nil : document, problems: reading.problems + problems, fingerprint: reading.fingerprint
        )
    }

    private static func problems(of store: StoreSection) -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        func check(_ url: Secret?, _ name: String, _ place: SourceLocation) {
            guard let url else { return }
            do throws(PostgresSettingsFault) { _ = try StoreOpening.settings(url.revealed(), store) } catch {
                let message =
                    "\(name) must be the address of a PostgreSQL, such as postgresql://user:password@host:5432/name. "
                    + "\(error) For SQLite leave it out, and name a directory with --data-dir or WEIR_DATA_DIR."
                problems.append(ConfigProblem(.error, at: place, message))
            }
        }
        let place = store.databasePlace
        check(store.databaseURL, place.line > 0 ? "`database_url`" : "DATABASE_URL", place)
        let environment = SourceLocation(file: "environment", line: 0)
        check(store.replicaURL, "DATABASE_URL_READ_REPLICA", environment)
        if store.replicaURL != nil, store.databaseURL == nil {
            problems.append(
                ConfigProblem(
                    .warning, at: environment,
                    "DATABASE_URL_READ_REPLICA is not used: it stands beside a PostgreSQL of `database_url` or DATABASE_URL"
                ))
        }
        return problems
    }

    private static func problems(
        of entry: ModelEntry, _ document: ConfigDocument, _ environment: [String: String]
    ) -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        if entry.tls.verifies ?? document.litellm.tls.verifies == false {
            let message = "ssl_verify: false accepts any certificate for '\(entry.name)': for tests only"
            problems.append(ConfigProblem(.warning, at: entry.place, message))
        }
        guard entry.mockResponse == nil, !entry.vendor.isEmpty, entry.vendor != "echo" else { return problems }
        guard let vendor = CompatibleVendors.vendor(entry.vendor) else {
            let message =
                "the provider '\(entry.vendor)' is not served yet: calls of '\(entry.name)' get 501; if its server speaks "
                + "OpenAI's dialect, write openai/\(entry.model) with an api_base"
            problems.append(ConfigProblem(.warning, at: entry.place, message))
            return problems
        }
        let own = document.value(of: vendor.baseVariables, environment)
        guard let base = entry.apiBase ?? own ?? vendor.base else {
            let variables = vendor.baseVariables.joined(separator: " or ")
            let message =
                "'\(entry.name)' needs an address: give its api_base"
                + (variables.isEmpty ? "" : ", or set \(variables)")
            problems.append(ConfigProblem(.error, at: entry.place, message))
            return problems
        }
        if BaseURL(base) == nil {
            let message =
                "the api_base of '\(entry.name)' must be http:// or https:// with a host, without user, password and "
                + "fragment; give secrets by api_key or extra_headers"
            problems.append(ConfigProblem(.error, at: entry.place, message))
        }
        return problems
    }
}
