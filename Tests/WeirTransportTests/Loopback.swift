import NIOCore
import WeirCore
import WeirLoops
import WeirTestKit
import WeirTransport

/// A real loop with a clock that stands still: servers and the pool live on the same thread.
final class Loopback: Sendable {
    let clock: TestClock
    let floor: LoopFloor

    private init(_ clock: TestClock, _ floor: LoopFloor) {
        self.clock = clock
        self.floor = floor
    }

    /// Runs a test on a new loop, and stops the loop behind it.
    static func run(_ test: (Loopback) async throws -> Void) async throws {
        let clock = TestClock()
        let group = await LoopGroup(count: 1, time: clock.source)
        do { try await test(Loopback(clock, group.floors[0])) } catch {
            await group.shutdown()
            throw error
        }
        await group.shutdown()
    }

    func pool(
        _ settings: PoolSettings = PoolSettings(), identities: TLSIdentities = TLSIdentities(),
        proxies: ProxySettings = .none
    ) async -> OnLoop<UpstreamPool> {
        let floor = floor
        return await floor.make {
            UpstreamPool(on: floor, settings: settings, identities: identities, proxies: proxies)
        }
    }

    /// Moves the clock once everything that can run now has run.
    func advanceSoon(seconds: UInt64) {
        let clock = clock
        floor.loop.execute { clock.advance(milliseconds: seconds * 1000) }
    }

    // MARK: Requests

    static let generous = UpstreamTimeouts(
        connect: .seconds(600), firstByte: .seconds(600), idle: .seconds(600), total: .none)

    static func request(
        _ port: Int, host: String = "127.0.0.1", isTLS: Bool = false, identity: Int = 0, body: String = "hello",
        _ timeouts: UpstreamTimeouts = generous
    ) -> OutboundRequest {
        let address = UpstreamAddress(isTLS: isTLS, host: host, port: port, tlsIdentity: identity)
        let head =
            "POST /v1/x HTTP/1.1\r\nhost: \(address.authority)\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
        return OutboundRequest(
            address: address, message: Bytes(string: head), rest: [Bytes(string: body)], timeouts: timeouts)
    }

    /// What came of one request.
    struct Heard: Sendable {
        var status = 0
        var fields = ""
        var kind = ReplyHead.ContentKind.other
        var length: Int?
        var isEncoded = false
        var body = ""
        var fault: GatewayFault?
    }

    /// Sends a request and reads its reply to the end, piece by piece or as it is passed on. Only on the loop.
    static func exchange(_ pool: UpstreamPool, _ request: OutboundRequest, passed: Bool = false) async -> Heard {
        var heard = Heard()
        do throws(GatewayFault) {
            let reply = try await pool.open(request, Abandonment())
            (heard.status, heard.fields, heard.kind) = (
                reply.head.status, reply.head.fields.text, reply.head.contentKind
            )
            (heard.length, heard.isEncoded) = (reply.head.contentLength, reply.head.isEncoded)
            if passed { heard.body = try await Self.passed(reply) }
            while let piece = try await reply.next() { heard.body += piece.text }
        } catch {
            heard.fault = error
        }
        return heard
    }

    /// A body whose taker has enough after every second piece.
    private static func passed(_ reply: any OutboundReply) async throws(GatewayFault) -> String {
        let taken = Taken()
        while true {
            let goesOn = try await reply.pass { piece in
                taken.text += piece.text
                taken.pieces += 1
                return taken.pieces % 2 == 1
            }
            if !goesOn { return taken.text }
        }
    }

    private final class Taken {
        var text = ""
        var pieces = 0
    }

    func exchange(_ pool: OnLoop<UpstreamPool>, _ request: OutboundRequest, passed: Bool = false) async -> Heard {
        await pool.task { await Loopback.exchange($0, request, passed: passed) }
    }

    /// What a new pool gets from a server that answers its one request with this text and then closes.
    func heard(_ text: String, passed: Bool = false) async throws -> (heard: Heard, counts: PoolCounts) {
        let server = try await ScriptedServer.start(on: floor) { end in
            _ = await end.request()
            end.say(text)
        }
        let pool = await pool()
        let heard = await exchange(pool, Self.request(server.port), passed: passed)
        await server.close()
        return (heard, await pool.run { $0.counts })
    }
}
