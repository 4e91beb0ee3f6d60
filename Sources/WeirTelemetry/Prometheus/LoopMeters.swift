package import WeirCore

/// Counts the requests of one event loop. Bound to that loop: nothing in here is locked, shared or atomic.
///
/// A request costs one look-up in a small table and a dozen additions. Labels are made when a combination of key,
/// deployment, route, status and ending is met for the first time.
package final class LoopMeters: EventSink {
    /// A combination of labels as numbers: objects by their identity, which `anchors` keeps from being given again.
    private struct SeriesKey: Hashable {
        let principal: UInt
        let deployment: UInt
        /// Model 24 bits, route 8, status 16, fault 8, whether it fell back 1, ending 2, whether the model was named 1.
        let rest: UInt64

        func hash(into hasher: inout Hasher) {
            hasher.combine(principal)
            hasher.combine(deployment)
            hasher.combine(rest)
        }
    }

    private enum ModelIndex {
        /// The client named the deployment's group.
        static let group: UInt64 = 0
        static let other: UInt64 = 1
        static let firstNamed: UInt64 = 2
    }

    private static let routeLimit = 250
    private static let otherRoute: UInt64 = 255
    /// Combinations that are remembered before the table is emptied: more than the series of one configuration.
    private static let knownLimit = 65_536
    /// From 1; 0 is no fault.
    private static let faultNumbers = Dictionary(
        uniqueKeysWithValues: FaultCode.allCases.enumerated().map { ($0.element, UInt64($0.offset + 1)) })

    private let directory: SeriesDirectory
    private var known: [SeriesKey: Int] = [:]
    private var anchors: [UInt: AnyObject] = [:]
    private var places: [Int: Int] = [:]
    private var series: [SeriesDirectory.Series] = []
    private var tallies: [Tally] = []
    private var models: [String: UInt64] = [:]
    private var routes: [String: UInt64] = [:]
    private var lastRoute = ("", otherRoute)
    private var inFlight = 0
    private var overhead = LatencyHistogram()
    private var lag = LatencyHistogram()

    package init(directory: SeriesDirectory) { self.directory = directory }

    package func requestStarted() { inFlight += 1 }

    package func requestEnded(_ event: RequestEvent) {
        inFlight -= 1
        tallies[place(of: event)].count(event)
        if event.attempts > 0 { overhead.record(event.overhead, on: .fine) }
    }

    /// The loop was this much later at its work than it wanted to be.
    package func observeLag(nanoseconds: UInt64) { lag.record(nanoseconds, on: .fine) }

    /// A new configuration is in force: lets go of the keys and deployments of the old one. Series go on counting.
    package func reindex() {
        known.removeAll(keepingCapacity: true)
        anchors.removeAll(keepingCapacity: true)
    }

    /// What was counted so far. Copies nothing itself; the next request pays for the copy.
    package func snapshot(connections: ConnectionFigures = ConnectionFigures()) -> MetersSnapshot {
        MetersSnapshot(
            series: series, tallies: tallies, inFlight: inFlight, overhead: overhead, lag: lag, connections: connections
        )
    }

    private func place(of event: RequestEvent) -> Int {
        let deployment = event.deployment
        let model: UInt64
        if let deployment, event.requestedModel != deployment.group {
            model = index(ofModel: event.requestedModel)
        } else {
            model = ModelIndex.group
        }
        let status = UInt64(UInt16(clamping: event.status))
        let fault = event.fault.map { Self.faultNumbers[$0] ?? 0 } ?? 0
        var rest = model << 40 | index(ofRoute: event.route) << 32 | status << 16
        rest |= fault << 8 | UInt64(event.ending.rawValue) << 1 | (event.requestedModel.isEmpty ? 0 : 1)
        if event.fallbacks > 0 { rest |= 1 << 3 }
        let key = SeriesKey(
            principal: event.principal.map(Self.identity) ?? 0, deployment: deployment.map(Self.identity) ?? 0,
            rest: rest)
        if let place = known[key] { return place }
        return newPlace(for: key, event)
    }

    private static func identity(_ object: AnyObject) -> UInt { UInt(bitPattern: ObjectIdentifier(object)) }

    private func newPlace(for key: SeriesKey, _ event: RequestEvent) -> Int {
        let model: String
        if event.deployment == nil {
            model = event.requestedModel.isEmpty ? SeriesLabels.absent : SeriesLabels.unknown
        } else {
            model = key.rest >> 40 == ModelIndex.other ? SeriesLabels.other : event.requestedModel
        }
        let route = (key.rest >> 32) & 0xFF == Self.otherRoute ? SeriesLabels.other : event.route
        let found = directory.series(SeriesLabels(event, requestedModel: model, route: route))
        let place: Int
        if let counted = places[found.id] {
            place = counted
        } else {
            place = series.count
            series.append(found)
            tallies.append(Tally())
            places[found.id] = place
        }
        if known.count >= Self.knownLimit { reindex() }
        if let principal = event.principal { anchors[key.principal] = principal }
        if let deployment = event.deployment { anchors[key.deployment] = deployment }
        known[key] = place
        return place
    }

    private func index(ofModel name: String) -> UInt64 {
        if let index = models[name] { return index }
        guard directory.admits(model: name) else { return ModelIndex.other }
        let index = ModelIndex.firstNamed + UInt64(models.count)
        models[name] = index
        return index
    }

    private func index(ofRoute route: String) -> UInt64 {
        if lastRoute.0 == route { return lastRoute.1 }
        let index: UInt64
        if let known = routes[route] {
            index = known
        } else if routes.count < Self.routeLimit {
            index = UInt64(routes.count)
            routes[route] = index
        } else {
            index = Self.otherRoute
        }
        lastRoute = (route, index)
        return index
    }
}
