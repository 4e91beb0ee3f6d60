import NIOCore
import Testing
import WeirCore
import WeirLoops
import WeirTestKit
import WeirTransport

/// Which connection a request takes, and what becomes of it.
struct UpstreamPoolTests {
    /// Answers each request with its connection's number.
    private static let numbered: @Sendable (ServerEnd) async -> Void = { end in
        while await end.request() != nil { end.reply("\(end.number)") }
    }

    // MARK: Keeping

    @Test func `a connection is used again`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            let pool = await loopback.pool()
            for _ in 0..<3 {
                #expect(await loopback.exchange(pool, Loopback.request(server.port)).body == "0")
            }
            #expect(server.connections == 1)
            #expect(server.requests.count == 3)
            let counts = await pool.run { $0.counts }
            #expect(counts.idle == 1)
            #expect(counts.busy == 0)
            #expect(counts.opened == 1)
        }
    }

    @Test func `a request goes out whole`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            let pool = await loopback.pool()
            _ = await loopback.exchange(pool, Loopback.request(server.port, body: "hello, river"))
            #expect(
                server.requests == [
                    "POST /v1/x HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\ncontent-length: 12\r\n\r\nhello, river"
                ])
        }
    }

    @Test func `the connection that came back last is used first`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            let request = Loopback.request(server.port)
            let bodies = await loopback.pool().task { pool -> [String] in
                var replies: [any OutboundReply] = []
                for _ in 0..<3 {
                    if let reply = try? await pool.open(request, Abandonment()) { replies.append(reply) }
                }
                guard replies.count == 3 else { return [] }
                for number in [2, 0, 1] {
                    while let piece = try? await replies[number].next() { _ = piece }
                }
                var bodies: [String] = []
                for _ in 0..<2 { bodies.append(await Loopback.exchange(pool, request).body) }
                return bodies
            }
            #expect(bodies == ["1", "1"])
            #expect(server.connections == 3)
        }
    }

    @Test func `addresses and identities do not share connections`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            let pool = await loopback.pool()
            for (host, identity) in [("127.0.0.1", 0), ("localhost", 0), ("127.0.0.1", 1)] {
                _ = await loopback.exchange(pool, Loopback.request(server.port, host: host, identity: identity))
            }
            #expect(server.connections == 3)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx",
        "HTTP/1.0 200 OK\r\ncontent-length: 1\r\n\r\nx", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxHTTP",
        "HTTP/1.1 204 No Content\r\n\r\nx",
    ])
    func `a connection that cannot be trusted is not kept`(text: String) async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                while await end.request() != nil { end.say(text) }
            }
            let pool = await loopback.pool()
            for _ in 0..<2 {
                #expect(await loopback.exchange(pool, Loopback.request(server.port)).fault == nil)
            }
            #expect(server.connections == 2)
            #expect(await pool.run { $0.counts.idle } == 0)
        }
    }

    @Test func `no more idle connections are kept than allowed`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            var settings = PoolSettings()
            settings.idlePerAddress = 1
            let request = Loopback.request(server.port)
            let idle = await loopback.pool(settings).task { pool -> Int in
                var replies: [any OutboundReply] = []
                for _ in 0..<3 {
                    if let reply = try? await pool.open(request, Abandonment()) { replies.append(reply) }
                }
                for reply in replies { while (try? await reply.next()) != nil {} }
                return pool.counts.idle
            }
            #expect(idle == 1)
        }
    }

    @Test func `an old connection is not used again`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            let pool = await loopback.pool()
            _ = await loopback.exchange(pool, Loopback.request(server.port))
            loopback.clock.advance(milliseconds: 601_000)
            #expect(await loopback.exchange(pool, Loopback.request(server.port)).body == "1")
        }
    }

    @Test func `idle connections are closed when the pool is told to`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            let pool = await loopback.pool()
            _ = await loopback.exchange(pool, Loopback.request(server.port))
            await pool.run { $0.closeIdle() }
            #expect(await pool.run { $0.counts.idle } == 0)
            #expect(await loopback.exchange(pool, Loopback.request(server.port)).body == "1")
        }
    }

    @Test func `more connections than allowed are refused`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            var settings = PoolSettings()
            settings.connectionsPerAddress = 1
            let request = Loopback.request(server.port)
            let codes = await loopback.pool(settings).task { pool -> [FaultCode?] in
                guard let reply = try? await pool.open(request, Abandonment()) else { return [] }
                let beyond = await Loopback.exchange(pool, request).fault?.code
                while (try? await reply.next()) != nil {}
                return [beyond, await Loopback.exchange(pool, request).fault?.code]
            }
            #expect(codes == [.upstreamRefused, nil])
        }
    }

    // MARK: Connections that are gone

    @Test func `a kept connection that is closed before its reply is replaced once`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                end.reply("\(end.number)")
                if end.number == 0 { _ = await end.request() } else { await end.untilLeft() }
            }
            let pool = await loopback.pool()
            #expect(await loopback.exchange(pool, Loopback.request(server.port)).body == "0")
            #expect(await loopback.exchange(pool, Loopback.request(server.port)).body == "1")
            #expect(server.requests.count == 3)
            #expect(server.connections == 2)
            #expect(await pool.run { $0.counts.busy } == 0)
        }
    }

    @Test func `a request is never sent a third time`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                end.reply("\(end.number)")
                _ = await end.request()
            }
            let request = Loopback.request(server.port)
            let pool = await loopback.pool()
            await pool.task { pool in
                var replies: [any OutboundReply] = []
                for _ in 0..<3 {
                    if let reply = try? await pool.open(request, Abandonment()) { replies.append(reply) }
                }
                for reply in replies { while (try? await reply.next()) != nil {} }
            }
            #expect(await loopback.exchange(pool, request).status == 200)
            #expect(server.requests.count == 5)
        }
    }

    @Test func `a reply that has begun is never asked for again`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                end.reply("first")
                if await end.request() != nil { end.say("H") }
            }
            let pool = await loopback.pool()
            _ = await loopback.exchange(pool, Loopback.request(server.port))
            #expect(await loopback.exchange(pool, Loopback.request(server.port)).fault?.code == .upstreamReset)
            #expect(server.requests.count == 2)
            #expect(server.connections == 1)
        }
    }

    @Test func `a new connection that is closed before its reply is a fault`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in _ = await end.request() }
            let pool = await loopback.pool()
            let fault = await loopback.exchange(pool, Loopback.request(server.port)).fault
            #expect(fault?.code == .upstreamReset)
            #expect(fault?.message.contains("before its reply") == true)
            #expect(server.requests.count == 1)
            let counts = await pool.run { $0.counts }
            #expect(counts.busy == 0)
            #expect(counts.connecting == 0)
        }
    }

    @Test func `nobody listens`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            await server.close()
            let pool = await loopback.pool()
            let fault = await loopback.exchange(pool, Loopback.request(server.port)).fault
            #expect(fault?.code == .upstreamRefused)
            #expect(fault?.detail.contains("127.0.0.1:\(server.port)") == true)
            #expect(fault?.message.contains("127.0.0.1") == false, "an address is for the log only")
            let counts = await pool.run { $0.counts }
            #expect(counts.failed == 1)
            #expect(counts.connecting == 0)
            #expect(counts.busy == 0)
        }
    }

    // MARK: Clients that leave

    @Test func `a client that leaves before the reply closes the connection`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                await end.untilLeft()
            }
            let request = Loopback.request(server.port)
            let floor = loopback.floor
            let pool = await loopback.pool()
            let code = await pool.task { pool -> FaultCode? in
                let abandonment = Abandonment()
                let bound = OnLoop(abandonment, on: floor)
                floor.loop.scheduleTask(in: .milliseconds(20)) { bound.now { $0.abandon() } }
                do throws(GatewayFault) {
                    _ = try await pool.open(request, abandonment)
                    return nil
                } catch { return error.code }
            }
            #expect(code == .clientLeft)
            #expect(await pool.run { $0.counts.busy } == 0)
        }
    }

    @Test func `a client that leaves while a connection is made is not waited for`() async throws {
        try await Loopback.run { loopback in
            let proxy = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                await end.untilLeft()
            }
            let settings = ProxySettings(environment: ["https_proxy": "http://127.0.0.1:\(proxy.port)"])
            let request = Loopback.request(443, host: "upstream.test", isTLS: true)
            let (floor, clock) = (loopback.floor, loopback.clock)
            let pool = await loopback.pool(proxies: settings)
            let code = await pool.task { pool -> FaultCode? in
                let abandonment = Abandonment()
                let bound = OnLoop(abandonment, on: floor)
                floor.loop.scheduleTask(in: .milliseconds(20)) { bound.now { $0.abandon() } }
                // Whoever is still waiting then is let go by the time allowed for connecting.
                floor.loop.scheduleTask(in: .milliseconds(200)) { clock.advance(milliseconds: 601_000) }
                do throws(GatewayFault) {
                    _ = try await pool.open(request, abandonment)
                    return nil
                } catch { return error.code }
            }
            #expect(code == .clientLeft)
        }
    }

    @Test func `a client that leaves within the reply closes the connection`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                end.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello")
                await end.untilLeft()
            }
            let request = Loopback.request(server.port)
            let pool = await loopback.pool()
            let code = await pool.task { pool -> FaultCode? in
                let abandonment = Abandonment()
                do throws(GatewayFault) {
                    let reply = try await pool.open(request, abandonment)
                    _ = try await reply.next()
                    abandonment.abandon()
                    while try await reply.next() != nil {}
                    return nil
                } catch { return error.code }
            }
            #expect(code == .clientLeft)
            #expect(await pool.run { $0.counts.busy } == 0)
        }
    }

    @Test func `a client that leaves behind the reply closes nothing`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            let request = Loopback.request(server.port)
            let pool = await loopback.pool()
            await pool.task { pool in
                let abandonment = Abandonment()
                guard let reply = try? await pool.open(request, abandonment) else { return }
                while (try? await reply.next()) != nil {}
                abandonment.abandon()
            }
            #expect(await loopback.exchange(pool, request).body == "0")
        }
    }

    @Test func `a reply that is cancelled closes its connection`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor, Self.numbered)
            let request = Loopback.request(server.port)
            let pool = await loopback.pool()
            await pool.task { pool in
                guard let reply = try? await pool.open(request, Abandonment()) else { return }
                reply.cancel()
                reply.cancel()
            }
            let counts = await pool.run { $0.counts }
            #expect(counts.idle == 0)
            #expect(counts.busy == 0)
            #expect(await loopback.exchange(pool, request).body == "1")
        }
    }

    // MARK: Time

    private func fault(
        _ timeouts: UpstreamTimeouts, after seconds: UInt64,
        _ script: @escaping @Sendable (ServerEnd) async -> Void
    ) async throws -> GatewayFault? {
        let holder = Holder()
        try await Loopback.run { loopback in
            let clock = loopback.clock
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                clock.advance(milliseconds: seconds * 1000)
                await script(end)
                await end.untilLeft()
            }
            let pool = await loopback.pool()
            holder.fault = await loopback.exchange(pool, Loopback.request(server.port, timeouts)).fault
            #expect(await pool.run { $0.counts.busy } == 0)
        }
        return holder.fault
    }

    private final class Holder { var fault: GatewayFault? }

    @Test func `a reply that does not begin in time is given up`() async throws {
        var timeouts = Loopback.generous
        timeouts.firstByte = .seconds(10)
        let fault = try await fault(timeouts, after: 11) { _ in }
        #expect(fault?.code == .upstreamTimeout)
        #expect(fault?.message.contains("no reply") == true)
    }

    @Test func `the time for everything holds before the first byte too`() async throws {
        var timeouts = Loopback.generous
        timeouts.total = .seconds(10)
        #expect(try await fault(timeouts, after: 11) { _ in }?.code == .upstreamTimeout)
    }

    @Test func `a reply that stops is given up`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                end.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello")
                await end.untilLeft()
            }
            var timeouts = Loopback.generous
            timeouts.idle = .seconds(10)
            let request = Loopback.request(server.port, timeouts)
            let fault = await loopback.pool().task { pool -> GatewayFault? in
                do throws(GatewayFault) {
                    let reply = try await pool.open(request, Abandonment())
                    var count = 0
                    while count < 5, let piece = try await reply.next() { count += piece.readableBytes }
                    loopback.advanceSoon(seconds: 11)
                    _ = try await reply.next()
                    return nil
                } catch { return error }
            }
            #expect(fault?.code == .upstreamTimeout)
            #expect(fault?.message.contains("further byte") == true)
        }
    }

    @Test func `a reply that trickles is given up in the end`() async throws {
        try await Loopback.run { loopback in
            let clock = loopback.clock
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                _ = await end.request()
                end.say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello")
                await end.untilLeft()
            }
            var timeouts = Loopback.generous
            timeouts.total = .seconds(60)
            let request = Loopback.request(server.port, timeouts)
            let fault = await loopback.pool().task { pool -> GatewayFault? in
                do throws(GatewayFault) {
                    let reply = try await pool.open(request, Abandonment())
                    var count = 0
                    while count < 5, let piece = try await reply.next() { count += piece.readableBytes }
                    clock.advance(milliseconds: 61_000)
                    loopback.advanceSoon(seconds: 1)
                    _ = try await reply.next()
                    return nil
                } catch { return error }
            }
            #expect(fault?.code == .upstreamTimeout)
        }
    }
}
