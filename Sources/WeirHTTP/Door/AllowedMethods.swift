import HTTPTypes

/// Which methods each path of a route table has, so that another one is answered with 405 and `Allow` (RFC 9110, 15.5.6).
struct AllowedMethods: Sendable {
    private struct Pattern: Sendable {
        let parts: [Substring]
        let method: HTTPRequest.Method

        /// `{name}` stands for one part, `**` for one or more.
        func matches(_ given: [Substring]) -> Bool {
            for (index, part) in parts.enumerated() {
                if part == "**" { return given.count > index }
                guard index < given.count, part.hasPrefix("{") || part == given[index] else {
                    return false
                }
            }
            return parts.count == given.count
        }
    }

    private let plain: [[Substring]: [HTTPRequest.Method]]
    private let patterns: [Pattern]

    init(_ routes: [RouteTable.Route]) {
        func isPattern(_ path: String) -> Bool { path.contains("{") || path.contains("*") }
        plain = Dictionary(grouping: routes.filter { !isPattern($0.path) }) { Self.parts($0.path) }
            .mapValues { $0.map(\.method) }
        patterns = routes.filter { isPattern($0.path) }.map { Pattern(parts: Self.parts($0.path), method: $0.method) }
    }

    /// As the router splits a path: slashes without anything in between count as one.
    private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }

    /// The methods of the routes that this path leads to; empty when there is none. As in the router, a path that is written
    /// out goes before one with a place for anything.
    func methods(at path: String) -> [HTTPRequest.Method] {
        let parts = Self.parts(path)
        return plain[parts] ?? patterns.filter { $0.matches(parts) }.map(\.method)
    }

    /// The value of the header field, `HEAD` beside every `GET`.
    static func text(_ methods: [HTTPRequest.Method]) -> String {
        var names: [String] = []
        for method in methods {
            for name in method == .get ? ["GET", "HEAD"] : [method.rawValue] where !names.contains(name) {
                names.append(name)
            }
        }
        return names.joined(separator: ", ")
    }
}
