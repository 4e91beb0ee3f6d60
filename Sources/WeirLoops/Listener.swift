package import NIOCore
import NIOPosix
package import NIOSSL

#if canImport(Glibc)
    import Glibc
#endif

/// Accepts connections on one loop.
///
/// Every loop listens on the same address (`SO_REUSEPORT`), so that a connection is born on the loop where it lives.
package struct Listener: Sendable {
    package let channel: any Channel

    /// The port that is listened on: the kernel's choice when 0 was asked for.
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// Listens on `address`. `accept` is called on the loop for each connection, before its first byte is read.
    package static func bind(
        on floor: LoopFloor, to address: ListenAddress, tls: NIOSSLContext?,
        accept: @escaping @Sendable (Port, SocketAddress?) -> Void
    ) async throws -> Listener {
        let channel = try await ServerBootstrap(group: floor.loop, childGroup: floor.loop)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(ChannelOptions.socket(SocketOptionLevel(SOL_SOCKET), SO_REUSEPORT), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: tls == nil)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    let port = Port(wheel: floor.wheel)
                    try channel.pipeline.syncOperations.addHandler(port)
                    accept(port, channel.remoteAddress)
                }
            }
            .bind(to: address.socket).get()
        return Listener(channel: channel)
    }

    /// Fails when somebody already listens on `address`: with `SO_REUSEPORT` the kernel would not tell.
    package static func assertFree(_ address: ListenAddress, on floor: LoopFloor) async throws {
        guard address.port != 0 else { return }
        let probe = try await ServerBootstrap(group: floor.loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(to: address.socket).get()
        try await probe.close().get()
    }

    /// Stops accepting; connections that are open stay.
    package func close() async { try? await channel.close().get() }
}
