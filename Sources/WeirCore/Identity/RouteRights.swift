/// The routes that a key may use (`allowed_routes`), groups of routes already written out.
package struct RouteRights: Sendable, Hashable {
    private let exact: Set<String>
    private let prefixes: [String]

    /// Paths; those that end in `*` allow everything that begins alike, those with `{…}` any text in its place.
    package init(_ paths: [String]) {
        exact = Set(paths.filter { !$0.contains("*") && !$0.contains("{") })
        prefixes = paths.compactMap { path in
            guard let end = path.firstIndex(where: { $0 == "*" || $0 == "{" }) else { return nil }
            return String(path[..<end])
        }
    }

    /// `path` without a query.
    package func allow(_ path: String) -> Bool {
        exact.contains(path) || prefixes.contains { path.hasPrefix($0) }
    }
}
