import Logging
import Synchronization
import WeirConfig
import WeirCoordination
import WeirCore
import WeirDrivers
import WeirRouting

/// What all loops have in common and reloads leave alone: limits, what is known of deployments, and the store that is
/// shared with other replicas. A change of Redis's address takes a restart.
final class SharedRooms: Sendable {
    /// How often leases are looked after, in milliseconds.
    static let tickMilliseconds: Int64 = 100

    /// Reports go with the heartbeats, once a second; made twice as often, they are never older than half of that.
    private static let ticksPerReport = 5
    private let ticks = Atomic<Int>(0)

    let limiters: LimiterBoard
    let deployments: DeploymentBoard
    let redis: RedisSharedState?

    init(_ document: ConfigDocument, time: TimeSource, logger: Logger) throws {
        redis = try document.redis.map { section in
            try RedisSharedState(RedisTranslation.settings(section), time: time, logger: logger)
        }
        let link = redis.map { redis in
            var chance = SystemRandomNumberGenerator()
            return SharedLink(
                store: redis, replica: CallID(high: chance.next(), low: chance.next()).text,
                failureMode: document.router.redisFailureMode == .closed ? .closed : .open, clock: time.monotonic)
        }
        limiters = LimiterBoard(shared: link)
        deployments = DeploymentBoard(limiters: limiters)
    }

    /// To be called every `tickMilliseconds`.
    func tick(at now: UInt64) {
        let number = ticks.wrappingAdd(1, ordering: .relaxed).newValue
        if redis != nil, number % Self.ticksPerReport == 0 { exchangeReports(at: now) }
        limiters.tick(at: now)
    }

    /// Tells the other replicas what runs and rests here, and takes in what they told.
    private func exchangeReports(at now: UInt64) {
        limiters.publish(deployments.report(at: now).bytes)
        deployments.hear(limiters.others().compactMap { ReplicaReport($0.report) }, at: now)
    }

    /// Leaves other replicas what this one holds and does not use any more. No request runs now.
    func giveBack() async {
        guard redis?.isAvailable == true else { return }
        limiters.leave()
        try? await Task.sleep(for: .milliseconds(3 * Self.tickMilliseconds))
    }

    func close() async { await redis?.close() }
}

/// The configuration's Redis as the driver takes it.
enum RedisTranslation {
    static func settings(_ section: RedisSection) -> RedisSettings {
        let topology: RedisSettings.Topology =
            switch section.address {
            case .server(let node): .single(address(node))
            case .socket(let path): .single(.socket(path: path))
            case .cluster(let nodes): .cluster(nodes.map(address))
            case .sentinels(let nodes, let service): .sentinel(nodes.map(address), service: service)
            }
        var settings = RedisSettings(topology)
        settings.username = section.username
        settings.password = section.password
        settings.database = section.database
        if section.usesTLS { settings.tls = RedisSettings.TLS() }
        settings.sentinelPassword = section.sentinelPassword
        if let namespace = section.namespace { settings.namespace = namespace }
        return settings
    }

    private static func address(_ node: RedisSection.Node) -> RedisAddress { .host(node.host, port: node.port) }
}
