package import WeirCore

/// The room that knows where a model can be called. One for each snapshot and loop; what it learns is on the board.
package final class RoutePlanner: Sendable {
    /// Rules that look at the request's headers, first match wins.
    package let headerRules: [RoutingSettings.HeaderRule]
    /// The names that clients are shown, in the order of the configuration; patterns included.
    package let listedNames: [String]
    package let settings: RoutingSettings

    let fallbacks: FallbackTable
    private let board: DeploymentBoard
    private let groups: [String: ModelGroup]
    /// Patterns, the most specific first.
    private let patterns: [(pattern: NamePattern, group: ModelGroup)]
    private let byID: [String: Deployment]
    /// By `Deployment.index`.
    private let byIndex: [Int: Candidate]

    package init(
        _ deployments: [Deployment], _ settings: RoutingSettings = RoutingSettings(), board: DeploymentBoard
    ) {
        var order: [String] = []
        var members: [String: [Deployment]] = [:]
        for deployment in deployments {
            if members[deployment.group] == nil { order.append(deployment.group) }
            members[deployment.group, default: []].append(deployment)
        }
        let fallbacks = FallbackTable(settings.fallbacks)
        let made = order.map { name in
            let hasFallback = fallbacks.hasBackups(of: name, group: name, for: [.any, .error, .timeout, .rateLimit])
            return ModelGroup(name: name, members[name] ?? [], hasFallback: hasFallback, settings, board)
        }
        groups = Dictionary(made.map { ($0.name, $0) }) { first, _ in first }
        patterns = made.compactMap { group in group.pattern.map { ($0, group) } }
            .sorted { $0.0.specificity > $1.0.specificity }
        byID = Dictionary(deployments.map { ($0.id, $0) }) { first, _ in first }
        byIndex = Dictionary(made.flatMap(\.candidates).map { ($0.deployment.index, $0) }) { first, _ in first }
        headerRules = settings.headerRules
        listedNames = order + settings.aliases.filter { !$0.value.isHidden }.keys.sorted()
        self.fallbacks = fallbacks
        self.settings = settings
        self.board = board
    }

    /// The group that answers to `name`: its own name, an alias, the id of a deployment (a group of that one alone), or the
    /// nearest pattern that fits.
    package func group(named name: String) -> ModelGroup? {
        if let group = groups[name] { return group }
        if let alias = settings.aliases[name], let group = groups[alias.group] ?? pattern(for: alias.group) {
            return group
        }
        if let deployment = byID[name] {
            return ModelGroup(name: deployment.group, [deployment], hasFallback: false, settings, board)
        }
        return pattern(for: name)
    }

    /// The name that an alias stands for, or the name itself.
    func realName(of name: String) -> String {
        groups[name] == nil ? settings.aliases[name]?.group ?? name : name
    }

    /// The candidate that is this deployment in its group.
    package func candidate(of deployment: Deployment) -> Candidate? { byIndex[deployment.index] }

    /// The groups in the order of the configuration, without those that only an id or an alias names.
    package var allGroups: [ModelGroup] { listedNames.compactMap { groups[$0] } }

    /// As `group(named:)`; throws `modelUnknown` with the names that are near.
    package func group(for model: String) throws(GatewayFault) -> ModelGroup {
        guard let group = group(named: model) else { throw unknown(model) }
        return group
    }

    /// Where to try the request, in what order, for one whose group is known (`group(for:)`), so that the fields that
    /// its `needs` name could be filled in. Throws `invalidParameter` for a fallback of the request that does not exist.
    ///
    /// - Parameter traced: the plan keeps an account of what it decides.
    package func plan(
        _ request: RouteRequest, in group: ModelGroup, at now: UInt64, traced: Bool = false
    ) throws(GatewayFault) -> AttemptPlan {
        if let overrides = request.overrides { try check(overrides) }
        group.state.requests.add(1, at: now)
        return AttemptPlan(self, group, request, traced: traced)
    }

    /// Both in one.
    package func plan(
        _ request: RouteRequest, at now: UInt64, traced: Bool = false
    ) throws(GatewayFault) -> AttemptPlan {
        try plan(request, in: group(for: request.model), at: now, traced: traced)
    }

    private func check(_ overrides: RouteOverrides) throws(GatewayFault) {
        for name in overrides.models where group(named: name) == nil {
            throw GatewayFault(
                .invalidParameter, "Invalid fallback model passed in fallbacks=\(String(name.prefix(256))).",
                param: "fallbacks")
        }
    }

    private func pattern(for name: String) -> ModelGroup? {
        patterns.first { $0.pattern.fits(name) }?.group
    }

    private func unknown(_ model: String) -> GatewayFault {
        let near = NearNames.of(model, among: listedNames)
        let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: ", "))?"
        return GatewayFault(
            .modelUnknown,
            "Invalid model name passed in model=\(String(model.prefix(256))). "
                + "Call `/v1/models` to view available models for your key.\(hint)", param: "model")
    }
}
