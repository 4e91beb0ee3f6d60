import WeirCore
import WeirDrivers
import WeirPipeline
import WeirProviders
import WeirRouting
import WeirTelemetry

/// What `/metrics` tells of deployments and of the store that replicas share, put together when somebody asks.
struct RoutingFigures: Sendable {
    let deploymentStates: [(deployment: Deployment, state: GatewayFigures.DeploymentState)]
    let families: [MetricFamily]

    /// - Parameter redis: nil where no Redis is configured.
    init(_ snapshot: Snapshot, _ watch: BackendWatch, redis: RedisStatus?, at now: UInt64) {
        var ids: Set<String> = []
        // One name twice would make Prometheus refuse the whole page.
        let named = snapshot.deployments.filter { ids.insert($0.deployment.id).inserted }
        let places = named.compactMap { prepared in
            snapshot.planner.candidate(of: prepared.deployment).map {
                Place(deployment: prepared.deployment, state: $0.state)
            }
        }
        deploymentStates = places.map { ($0.deployment, Self.state(of: $0.state, at: now)) }
        families =
            Self.deployments(places, rests: watch.rests.counts, at: now) + Self.watching(watch)
            + Self.budgets(Array(snapshot.planner.settings.budgets.values), at: now) + (redis.map(Self.redis) ?? [])
    }

    private struct Place {
        let deployment: Deployment
        let state: DeploymentState

        /// LiteLLM's labels of a deployment.
        var labels: [(name: String, value: String)] {
            [
                ("litellm_model_name", deployment.upstreamModel), ("model_id", deployment.id),
                ("api_base", deployment.apiBase.isEmpty ? "None" : deployment.apiBase),
                ("api_provider", deployment.vendor),
            ]
        }
    }

    /// Complete: it rests, or was found dead. Partial: it failed within the last minute, has yet to prove that it serves
    /// again, or rests elsewhere.
    static func state(of state: DeploymentState, at now: UInt64) -> GatewayFigures.DeploymentState {
        if state.health == .down || state.ownRestRemaining(at: now) > 0 { return .completeOutage }
        let isUnsure = state.isHalfOpen(at: now) || state.restRemaining(at: now) > 0
        return isUnsure || state.record(at: now).failed > 0 ? .partialOutage : .healthy
    }

    // MARK: Deployments

    private static func deployments(_ places: [Place], rests: [String: Int], at now: UInt64) -> [MetricFamily] {
        let rested = places.compactMap { place in
            rests[place.deployment.id].map {
                // The failure that was one too many is not kept.
                MetricFamily.Sample(.integer($0), labels: place.labels + [("exception_status", "None")])
            }
        }
        let families = [
            MetricFamily(
                "litellm_deployment_cooled_down_total", help: "Times that the deployment was sent to rest.",
                kind: .counter, samples: rested),
            limit("litellm_deployment_rpm_limit", "Requests a minute, as configured.", places) { $0.requestsPerMinute },
            limit("litellm_deployment_tpm_limit", "Tokens a minute, as configured.", places) { $0.tokensPerMinute },
            gauge("weir_deployment_in_flight", "Attempts under way here.", places) { .integer($0.inFlight) },
            gauge("weir_deployment_in_flight_elsewhere", "Attempts under way on other replicas.", places) {
                $0.remoteInFlight > 0 ? .integer($0.remoteInFlight) : nil
            },
            gauge("weir_deployment_rest_seconds", "How long the deployment goes on resting.", places) {
                let rest = $0.restRemaining(at: now)
                return rest > 0 ? .nanoseconds(rest) : nil
            },
            gauge("weir_deployment_up", "1 when the last health check found it up, 0 when down.", places) {
                $0.health == .unknown ? nil : .integer($0.health == .up ? 1 : 0)
            },
        ]
        return families.filter { !$0.samples.isEmpty }
    }

    private static func gauge(
        _ name: String, _ help: String, _ places: [Place], _ value: (DeploymentState) -> MetricFamily.Value?
    ) -> MetricFamily {
        MetricFamily(
            name, help: help, kind: .gauge,
            samples: places.compactMap { place in
                value(place.state).map {
                    MetricFamily.Sample(
                        $0, labels: [("model_group", place.deployment.group), ("model_id", place.deployment.id)])
                }
            })
    }

    private static func limit(
        _ name: String, _ help: String, _ places: [Place], _ value: (Deployment) -> Int
    ) -> MetricFamily {
        MetricFamily(
            name, help: help, kind: .gauge,
            samples: places.filter { value($0.deployment) > 0 }.map { place in
                MetricFamily.Sample(
                    .integer(value(place.deployment)),
                    labels: [("model_group", place.deployment.group)] + place.labels)
            })
    }

    static func budgets(_ budgets: [ProviderBudget], at now: UInt64) -> [MetricFamily] {
        guard !budgets.isEmpty else { return [] }
        let samples = budgets.sorted { $0.vendor < $1.vendor }.map { budget in
            let left = max(budget.limit - budget.spent(at: now), .zero)
            return MetricFamily.Sample(.money(left), labels: [("api_provider", budget.vendor)])
        }
        return [
            MetricFamily(
                "litellm_provider_remaining_budget_metric", help: "Dollars that are left of a provider's budget.",
                kind: .gauge, samples: samples)
        ]
    }

    // MARK: Watching

    private static func watching(_ watch: BackendWatch) -> [MetricFamily] {
        let health = watch.health.counts
        let load = watch.scraper.counts
        return [
            results(
                "weir_health_checks_total", "Looks at backends in the background, by what they found.",
                [("down", health.down), ("up", health.up)]),
            results(
                "weir_load_scrapes_total", "Questions to model servers about their load, by how they were answered.",
                [("none", load.nothingToTell), ("silent", load.silent), ("told", load.told)]),
        ]
    }

    private static func results(_ name: String, _ help: String, _ counts: [(String, UInt64)]) -> MetricFamily {
        MetricFamily(
            name, help: help, kind: .counter,
            samples: counts.map { MetricFamily.Sample(.integer(Int(clamping: $1)), labels: [("result", $0)]) })
    }

    // MARK: Redis

    static func redis(_ status: RedisStatus) -> [MetricFamily] {
        func one(_ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: MetricFamily.Value) -> MetricFamily
        {
            MetricFamily(name, help: help, kind: kind, samples: [MetricFamily.Sample(value)])
        }
        func count(_ number: UInt64) -> MetricFamily.Value { .integer(Int(clamping: number)) }
        return [
            one(
                "weir_redis_available", "1 when every server that is needed is connected and answers.", .gauge,
                .integer(status.isAvailable ? 1 : 0)),
            results(
                "weir_redis_asks_total",
                "Questions to Redis: answered in full, failed, or not sent because Redis is taken to be down.",
                [("answered", status.answered), ("failed", status.failed), ("refused", status.refused)]),
            one(
                "weir_redis_late_total", "Those that failed because no answer came in time.", .counter,
                count(status.late)),
            one("weir_redis_outages_total", "Times that Redis was given up.", .counter, count(status.outages)),
            one("weir_redis_connections_total", "Connections made to Redis.", .counter, count(status.connections)),
            one(
                "weir_redis_redirects_total", "Questions that a cluster sent on to another server.", .counter,
                count(status.redirects)),
            one(
                "weir_redis_round_trip_seconds_total", "Time that answered questions took, all together.", .counter,
                .nanoseconds(status.roundTrips.total)),
            one(
                "weir_redis_round_trip_longest_seconds", "The longest that an answered question took.", .gauge,
                .nanoseconds(status.roundTrips.longest)),
        ]
    }
}
