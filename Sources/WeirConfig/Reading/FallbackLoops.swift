/// Finds fallbacks that lead back to where they began.
///
/// For each kind of failure on its own: a prompt that is too long may go from a small model to a large one while other
/// failures go the other way. `*` and `default_fallbacks` are left out, because two of them would always make a circle; a
/// request never comes to a group twice anyway.
struct FallbackLoops {
    private struct Edge {
        let target: String
        let place: SourceLocation
    }

    private let rules: [FallbackRule]
    private let groups: [String: String]
    private let log: ProblemLog
    private var told: Set<Set<String>> = []

    static func check(_ document: ConfigDocument, _ log: ProblemLog) {
        let aliases = document.router.aliases.map { ($0.alias, $0.group) }
        var loops = FallbackLoops(
            rules: document.fallbacks, groups: Dictionary(aliases, uniquingKeysWith: { $1 }), log: log)
        loops.itself()
        for condition in FallbackRule.Condition.allCases where condition != .any { loops.circles(condition) }
    }

    private init(rules: [FallbackRule], groups: [String: String], log: ProblemLog) {
        self.rules = rules
        self.groups = groups
        self.log = log
    }

    private func group(_ name: String) -> String { groups[name] ?? name }

    private mutating func itself() {
        for rule in rules where rule.backups.contains(where: { group($0) == group(rule.primary) }) {
            told.insert([group(rule.primary)])
            log.error(
                rule.place,
                "`\(rule.primary)` is its own fallback: a group's deployments are tried first anyway; name another group"
            )
        }
    }

    // MARK: Circles

    private mutating func circles(_ condition: FallbackRule.Condition) {
        // Special lists take the place of the general ones as soon as there is one.
        let special = condition == .contextWindow || condition == .contentPolicy
        let own = rules.filter { $0.condition == condition }
        let counted = special && !own.isEmpty ? own : rules.filter { $0.condition == condition || $0.condition == .any }
        var edges: [String: [Edge]] = [:]
        var starts: [String] = []
        for rule in counted where rule.primary != "*" {
            let from = group(rule.primary)
            if edges[from] == nil { starts.append(from) }
            edges[from, default: []] += rule.backups.map { Edge(target: group($0), place: rule.place) }
        }
        var done: Set<String> = []
        for start in starts where !done.contains(start) { walk(start, edges, &done) }
    }

    /// Depth first, without recursion: a chain may be as long as the file.
    private mutating func walk(_ start: String, _ edges: [String: [Edge]], _ done: inout Set<String>) {
        var path = [start]
        var next = [0]
        var depth = [start: 0]
        while let current = path.last, let index = next.last {
            let choices = edges[current] ?? []
            guard index < choices.count else {
                path.removeLast()
                next.removeLast()
                depth[current] = nil
                done.insert(current)
                continue
            }
            next[next.count - 1] += 1
            let edge = choices[index]
            if let begin = depth[edge.target] {
                tell(Array(path[begin...]), edge)
            } else if !done.contains(edge.target) {
                depth[edge.target] = path.count
                path.append(edge.target)
                next.append(0)
            }
        }
    }

    private mutating func tell(_ loop: [String], _ edge: Edge) {
        guard told.insert(Set(loop)).inserted else { return }
        let circle = (loop + [edge.target]).map { "`\($0)`" }.joined(separator: " → ")
        log.error(
            edge.place, "the fallbacks go in a circle: \(circle); remove one of these fallbacks")
    }
}
