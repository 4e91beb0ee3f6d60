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
                    let port = Port(wheel: floor.wheel, executor: floor.executor, isPlain: tls == nil)
                    try channel.pipeline.syncOperations.addHandler(port)
                    accept(port, channel.remoteAddress)
                }
            }
            .bind(to: address.socket).get()
        return Listener(channel: channel)
    }

    /// Fails when somebody already listens on `address`: with `SO_REUSEPORT` the kernel would not tell.
    ///
    /// The address is bound without that option, and never listened on, so that no client can meet this socket.
    package static func assertFree(_ address: ListenAddress) throws {
        guard address.port != 0 else { return }
        let family = address.socket.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        defer { Glibc.close(descriptor) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        let result = address.socket.withSockAddr { Glibc.bind(descriptor, $0, socklen_t($1)) }
        guard result == 0 else { throw IOError(errnoCode: errno, reason: "bind") }
    }

    /// Stops accepting; connections that are open stay.
    package func close() async { try? await channel.close().get() }
}
