/// The routes that a key may use (`allowed_routes`), groups of routes already written out.
package struct RouteRights: Sendable, Hashable {
    /// The list as it was given, for texts.
    package let names: [String]
    private let exact: Set<String>
    private let patterns: [Pattern]
    /// They must allow it as well.
    private var others: [RouteRights] = []

    /// What must stand in a path one after the other, with something between.
    private struct Pattern: Hashable {
        enum Gap: Hashable {
            /// `{name}`: one part of the path, not empty.
            case part
            /// `{name:path}`: any text, not empty.
            case text
        }

        struct Step: Hashable {
            let gap: Gap
            let text: String
        }

        let prefix: String
        var steps: [Step] = []
        /// It ended with `*`: anything may follow.
        var isOpen = false
    }

    /// Paths; those that end in `*` allow everything that begins alike, `{name}` stands for one part of a path and
    /// `{name:path}` for any number of them. `names` is what the paths were written out from.
    package init(_ paths: [String], names: [String]? = nil) {
        self.names = names ?? paths
        exact = Set(paths.filter { !$0.contains("*") && !$0.contains("{") })
        patterns = paths.filter { $0.contains("*") || $0.contains("{") }.map(Self.pattern)
    }

    /// `path` without a query. A route's own form (`/key/{key}/regenerate`) may stand for its paths.
    package func allow(_ path: String) -> Bool {
        (exact.contains(path) || patterns.contains { Self.matches(path, $0) }) && others.allSatisfy { $0.allow(path) }
    }

    /// What both allow.
    package func narrowed(to other: RouteRights) -> RouteRights {
        var rights = self
        rights.others.append(other)
        return rights
    }

    private static func pattern(_ path: String) -> Pattern {
        // Behind a star nothing is looked at.
        let closed = path.prefix { $0 != "*" }
        var parts = closed.split(separator: "{", omittingEmptySubsequences: false)[...]
        var pattern = Pattern(prefix: parts.popFirst().map(String.init) ?? "", isOpen: closed.count < path.count)
        for part in parts {
            let pieces = part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
            pattern.steps.append(
                .init(
                    gap: pieces.first?.hasSuffix(":path") == true ? .text : .part,
                    text: pieces.count > 1 ? String(pieces[1]) : ""))
        }
        return pattern
    }

    private static func matches(_ path: String, _ pattern: Pattern) -> Bool {
        guard path.hasPrefix(pattern.prefix) else { return false }
        return matches(path.dropFirst(pattern.prefix.count), pattern.steps[...], isOpen: pattern.isOpen)
    }

    private static func matches(_ rest: Substring, _ steps: ArraySlice<Pattern.Step>, isOpen: Bool) -> Bool {
        guard let step = steps.first else { return isOpen || rest.isEmpty }
        var end = rest.startIndex
        while end < rest.endIndex {
            if step.gap == .part, rest[end] == "/" { return false }
            end = rest.index(after: end)
            let behind = rest[end...]
            if behind.hasPrefix(step.text),
                matches(behind.dropFirst(step.text.count), steps.dropFirst(), isOpen: isOpen)
            {
                return true
            }
        }
        return false
    }
}
