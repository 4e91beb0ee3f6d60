import Synchronization
import WeirAccess
import WeirAccounting
import WeirConfig
import WeirCore
import WeirDrivers
import WeirHTTP
import WeirLoops
import WeirPipeline
import WeirRouting
import WeirTelemetry

/// What pages and probes ask of the house, answered from what is in force.
final class HouseBoard: House {
    private let gateway = Mutex<Gateway?>(nil)

    /// From here on there is something to tell.
    func open(_ gateway: Gateway) { self.gateway.withLock { $0 = gateway } }

    private var house: Gateway? { gateway.withLock { $0 } }

    var compat: Compat { house?.inForce.withLock { $0.document.general.compat } ?? .v1_83 }
    var version: String { BuildInfo.version }
    var litellmVersion: String { BuildInfo.litellmVersion(compat) }

    func models(for principal: Principal?) -> [ListedModel] {
        guard let house else { return [] }
        let (planner, document, access) = house.inForce.withLock {
            ($0.snapshot.planner, $0.document, $0.snapshot.access)
        }
        let names = planner.listedNames.filter { name in principal.map { access.allows(name, for: $0) } ?? true }
        return names.map { name in
            let entry = document.models.first { $0.name == name }
            let facts = entry.flatMap {
                house.prices.facts(model: $0.info.baseModel ?? $0.model, vendor: $0.vendor)
            }
            return ListedModel(
                id: name, owner: "openai", mode: entry?.info.mode ?? facts?.mode?.rawValue,
                maxInputTokens: entry?.info.maxInputTokens ?? facts?.maxInputTokens,
                maxOutputTokens: entry?.info.maxOutputTokens ?? facts?.maxOutputTokens)
        }
    }

    func readiness() -> Readiness {
        guard let house else { return .draining }
        return house.inForce.withLock { state in
            if state.isDraining { return .draining }
            if state.snapshot.deployments.isEmpty { return .withoutModels }
            let now = house.time.monotonic()
            let canServe = state.snapshot.planner.allGroups.contains { $0.canServe(at: now) }
            return canServe ? .ready : .withoutBackends
        }
    }

    var requiresHealthyBackends: Bool {
        house?.inForce.withLock {
            $0.document.healthChecks.isEnabled && $0.document.healthChecks.requiresHealthyBackend
        }
            ?? false
    }

    var guardsMetrics: Bool {
        guard let document = house?.inForce.withLock({ $0.document }) else { return false }
        return document.litellm.requireAuthForMetrics ?? (document.general.compat == .v1_109)
    }

    func health(model: String?) async -> HealthReport {
        guard let house else { return HealthReport(endpoints: []) }
        return await house.watch.report(of: house, model: model)
    }

    func explain(_ call: ModelCall, _ wishes: CallWishes?) throws(GatewayFault) -> Explanation {
        guard let house else { throw GatewayFault(.shuttingDown, "The gateway is starting.") }
        let snapshot = house.inForce.withLock { $0.snapshot }
        return try snapshot.explain(call, wishes, at: house.time.monotonic())
    }

    var offices: Offices? { house?.inForce.withLock { $0.offices } }

    var isStoreConnected: Bool? { house?.storeRoom?.isOpen }

    func deployed() -> [DeployedModel] {
        guard let house else { return [] }
        let (document, ids, stored) = house.inForce.withLock { ($0.document, $0.modelIDs, $0.stored) }
        let storedIDs = Set(stored.models.compactMap { $0.object("model_info")?.string("id") })
        return DeployedModels.list(document, ids: ids, stored: storedIDs, groups: stored.groups, house.prices)
    }

    // MARK: Metrics

    func metrics() async -> [UInt8] {
        guard let house else { return [] }
        var sum = MetersSnapshot()
        for unit in house.units { sum = sum.merging(await unit.run { $0.snapshot() }) }
        let (reloads, snapshot) = house.inForce.withLock { ($0.reloads, $0.snapshot) }
        let routing = RoutingFigures(
            snapshot, house.watch, redis: house.shared.redis?.status, at: house.time.monotonic())
        let figures = GatewayFigures(
            version: BuildInfo.version, swift: BuildInfo.swift, uptime: house.time.monotonic() &- house.startedAt,
            logLinesDropped: house.log?.linesDropped ?? 0, reloadsSucceeded: UInt64(reloads.successes),
            reloadsFailed: UInt64(reloads.failures), lastReloadSuccess: reloads.lastSuccess,
            lastReloadError: reloads.lastError == nil ? nil : "invalid", deploymentStates: routing.deploymentStates)
        let total = sum
        return await Blocking.run {
            PrometheusText.render(
                total, gateway: figures, process: ProcessFigures.read(), extra: routing.families)
        }
    }
}
