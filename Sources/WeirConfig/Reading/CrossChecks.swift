import WeirCore

/// What can only be said when the whole document is known.
enum CrossChecks {
    static func run(_ document: ConfigDocument, _ log: ProblemLog) {
        ids(document.models, log)
        let names = Names(document)
        for alias in document.router.aliases where !names.has(alias.group) {
            log.doubt(
                alias.place, "the alias `\(alias.alias)` can never be taken: \(names.absence(of: alias.group))"
            )
        }
        for rule in document.routes {
            for model in rule.models where !names.has(model) {
                log.doubt(rule.place, "this route can never be taken for `\(model)`: \(names.absence(of: model))")
            }
        }
        for rule in document.fallbacks {
            if rule.primary != "*", !rule.primary.isEmpty, !names.has(rule.primary) {
                log.doubt(
                    rule.place,
                    "the fallback of `\(rule.primary)` can never be taken: \(names.absence(of: rule.primary))")
            }
            for backup in rule.backups where !names.has(backup) {
                log.doubt(rule.place, "the fallback to `\(backup)` can never be taken: \(names.absence(of: backup))")
            }
        }
        FallbackLoops.check(document, log)
        credentials(document, log)
        groups(document, names, log)
        ports(document, log)
    }

    /// A name that the file does not have may be one of the store.
    private static func credentials(_ document: ConfigDocument, _ log: ProblemLog) {
        let names = document.credentials.map(\.name)
        for model in document.models {
            guard let name = model.credentialName, !names.contains(name) else { continue }
            let nearest = NearestName.of(name, among: names).map { "; did you mean `\($0)`?" } ?? ""
            log.doubt(
                model.place,
                "`credential_list` has no `\(name)`, so it must be added by POST /credentials\(nearest)")
        }
    }

    /// Settings for single model groups.
    private static func groups(_ document: ConfigDocument, _ names: Names, _ log: ProblemLog) {
        let settings =
            document.router.groupStrategies.map { ("strategy", $0.group, $0.place) }
            + document.router.groupRetryPolicies.map { ("retry policy", $0.group, $0.place) }
            + document.groupLimits.map { ("limit", $0.group, $0.place) }
        for (kind, group, place) in settings where !names.has(group) {
            log.doubt(place, "the \(kind) of `\(group)` can never be used: \(names.absence(of: group))")
        }
    }

    private static func ids(_ models: [ModelEntry], _ log: ProblemLog) {
        var first: [String: SourceLocation] = [:]
        for model in models {
            guard let id = model.info.id, !id.isEmpty else { continue }
            if let other = first[id] {
                log.error(model.place, "the id `\(id)` is taken by the entry at \(other): give each entry its own")
            } else {
                first[id] = model.place
            }
        }
    }

    private static func ports(_ document: ConfigDocument, _ log: ProblemLog) {
        guard let prometheus = document.logging.prometheus, prometheus.isEnabled, let port = prometheus.port,
            port == document.features.separateHealthPort
        else {
            return
        }
        log.error(
            SourceLocation(file: document.files.first ?? "", line: 0),
            "port \(port) is given to both `logging.prometheus` and the separate health app: change one of them"
        )
    }

    /// The names that a request can use.
    private struct Names {
        private let exact: Set<String>
        private let patterns: [String]
        private let expressions: [NameExpression]

        init(_ document: ConfigDocument) {
            let groups = document.models.map(\.name)
            exact = Set(groups).union(document.router.aliases.map(\.alias))
            expressions = groups.filter { $0.hasPrefix("^") }.compactMap { try? NameExpression($0) }
            patterns = groups.filter { $0.contains("*") && !$0.hasPrefix("^") }
        }

        func has(_ name: String) -> Bool {
            exact.contains(name) || patterns.contains { Names.matches(name[...], $0[...]) }
                || expressions.contains { $0.matches(name) }
        }

        func absence(of name: String) -> String {
            let nearest = NearestName.of(name, among: exact.sorted()).map { "did you mean `\($0)`?" }
            return "no entry of `model_list` has this name; \(nearest ?? "add one, or remove it here")"
        }

        /// `*` stands for any text, also none.
        private static func matches(_ name: Substring, _ pattern: Substring) -> Bool {
            guard let star = pattern.firstIndex(of: "*") else { return name == pattern }
            let head = pattern[..<star]
            guard name.hasPrefix(head) else { return false }
            var rest = name.dropFirst(head.count)
            let tail = pattern[pattern.index(after: star)...]
            if tail.isEmpty { return true }
            while true {
                if matches(rest, tail) { return true }
                if rest.isEmpty { return false }
                rest = rest.dropFirst()
            }
        }
    }
}
