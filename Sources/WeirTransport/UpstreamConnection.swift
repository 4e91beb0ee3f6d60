import NIOCore
import WeirCore
import WeirLoops

/// One connection to an upstream, for one exchange after the other. Bound to its loop.
final class UpstreamConnection {
    let port: Port
    let address: UpstreamAddress
    /// When it was opened, nanoseconds of the monotonic clock.
    let openedAt: UInt64
    /// It has served an exchange before, so its peer may have closed it unseen.
    var isReused = false
    /// Requests name their target with scheme and host, and carry this field: a plain-text proxy is in between.
    let proxyPrefix: ProxyPrefix?

    struct ProxyPrefix {
        let origin: String
        let authorization: String?
    }

    init(port: Port, address: UpstreamAddress, openedAt: UInt64, proxyPrefix: ProxyPrefix?) {
        self.port = port
        self.address = address
        self.openedAt = openedAt
        self.proxyPrefix = proxyPrefix
    }

    /// Writes a whole request and flushes it.
    func send(_ request: OutboundRequest) {
        if let proxyPrefix { writeThroughProxy(request.message, proxyPrefix) } else { port.write(request.message) }
        for piece in request.rest { port.write(piece) }
        port.flush()
    }

    /// Turns `POST /path HTTP/1.1` into the absolute form that a proxy wants (RFC 9112, 3.2.2).
    private func writeThroughProxy(_ message: Bytes, _ prefix: ProxyPrefix) {
        let bytes = message.readableBytesView
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")),
            let lineEnd = bytes.firstIndex(of: UInt8(ascii: "\n"))
        else { return port.write(message) }
        var head = Bytes()
        head.writeBytes(bytes[...space])
        head.writeString(prefix.origin)
        head.writeBytes(bytes[(space + 1)...lineEnd])
        if let authorization = prefix.authorization {
            head.writeString("proxy-authorization: \(authorization)\r\n")
        }
        head.writeBytes(bytes[(lineEnd + 1)...])
        port.write(head)
    }
}
