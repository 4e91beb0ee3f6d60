import WeirCore

/// Which deployments a request's tags let in, by LiteLLM's rules: a request with tags goes to deployments that carry any
/// (or all) of them, and if there is none, to those tagged `default`; a request without tags goes to those tagged
/// `default`, and if there is none, to all.
struct TagFilter: Sendable {
    private let wanted: [String]
    private let excluded: [String]
    private let required: [String]
    private let matchesAny: Bool
    private let userAgent: String

    /// Nil when the request brings nothing to filter by.
    init?(_ tags: [String], userAgent: String, _ settings: TagSettings) {
        var wanted: [String] = []
        var excluded: [String] = []
        var required: [String] = []
        for tag in tags {
            guard tag.hasPrefix(settings.prefix) else { continue }
            let tag = String(tag.dropFirst(settings.prefix.count))
            if tag.hasPrefix("!") {
                excluded.append(String(tag.dropFirst()))
            } else if tag.hasPrefix("&") {
                required.append(String(tag.dropFirst()))
            } else if !tag.isEmpty {
                wanted.append(tag)
            }
        }
        if wanted.isEmpty, excluded.isEmpty, required.isEmpty, userAgent.isEmpty { return nil }
        self.wanted = wanted
        self.excluded = excluded
        self.required = required
        self.userAgent = userAgent
        matchesAny = settings.matchesAny
    }

    func lets(_ traits: DeploymentTraits) -> Bool {
        guard isAllowed(traits), required.allSatisfy(traits.tags.contains) else { return false }
        if !wanted.isEmpty, !traits.tags.isEmpty {
            let fits =
                matchesAny ? wanted.contains(where: traits.tags.contains) : wanted.allSatisfy(traits.tags.contains)
            if fits { return true }
            // A pattern is no way around a strict rule about tags.
            if !matchesAny { return false }
        }
        if !userAgent.isEmpty, traits.tagPatterns.contains(where: matches) { return true }
        return wanted.isEmpty && !(required.isEmpty && excluded.isEmpty)
    }

    /// Nothing that the request excludes.
    func isAllowed(_ traits: DeploymentTraits) -> Bool { !excluded.contains(where: traits.tags.contains) }

    private func matches(_ pattern: String) -> Bool {
        guard let expression = try? Regex(pattern) else { return false }
        return "User-Agent: \(userAgent)".firstMatch(of: expression) != nil
    }
}
