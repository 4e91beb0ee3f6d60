import WeirCore

/// The rules of `FallbackSettings`, ready to be looked up.
///
/// For a failure, rules with the condition of its class come first, then those for any failure; of each kind the rule that
/// names the model as asked for, else the one that names its group, else `*`. Context window and content policy: where
/// any rule has that condition, only such rules count, as with LiteLLM.
struct FallbackTable: Sendable {
    typealias Condition = FallbackSettings.Condition

    private var lists: [Condition: [String: [String]]] = [:]
    private let coversBadRequests: Bool
    let limit: Int

    init(_ settings: FallbackSettings) {
        coversBadRequests = settings.coversBadRequests
        limit = max(settings.limit, 0)
        for rule in settings.rules { lists[rule.condition, default: [:]][rule.primary, default: []] += rule.backups }
        if !settings.defaults.isEmpty { lists[.any, default: [:]]["*", default: []] += settings.defaults }
    }

    var isEmpty: Bool { lists.isEmpty }

    /// The names to try, in their order; the same name may come twice.
    func backups(
        of asked: String, group: String, after kind: FailureClass, _ overrides: RouteOverrides? = nil
    ) -> [String] {
        if kind == .badRequest, !coversBadRequests { return [] }
        switch kind {
        case .contextWindow:
            if let own = overrides?.contextWindowFallbacks { return own }
            if lists[.contextWindow] != nil { return list(.contextWindow, asked, group) }
        case .contentPolicy:
            if let own = overrides?.contentPolicyFallbacks { return own }
            if lists[.contentPolicy] != nil { return list(.contentPolicy, asked, group) }
        default: break
        }
        if let own = overrides?.fallbacks { return own }
        return (Self.condition(of: kind).map { list($0, asked, group) } ?? []) + list(.any, asked, group)
    }

    /// Whether there is any rule for failures of this group.
    func hasBackups(of asked: String, group: String, for conditions: [Condition] = Condition.allCases) -> Bool {
        !lists.isEmpty
            && conditions.contains { condition in
                list(condition, asked, group).contains { $0 != asked && $0 != group }
            }
    }

    private func list(_ condition: Condition, _ asked: String, _ group: String) -> [String] {
        guard let lists = lists[condition] else { return [] }
        return lists[asked] ?? lists[group] ?? lists["*"] ?? []
    }

    private static func condition(of kind: FailureClass) -> Condition? {
        switch kind {
        case .timeout: .timeout
        case .rateLimited, .quotaExhausted: .rateLimit
        case .authentication, .notFound, .overloaded, .serverError, .connection: .error
        case .badRequest, .contextWindow, .contentPolicy: nil
        }
    }
}
