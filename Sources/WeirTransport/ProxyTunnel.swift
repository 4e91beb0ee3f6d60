import NIOCore
import WeirCore
import WeirLoops
import WeirWire

/// Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6).
enum ProxyTunnel {
    static func open(
        through proxy: ProxySettings.Proxy, to address: UpstreamAddress, over port: Port, _ limits: HTTPLimits
    ) async throws(GatewayFault) {
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        let target = "\(host):\(address.port)"
        var request = "CONNECT \(target) HTTP/1.1\r\nhost: \(target)\r\n"
        if let authorization = proxy.authorization { request += "proxy-authorization: \(authorization)\r\n" }
        port.write(Bytes(string: request + "\r\n"))
        port.flush()
        var received = Bytes()
        var scanned = 0
        while true {
            guard var part = await port.next() else {
                throw UpstreamFaults.lost(address, "while the proxy opened a tunnel", port.failure)
            }
            received.writeBuffer(&part)
            let head: ResponseHead?
            do throws(HTTPViolation) {
                head = try received.withUnsafeReadableBytes { bytes throws(HTTPViolation) in
                    try ResponseHead.scan(bytes, from: &scanned, toHead: false, limits: limits)
                }
            } catch {
                port.close()
                throw UpstreamFaults.garbled(address, error)
            }
            guard let head else { continue }
            if (200..<300).contains(head.status) { return }
            port.close()
            throw GatewayFault(
                .upstreamRefused, "The proxy refused a tunnel to the upstream.",
                detail: "\(proxy.host):\(proxy.port) to \(target): status \(head.status)")
        }
    }
}
