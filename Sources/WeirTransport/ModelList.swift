import NIOCore
package import WeirCore
package import WeirLoops
import WeirWire

/// Asks a model server on this machine which models it has.
package enum ModelList {
    /// The names it lists within `patience`; none when there is no such server. Only on the loop.
    package static func ask(port: Int, on floor: LoopFloor, _ patience: Timeout) async -> [String] {
        let pool = UpstreamPool(on: floor, settings: PoolSettings(), identities: TLSIdentities(), proxies: .none)
        let address = UpstreamAddress(isTLS: false, host: "127.0.0.1", port: port)
        let head = Bytes(string: "GET /v1/models HTTP/1.1\r\nhost: \(address.authority)\r\nconnection: close\r\n\r\n")
        let timeouts = UpstreamTimeouts(connect: patience, firstByte: patience, idle: patience, total: patience)
        let request = OutboundRequest(address: address, message: head, rest: [], timeouts: timeouts)
        guard let reply = try? await pool.open(request, Abandonment()), reply.head.status == 200 else { return [] }
        var body = Bytes()
        while var piece = try? await reply.next() {
            body.writeBuffer(&piece)
            guard body.readableBytes < 1 << 20 else { return [] }
        }
        return names(in: body)
    }

    /// `{"data": [{"id": …}, …]}`
    private static func names(in body: Bytes) -> [String] {
        body.withUnsafeReadableBytes { bytes in
            guard let data = JSONScanner.member(of: 0..<bytes.count, named: "data", in: bytes) else { return [] }
            return JSONScanner.elements(of: data, in: bytes).compactMap { element in
                JSONScanner.member(of: element, named: "id", in: bytes).flatMap { try? JSONText.string(bytes, $0) }
            }
        }
    }
}
