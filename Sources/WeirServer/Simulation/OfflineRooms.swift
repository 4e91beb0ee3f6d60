import Logging
import Synchronization
import WeirAccounting
package import WeirConfig
import WeirCore
import WeirPipeline
import WeirProviders
import WeirRouting
import WeirTransport

/// The rooms of a configuration as `weir serve` would build them, with a clock that is set by hand and without a
/// network: nothing is listened to, nobody is called, and a shared store is left out.
package final class OfflineRooms: Sendable {
    /// When the clock starts. Not zero, which several rooms take as "never".
    static let beginning: UInt64 = 3_600_000_000_000

    let snapshot: Snapshot
    let shared: SharedRooms
    private let clock: HandClock

    private final class HandClock: Sendable {
        let now = Atomic<UInt64>(OfflineRooms.beginning)
    }

    /// `prices` is the path of a price file that goes before the built-in prices. Throws a sentence when it cannot be read.
    package init(_ document: ConfigDocument, environment: [String: String], prices path: String? = nil) throws {
        let clock = HandClock()
        let read: @Sendable () -> UInt64 = { clock.now.load(ordering: .relaxed) }
        let time = TimeSource(monotonic: read, wall: read)
        var alone = document
        alone.redis = nil
        let prices = try path.map { try PriceFile.read($0) } ?? .builtIn
        let logger = Logger(label: "weir.offline", factory: { _ in SwiftLogNoOpLogHandler() })
        shared = try SharedRooms(alone, time: time, logger: logger)
        snapshot = SnapshotBuilder(TLSIdentities(), environment, shared, time: time, prices: prices).build(
            alone, ids: SnapshotBuilder.ids(alone))
        self.clock = clock
    }

    /// Nanoseconds of the hand-set clock.
    var now: UInt64 { clock.now.load(ordering: .relaxed) }

    func set(_ now: UInt64) { clock.now.store(now, ordering: .relaxed) }

    var deployments: [Deployment] { snapshot.deployments.map(\.deployment) }
}
