import WeirAccess
import WeirCore
import WeirRouting

/// A profile of the traffic, looked up once.
struct SimulatedCaller {
    let group: ModelGroup?
    let principal: Principal
    let route: RouteRequest
    /// The place of its model in the report.
    let model: Int

    static func all(
        _ profiles: [Traffic.Profile], _ planner: RoutePlanner, _ names: inout [String]
    ) -> [SimulatedCaller] {
        profiles.enumerated().map { index, profile in
            let place = names.firstIndex(of: profile.model) ?? names.count
            if place == names.count { names.append(profile.model) }
            var route = RouteRequest(model: profile.model, streams: profile.streams)
            route.tags = profile.tags
            let principal = Principal(
                kind: profile.key.isEmpty ? .anonymous : .token,
                keyHash: profile.key.isEmpty ? "simulated" : KeyDigest(of: Secret(profile.key)).hex,
                alias: profile.key, index: index)
            return SimulatedCaller(
                group: planner.group(named: profile.model), principal: principal, route: route, model: place)
        }
    }
}
