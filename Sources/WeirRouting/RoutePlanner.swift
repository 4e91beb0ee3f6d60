package import WeirCore

/// The room that knows where a model can be called.
package struct RoutePlanner: Sendable {
    private let groups: [String: ModelGroup]
    private let aliases: [String: RoutingSettings.Alias]
    private let wildcards: [(pattern: WildcardName, group: ModelGroup)]
    /// Rules that look at the request's headers, first match wins.
    package let headerRules: [RoutingSettings.HeaderRule]
    /// The names that clients are shown, in the order of the configuration; patterns included.
    package let listedNames: [String]

    package init(_ deployments: [Deployment], _ settings: RoutingSettings = RoutingSettings()) {
        var order: [String] = []
        var members: [String: [Deployment]] = [:]
        for deployment in deployments {
            if members[deployment.group] == nil { order.append(deployment.group) }
            members[deployment.group, default: []].append(deployment)
        }
        let made = order.map { ModelGroup(name: $0, deployments: members[$0] ?? []) }
        groups = Dictionary(uniqueKeysWithValues: made.map { ($0.name, $0) })
        wildcards = made.compactMap { group in WildcardName(group.name).map { ($0, group) } }
            .sorted { $0.0.specificity > $1.0.specificity }
        aliases = settings.aliases
        headerRules = settings.headerRules
        listedNames = order + settings.aliases.filter { !$0.value.isHidden }.keys.sorted()
    }

    /// The group that answers to `name`: by its own name, an alias, or the nearest pattern that fits.
    package func group(named name: String) -> ModelGroup? {
        if let group = groups[name] { return group }
        if let alias = aliases[name] { return groups[alias.group] }
        return wildcards.first { $0.pattern.match(name) != nil }?.group
    }

    /// Where to try `model`, in what order. Throws `modelUnknown` with the names that are near.
    package func plan(model: String, random: UInt64) throws(GatewayFault) -> AttemptPlan {
        guard let group = group(named: model) else { throw unknown(model) }
        guard let deployment = group.pick(random) else {
            throw GatewayFault(.noDeployment, "No deployments available for selected model. Passed model=\(model).")
        }
        let name = group.isPattern ? captured(model, group, deployment) : nil
        return AttemptPlan(group: group, first: deployment, model: name)
    }

    /// A deployment whose own model is a pattern serves what the group's pattern stood for.
    private func captured(_ model: String, _ group: ModelGroup, _ deployment: Deployment) -> String? {
        guard let star = deployment.upstreamModel.firstIndex(of: "*"),
            let captured = WildcardName(group.name)?.match(model)
        else { return nil }
        let name = deployment.upstreamModel
        return name[..<star] + captured + name[name.index(after: star)...]
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
