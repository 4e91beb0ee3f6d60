import NIOCore
import NIOPosix
package import WeirCore

/// Opens connections from one loop. Names are looked up anew each time, both families are tried (RFC 8305).
package enum Connector {
    /// Connects to `host` (a name or an address) within `timeout`.
    package static func connect(
        on floor: LoopFloor, host: String, port: Int, timeout: Timeout
    ) async throws -> Port {
        let end = Port(wheel: floor.wheel, executor: floor.executor)
        _ = try await ClientBootstrap(group: floor.loop)
            .connectTimeout(timeout == .none ? .hours(1) : .nanoseconds(Int64(clamping: timeout.nanoseconds)))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(end) }
            }
            .connect(host: host, port: port).get()
        return end
    }
}
