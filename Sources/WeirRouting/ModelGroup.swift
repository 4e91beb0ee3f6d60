package import WeirCore

/// The deployments that share a name, in the order of trying, and how one of them is chosen.
package final class ModelGroup: Sendable {
    package let name: String
    /// By `order`, those without one last; among equals as configured.
    package let candidates: [Candidate]
    package let strategy: RoutingStrategy
    /// The name is a pattern such as `openai/*`.
    package var isPattern: Bool { pattern != nil }
    let pattern: NamePattern?
    package let needs: RouteNeeds

    let arguments: StrategyArguments
    /// Candidates with the same `order`, lowest first.
    let tiers: [Range<Int>]
    /// By tier.
    let shuffles: [Shuffle]
    let state: GroupState
    let numRetries: Int
    let retryPolicy: RetryPolicy
    let tags: TagSettings
    let routesByHealth: Bool
    let keepsSessions: Bool
    let hasEqualCapacities: Bool
    let hasDefaultTag: Bool
    let hasTagPatterns: Bool
    /// `enable_pre_call_checks`, as answers tell it.
    let checksContext: Bool

    init(
        name: String, _ deployments: [Deployment], hasFallback: Bool, _ settings: RoutingSettings,
        _ board: DeploymentBoard
    ) {
        let own = settings.groups[name]
        let strategy = own?.strategy ?? settings.strategy
        let arguments = own?.arguments ?? settings.arguments
        let state = board.group(named: name)
        let sorted = deployments.enumerated().sorted {
            let left = $0.element.traits.order ?? .max
            let right = $1.element.traits.order ?? .max
            return left == right ? $0.offset < $1.offset : left < right
        }.map(\.element)
        let states = sorted.map { board.state(of: $0.id) }
        let prices = sorted.map { LowestCost.price($0.price) }
        let ladder = Set(prices).sorted()
        let candidates = zip(sorted, states).enumerated().map { position, pair in
            Candidate(
                pair.0, pair.1, position: position, group: state, siblings: states,
                priceRank: ladder.firstIndex(of: prices[position]) ?? 0, strategy: strategy,
                arguments: arguments, hasFallback: hasFallback, settings, board.limiters)
        }
        self.name = name
        self.strategy = strategy
        self.arguments = arguments
        self.state = state
        self.candidates = candidates
        hasEqualCapacities = Set(candidates.map(\.capacity)).count <= 1
        tiers = Self.tiers(sorted)
        shuffles = tiers.map { Shuffle(weights: Self.weights(sorted[$0])) }
        pattern = NamePattern(name)
        numRetries = max(own?.numRetries ?? settings.retries.numRetries, 0)
        retryPolicy = own?.retryPolicy ?? settings.retries.policy
        tags = settings.tags
        routesByHealth = settings.routesByHealth
        keepsSessions = own?.keepsSessions ?? settings.keepsSessions
        hasDefaultTag = settings.tags.isEnabled && sorted.contains { $0.traits.tags.contains("default") }
        hasTagPatterns = settings.tags.isEnabled && sorted.contains { !$0.traits.tagPatterns.isEmpty }
        checksContext = settings.checksContext
        var needs: RouteNeeds = []
        let weighs = strategy == .usageBased || strategy == .usageBasedV2 || strategy == .loadAware
        if weighs || candidates.contains(where: { $0.tokenLimit != nil || $0.longestPrompt != .max }) {
            needs.insert(.tokens)
        }
        if strategy == .loadAware { needs.insert(.prefix) }
        if settings.tags.isEnabled { needs.insert(.tags) }
        if hasTagPatterns { needs.insert(.userAgent) }
        if keepsSessions { needs.insert(.session) }
        self.needs = needs
    }

    package var deployments: [Deployment] { candidates.map(\.deployment) }

    /// Somebody of the group neither rests nor was found dead.
    package func canServe(at now: UInt64) -> Bool {
        candidates.contains { $0.state.restRemaining(at: now) == 0 && $0.state.health != .down }
    }

    /// The tier of a candidate's place.
    func tier(of position: Int) -> Int { tiers.firstIndex { $0.contains(position) } ?? 0 }

    private static func tiers(_ sorted: [Deployment]) -> [Range<Int>] {
        var tiers: [Range<Int>] = []
        for position in sorted.indices {
            if let last = tiers.last, sorted[last.lowerBound].traits.order == sorted[position].traits.order {
                tiers[tiers.count - 1] = last.lowerBound..<position + 1
            } else {
                tiers.append(position..<position + 1)
            }
        }
        return tiers
    }

    private static func weights(_ deployments: ArraySlice<Deployment>) -> [Int] {
        let columns = [
            deployments.map(\.weight), deployments.map(\.requestsPerMinute), deployments.map(\.tokensPerMinute),
        ]
        return columns.first { $0.contains { $0 > 0 } } ?? columns[0]
    }
}
