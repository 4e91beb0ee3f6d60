import Testing
import WeirCore
import WeirTestKit
import WeirTransport

/// Plain upstreams behind a proxy.
struct ProxyTests {
    @Test func `a plain upstream is named whole to its proxy`() async throws {
        try await Loopback.run { loopback in
            let proxy = try await ScriptedServer.start(on: loopback.floor) { end in
                while await end.request() != nil { end.reply("\(end.number)") }
            }
            let settings = ProxySettings(environment: ["http_proxy": "http://me:pw@127.0.0.1:\(proxy.port)"])
            let pool = await loopback.pool(proxies: settings)
            let request = Loopback.request(8000, host: "upstream.test")
            for _ in 0..<2 { #expect(await loopback.exchange(pool, request).body == "0") }
            let expected =
                "POST http://upstream.test:8000/v1/x HTTP/1.1\r\nproxy-authorization: Basic bWU6cHc=\r\n"
                + "host: upstream.test:8000\r\ncontent-length: 5\r\n\r\nhello"
            #expect(proxy.requests == [expected, expected])
        }
    }

    @Test func `an exception is reached directly`() async throws {
        try await Loopback.run { loopback in
            let server = try await ScriptedServer.start(on: loopback.floor) { end in
                while await end.request() != nil { end.reply("direct") }
            }
            let settings = ProxySettings(environment: ["http_proxy": "http://proxy.test:1"])
            let pool = await loopback.pool(proxies: settings)
            #expect(await loopback.exchange(pool, Loopback.request(server.port)).body == "direct")
            #expect(server.requests.first?.hasPrefix("POST /v1/x ") == true)
        }
    }
}
