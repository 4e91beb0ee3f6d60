import NIOCore
package import WeirCore
import WeirLoops

/// One request and its whole answer, for commands: over a loop and a connection of its own.
package enum DirectExchange {
    package struct Answer: Sendable {
        package let status: Int
        package let body: String
    }

    /// Answers of more bytes are given up.
    private static let bodyBytes = 64 << 20

    /// Sends `message`, a whole HTTP/1.1 request with `connection: close`, and reads the answer to its end. HTTPS where the
    /// address says so. Throws `upstreamRefused`, `upstreamTimeout`, `upstreamReset` or `upstreamGarbled`, the reason in their
    /// `detail`.
    ///
    /// - Parameters:
    ///   - authorities: PEM file of the CAs to trust; nil trusts the system's.
    ///   - patience: the longest wait for the connection, and for the answer.
    package static func send(
        _ message: String, to address: UpstreamAddress, authorities: String?, proxies: ProxySettings, patience: Timeout,
        time: TimeSource
    ) async throws(GatewayFault) -> Answer {
        let loops = await LoopGroup(count: 1, time: time)
        let floor = loops.floors[0]
        let identities = TLSIdentities()
        let number = identities.number(of: TLSIdentity(certificateAuthorities: authorities))
        let place = UpstreamAddress(
            isTLS: address.isTLS, host: address.host, port: address.port, tlsIdentity: number)
        let timeouts = UpstreamTimeouts(connect: patience, firstByte: patience, idle: patience, total: patience)
        let request = OutboundRequest(address: place, message: Bytes(string: message), rest: [], timeouts: timeouts)
        let result = await floor.task {
            let pool = UpstreamPool(on: floor, settings: PoolSettings(), identities: identities, proxies: proxies)
            do throws(GatewayFault) {
                return Result<Answer, GatewayFault>.success(try await exchange(request, pool))
            } catch {
                return .failure(error)
            }
        }
        await loops.shutdown()
        return try result.get()
    }

    private static func exchange(_ request: OutboundRequest, _ pool: UpstreamPool) async throws(GatewayFault) -> Answer
    {
        let reply = try await pool.open(request, Abandonment())
        var body = Bytes()
        while var piece = try await reply.next() {
            body.writeBuffer(&piece)
            guard body.readableBytes <= bodyBytes else {
                throw GatewayFault(.upstreamGarbled, "The answer is too long.", detail: "more than \(bodyBytes) bytes")
            }
        }
        return Answer(status: reply.head.status, body: String(buffer: body))
    }
}
