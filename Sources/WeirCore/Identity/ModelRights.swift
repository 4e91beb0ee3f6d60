/// The models that a key, a team, a user or an organisation may call, or that a customer may be called for with.
package struct ModelRights: Sendable, Hashable {
    package enum Holder: String, Sendable { case key, team, user, organization = "org", customer }

    package let holder: Holder
    /// The list as it was given.
    package let names: [String]
    private let exact: Set<String>
    private let patterns: [Pattern]
    private let expressions: [NameExpression]

    private struct Pattern: Hashable {
        let prefix: String
        let suffix: String
    }

    /// `names` are names of models, patterns with one `*` (`openai/*`), expressions (`^gpt-4`), and names of access groups.
    package init(holder: Holder, names: [String]) {
        self.holder = holder
        self.names = names
        exact = Set(names)
        expressions = names.filter { $0.hasPrefix("^") }.compactMap { try? NameExpression($0) }
        patterns = names.compactMap { name in
            guard !name.hasPrefix("^"), let star = name.firstIndex(of: "*") else { return nil }
            return Pattern(prefix: String(name[..<star]), suffix: String(name[name.index(after: star)...]))
        }
    }

    /// Whether `model` may be called; `groups` are the access groups that it is in.
    package func allow(_ model: String, groups: Set<String>) -> Bool {
        if exact.contains(model) || !exact.isDisjoint(with: groups) { return true }
        if expressions.contains(where: { $0.matches(model) }) { return true }
        return patterns.contains {
            model.utf8.count >= $0.prefix.utf8.count + $0.suffix.utf8.count && model.hasPrefix($0.prefix)
                && model.hasSuffix($0.suffix)
        }
    }
}
