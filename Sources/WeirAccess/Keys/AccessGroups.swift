import WeirCore

/// The access groups that models are in.
struct AccessGroups: Sendable {
    private let exact: [String: Set<String>]
    private let patterns: [(prefix: String, suffix: String, groups: Set<String>)]
    private let expressions: [(expression: NameExpression, groups: Set<String>)]

    /// By names of models; a name may have one `*`, or be an expression.
    init(_ groups: [String: Set<String>]) {
        exact = groups
        expressions = groups.compactMap { name, groups in
            name.hasPrefix("^") ? (try? NameExpression(name)).map { ($0, groups) } : nil
        }
        patterns = groups.compactMap { name, groups in
            guard !name.hasPrefix("^"), let star = name.firstIndex(of: "*") else { return nil }
            return (String(name[..<star]), String(name[name.index(after: star)...]), groups)
        }
    }

    /// Of the model with this name, and of the patterns that it fits.
    func groups(of model: String) -> Set<String> {
        var groups = exact[model] ?? []
        for pattern in patterns
        where model.utf8.count >= pattern.prefix.utf8.count + pattern.suffix.utf8.count
            && model.hasPrefix(pattern.prefix) && model.hasSuffix(pattern.suffix)
        {
            groups.formUnion(pattern.groups)
        }
        for (expression, members) in expressions where expression.matches(model) { groups.formUnion(members) }
        return groups
    }
}
