package import NIOSSL
import Synchronization
import WeirCore
package import WeirLoops

/// A server on loopback whose connections follow a script. It lives on one loop: when that is also its client's, what
/// each of them does is done in a known order.
package final class ScriptedServer: Sendable {
    private struct Log {
        var requests: [String] = []
        var connections = 0
        var closed = 0
    }

    private let listener: Listener
    private let log: SharedLog

    private init(_ listener: Listener, _ log: SharedLog) {
        self.listener = listener
        self.log = log
    }

    /// Listens on a free port. `script` runs for each connection; the connection is closed when it returns.
    package static func start(
        on floor: LoopFloor, tls: NIOSSLContext? = nil, _ script: @escaping @Sendable (ServerEnd) async -> Void
    ) async throws -> ScriptedServer {
        let log = SharedLog()
        let address = try ListenAddress(host: "127.0.0.1", port: 0)
        let listener = try await Listener.bind(on: floor, to: address, tls: tls) { port, _ in
            let number = log.connected()
            floor.start {
                await script(ServerEnd(port, number: number) { log.heard($0) })
                port.close()
                log.left()
            }
        }
        return ScriptedServer(listener, log)
    }

    package var port: Int { listener.port }
    /// Every request that was read whole, in order, head and body.
    package var requests: [String] { log.value.requests }
    /// Connections that were accepted.
    package var connections: Int { log.value.connections }
    /// Connections whose script is over.
    package var closed: Int { log.value.closed }

    package func close() async { await listener.close() }

    private final class SharedLog: Sendable {
        private let log = Mutex(Log())

        var value: Log { log.withLock { $0 } }

        func connected() -> Int {
            log.withLock {
                $0.connections += 1
                return $0.connections - 1
            }
        }

        func heard(_ request: String) { log.withLock { $0.requests.append(request) } }

        func left() { log.withLock { $0.closed += 1 } }
    }
}
