package import Logging
import Synchronization
import WeirAccess
import WeirAccounting
package import WeirConfig
package import WeirCore
import WeirHTTP
import WeirLoops
import WeirPipeline
import WeirProviders
import WeirRouting
import WeirTelemetry
import WeirTransport

/// The whole house, put together: loops, doors, what is in force, and what listens.
package final class Gateway: Sendable {
    struct InForce: Sendable {
        /// The configuration, with the models of the store.
        var document: ConfigDocument
        /// The snapshot that pages and probes look at; each loop has its own.
        var snapshot: Snapshot
        var reloads = ReloadStatus()
        var isDraining = false
        /// The configuration alone, and what the store adds to it.
        var base: ConfigDocument
        var stored = StoredState()
        /// Raised with each change of either.
        var revision = 0
        var offices: Offices?
        /// Ids of `document.models`, in their order.
        var modelIDs: [String] = []
    }

    let settings: ServerSettings
    let time: TimeSource
    let logger: Logger
    let inForce: Mutex<InForce>
    let units: [OnLoop<LoopUnit>]
    let log: AccessLogWriter?
    let startedAt: UInt64
    private let loops: LoopGroup
    private let builder: SnapshotBuilder
    let shared: SharedRooms
    /// What is known of models: the table that was given, in front of the built-in one.
    let prices: PriceTable
    let watch: BackendWatch
    /// Nil where nothing is kept.
    let storeRoom: StoreRoom?
    private let listeners = Mutex<(main: [Listener], side: [Listener])>(([], []))
    let house: HouseBoard

    /// Builds the house; nothing listens yet. Throws when the access log or the prices cannot be opened.
    package init(
        _ settings: ServerSettings, _ document: ConfigDocument, time: TimeSource, logger: Logger
    ) async throws {
        self.settings = settings
        self.time = time
        self.logger = logger
        startedAt = time.monotonic()
        let identities = TLSIdentities()
        let prices = try settings.pricesPath.map { try PriceFile.read($0) } ?? .builtIn
        let shared = try SharedRooms(document, time: time, logger: logger)
        self.shared = shared
        self.prices = prices
        let storeRoom = try await StoreRoom.open(settings, document, time: time, logger: logger)
        self.storeRoom = storeRoom
        let stored = await storeRoom?.stored() ?? StoredState()
        let base = document
        let document = stored.added(to: base, settings.environment, logger)
        let builder = SnapshotBuilder(
            identities, settings.environment, shared, time: time, prices: prices, store: storeRoom)
        self.builder = builder
        let ids = SnapshotBuilder.ids(document)
        inForce = Mutex(
            InForce(
                document: document, snapshot: builder.build(document, ids: ids, stored), base: base, stored: stored,
                modelIDs: ids))
        let writer = try settings.accessLog.map { try AccessLogWriter(descriptor: $0, time: time) }
        log = writer
        loops = await LoopGroup(count: settings.loops, time: time)
        let house = HouseBoard()
        self.house = house
        let door = Self.doorSettings(document)
        let responder = RouteTable(house).responder(logger: logger)
        let proxies = ProxySettings(environment: settings.environment)
        let directory = SeriesDirectory()
        var units: [OnLoop<LoopUnit>] = []
        for floor in loops.floors {
            let unit = await floor.make {
                LoopUnit(
                    floor, builder.build(document, ids: ids, stored), door, responder, directory, writer?.makeBuffer(),
                    identities,
                    proxies)
            }
            await unit.run { unit in
                let hub = OnLoop(unit.hub, on: unit.floor)
                unit.floor.watchLag { lag in hub.now { $0.meters.observeLag(nanoseconds: lag) } }
            }
            units.append(unit)
        }
        self.units = units
        watch = await BackendWatch(units, time: time, logger: logger)
        house.open(self)
        storeRoom?.serve(self)
        storeRoom?.keySets.open(watch.inquirer)
        refreshOffices()
        loops.floors[0].every(milliseconds: SharedRooms.tickMilliseconds) { shared.tick(at: time.monotonic()) }
        loops.floors[0].every(milliseconds: BackendWatch.tickMilliseconds) { [weak self] in
            if let self { watch.tick(self) }
        }
    }

    private static func doorSettings(_ document: ConfigDocument) -> DoorSettings {
        var settings = DoorSettings()
        settings.compat = document.general.compat
        settings.version = BuildInfo.litellmVersion(document.general.compat)
        settings.keyField = document.general.keyHeaderName
        settings.customerFields = document.general.customerFields
        settings.forwardsClientFields = document.general.forwardClientHeaders
        if let limit = document.general.maxRequestSize { settings.bodyBytes = limit }
        let allowed = document.identity.allowedAddresses
        settings.addresses = AddressRule(
            allowed: allowed.isEmpty ? nil : allowed.compactMap { AddressBlock($0) },
            usesForwardedFor: document.identity.trustsForwardedFor,
            trustedProxies: document.identity.trustedProxies.compactMap { AddressBlock($0) })
        return settings
    }

    /// To be run beside the gateway, so that it learns what other replicas change; nil when there is no store.
    package var storeService: StoreService? { storeRoom?.changes.map(StoreService.init) }

    // MARK: Listening

    /// Starts to listen everywhere the configuration says. Throws when an address is taken.
    package func open() async throws -> ServerSummary {
        try log?.start()
        let document = inForce.withLock { $0.document }
        let host = settings.host ?? (settings.configPath == nil ? "127.0.0.1" : "0.0.0.0")
        let port = try await listen(host, settings.port)
        let health = try await listenForProbes(host, document)
        let metrics = try await listenForPrometheus(document)
        let isOpen = inForce.withLock { $0.snapshot.access.isOpen }
        return ServerSummary(
            host: host, port: port, isTLS: settings.certificateChain != nil, configPath: settings.configPath,
            models: house.models(for: nil).map(\.id), isOpen: isOpen, store: storeRoom?.title, loops: units.count,
            healthPort: health,
            metricsPort: metrics, warnings: [])
    }

    private func listen(_ host: String, _ port: Int) async throws -> Int {
        var address = try free(host, port)
        let tls = try ListenerTLS.context(certificateChain: settings.certificateChain, privateKey: settings.privateKey)
        var bound: [Listener] = []
        for unit in units {
            let doors = await unit.run { OnLoop($0.door, on: $0.floor) }
            let listener = try await Listener.bind(on: unit.floor, to: address, tls: tls) { port, remote in
                doors.now { $0.accept(port, from: remote) }
            }
            if address.port == 0 { address = try ListenAddress(host: host, port: listener.port) }
            bound.append(listener)
        }
        listeners.withLock { $0.main = bound }
        return bound[0].port
    }

    private func free(_ host: String, _ port: Int) throws -> ListenAddress {
        do {
            let address = try ListenAddress(host: host, port: port)
            try Listener.assertFree(address)
            return address
        } catch {
            throw ListenFault(host: host, port: port, cause: "\(error)")
        }
    }

    private func listenForProbes(_ host: String, _ document: ConfigDocument) async throws -> Int? {
        guard let port = document.features.separateHealthPort else { return nil }
        return try await listenAside(host, port, RouteTable(healthOf: house).responder(logger: logger), document)
    }

    private func listenForPrometheus(_ document: ConfigDocument) async throws -> Int? {
        guard let prometheus = document.logging.prometheus, prometheus.isEnabled, let port = prometheus.port,
            port != settings.port
        else { return nil }
        let responder = RouteTable(metricsOf: house).responder(logger: logger)
        return try await listenAside(prometheus.host, port, responder, document)
    }

    private func listenAside(
        _ host: String, _ port: Int, _ responder: FrameworkResponder, _ document: ConfigDocument
    ) async throws -> Int {
        let address = try free(host, port)
        let unit = units[0]
        let door = await unit.run { OnLoop($0.addSideDoor(responder, Self.doorSettings(document)), on: $0.floor) }
        let listener = try await Listener.bind(on: unit.floor, to: address, tls: nil) { port, remote in
            door.now { $0.accept(port, from: remote) }
        }
        listeners.withLock { $0.side.append(listener) }
        return listener.port
    }

    // MARK: Reload

    /// Puts `document` in force for the requests that follow, on every loop. Requests that run keep what they began with.
    func adopt(_ document: ConfigDocument) async {
        inForce.withLock {
            $0.base = document
            $0.revision += 1
        }
        await rebuild()
    }

    /// The same with what the store adds now.
    func adopt(_ stored: StoredState) async {
        let isNew = inForce.withLock { state in
            guard state.stored != stored else { return false }
            state.stored = stored
            state.revision += 1
            return true
        }
        if isNew { await rebuild() }
    }

    /// Makes what is in force of the configuration and the store as they are. When either changes meanwhile it is made again,
    /// so that the last word is the newest, whoever comes first.
    private func rebuild() async {
        while true {
            let (base, stored, revision) = inForce.withLock { ($0.base, $0.stored, $0.revision) }
            let document = stored.added(to: base, settings.environment, logger)
            let (door, builder) = (Self.doorSettings(document), builder)
            let ids = SnapshotBuilder.ids(document)
            let snapshot = builder.build(document, ids: ids, stored)
            inForce.withLock {
                $0.document = document
                $0.snapshot = snapshot
                $0.modelIDs = ids
            }
            refreshOffices()
            let responder = RouteTable(house).responder(logger: logger)
            for unit in units {
                await unit.run { $0.adopt(builder.build(document, ids: ids, stored), door, responder) }
            }
            shared.deployments.keepOnly(Set(snapshot.deployments.map(\.deployment.id)))
            if inForce.withLock({ $0.revision == revision }) { return }
        }
    }

    private func refreshOffices() {
        guard let storeRoom else { return }
        inForce.withLock {
            let models = HouseModels(house, $0.document.credentials, settings.environment)
            $0.offices = storeRoom.offices($0.document, models)
        }
    }

    // MARK: Shutdown

    /// Stops accepting, lets running requests end within `grace`, ends the rest with a word, and closes.
    package func close(grace: Duration) async {
        inForce.withLock { $0.isDraining = true }
        for listener in listeners.withLock({ $0.main }) { await listener.close() }
        for unit in units { await unit.run { $0.drain() } }
        await watch.stop()
        if await !isEmpty(within: grace) {
            for unit in units { await unit.run { $0.stop() } }
            _ = await isEmpty(within: .seconds(1))
        }
        for listener in listeners.withLock({ $0.side }) { await listener.close() }
        if let log { await Blocking.run { _ = log.stop() } }
        await shared.giveBack()
        await shared.close()
        await storeRoom?.close()
        await loops.shutdown()
    }

    private func isEmpty(within limit: Duration) async -> Bool {
        let end = time.monotonic() &+ Timeout(limit).nanoseconds
        while true {
            var open = 0
            for unit in units { open += await unit.run { $0.connectionCount } }
            if open == 0 { return true }
            guard time.monotonic() < end else { return false }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
