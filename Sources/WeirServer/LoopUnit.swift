import WeirAccounting
import WeirCore
import WeirHTTP
import WeirLoops
import WeirPipeline
import WeirTelemetry
import WeirTransport

/// Everything of the house that lives on one loop. Bound to it.
final class LoopUnit {
    let floor: LoopFloor
    let pool: UpstreamPool
    let hub: EventHub
    let pipeline: Pipeline
    let door: Door
    /// Doors for probes and Prometheus; on the first loop only.
    var sideDoors: [Door] = []

    init(
        _ floor: LoopFloor, _ snapshot: Snapshot, _ settings: DoorSettings, _ responder: FrameworkResponder,
        _ directory: SeriesDirectory, _ log: AccessLogBuffer?, _ identities: TLSIdentities, _ proxies: ProxySettings
    ) {
        self.floor = floor
        pool = UpstreamPool(on: floor, settings: PoolSettings(), identities: identities, proxies: proxies)
        hub = EventHub(meters: LoopMeters(directory: directory), log: log)
        pipeline = Pipeline(snapshot, upstream: pool, time: floor.time, chance: FastRandom())
        door = Door(on: floor, pipeline, hub, responder, settings)
    }

    /// Puts a new configuration in force for the requests that follow.
    func adopt(_ snapshot: Snapshot, _ settings: DoorSettings, _ responder: FrameworkResponder) {
        pipeline.snapshot = snapshot
        door.settings = settings
        door.responder = responder
        hub.meters.reindex()
    }

    func addSideDoor(_ responder: FrameworkResponder, _ settings: DoorSettings) -> Door {
        let side = Door(on: floor, pipeline, hub, responder, settings, servesCalls: false)
        sideDoors.append(side)
        return side
    }

    func snapshot() -> MetersSnapshot {
        let counts = pool.counts
        return hub.meters.snapshot(
            connections: ConnectionFigures(
                upstreamIdle: counts.idle, upstreamBusy: counts.busy, upstreamConnecting: counts.connecting,
                upstreamConnects: UInt64(counts.opened), upstreamConnectFailures: UInt64(counts.failed),
                clients: door.connectionCount))
    }

    func drain() {
        door.drain()
        pool.closeIdle()
    }

    func stop() { door.stop() }

    var connectionCount: Int { door.connectionCount }
}
