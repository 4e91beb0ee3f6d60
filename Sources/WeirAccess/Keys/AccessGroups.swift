/// The access groups that models are in.
struct AccessGroups: Sendable {
    private let exact: [String: Set<String>]
    private let patterns: [(prefix: String, suffix: String, groups: Set<String>)]

    /// By names of models; a name may have one `*`.
    init(_ groups: [String: Set<String>]) {
        exact = groups
        patterns = groups.compactMap { name, groups in
            guard let star = name.firstIndex(of: "*") else { return nil }
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
        return groups
    }
}
