import WeirCore

extension ModelGroup {
    /// Whether any deployment is in `region`, whatever its state.
    package func serves(_ region: String) -> Bool {
        candidates.contains { RegionName.covers(region, $0.deployment.traits.region) }
    }
}

extension RouteRequest {
    /// Only deployments of `region` may serve; what the request asks for itself stays where it lies within.
    package mutating func bind(to region: String) {
        if !RegionName.covers(region, self.region) { self.region = region }
    }
}
