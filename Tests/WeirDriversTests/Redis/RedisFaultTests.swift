import Foundation
import Logging
import Testing
import WeirCoordination
import WeirCore
import WeirDrivers
import WeirTestKit

extension RedisTests {
    @Suite(.serialized) struct Faults {
        private static let ms: UInt64 = 1_000_000

        @Test func `a server that forgot the scripts is told them again`() async throws {
            let server = try await RedisServer()
            try await withRedis(RedisSettings(.single(server.address))) { redis in
                #expect(await redis.lease("a", 5, amount: 2)?.granted == 2)
                try server.say("SCRIPT", "FLUSH")
                #expect(await redis.lease("a", 5, amount: 2)?.granted == 2)
                #expect(await redis.lease("a", 5, amount: 2)?.granted == 1)
                #expect(redis.status.scriptsForgotten == 1)
                #expect(redis.status.failed == 0)
            }
        }

        @Test func `a server that hangs is waited for 50 ms, then not at all, and is asked again when it goes on`()
            async throws
        {
            let server = try await RedisServer()
            let settings = RedisSettings(.single(server.address))
            try await withRedis(settings, patience: Timeout(nanoseconds: 50 * Self.ms)) { redis in
                #expect(await redis.lease("a", 5, amount: 1)?.granted == 1)
                server.pause()
                let start = realTime.monotonic()
                var waits: [UInt64] = []
                while redis.status.outages == 0, waits.count < 20 {
                    let asked = realTime.monotonic()
                    #expect(await redis.lease("a", 5, amount: 1) == nil)
                    waits.append((realTime.monotonic() - asked) / Self.ms)
                }
                let opened = (realTime.monotonic() - start) / Self.ms
                #expect(waits.count == 3)
                #expect(waits.allSatisfy { $0 >= 49 && $0 < 120 })
                #expect(opened < 400)
                let asked = realTime.monotonic()
                for _ in 0..<1000 { #expect(await redis.lease("a", 5, amount: 1) == nil) }
                #expect((realTime.monotonic() - asked) / Self.ms < 200)
                #expect(redis.status.refused >= 1000)
                #expect(!redis.isAvailable)
                server.goOn()
                #expect(await soon(4) { redis.isAvailable })
                #expect(await redis.lease("a", 50, amount: 1)?.granted == 1)
            }
        }

        @Test func `one silent question is enough after 200 ms`() async throws {
            let server = try await RedisServer()
            let settings = RedisSettings(.single(server.address))
            try await withRedis(settings, patience: Timeout(nanoseconds: 50 * Self.ms)) { redis in
                server.pause()
                let start = realTime.monotonic()
                #expect(await redis.lease("a", 5, amount: 1) == nil)
                #expect(await soon(2) { redis.status.outages == 1 })
                let opened = (realTime.monotonic() - start) / Self.ms
                #expect(opened >= 195 && opened < 400)
                server.goOn()
                #expect(await soon(4) { redis.isAvailable })
            }
        }

        @Test func `a server that was killed is left alone, and found when it is back`() async throws {
            let server = try await RedisServer()
            let settings = RedisSettings(.single(server.address))
            try await withRedis(settings, patience: Timeout(nanoseconds: 50 * Self.ms)) { redis in
                #expect(await redis.lease("a", 5, amount: 5)?.granted == 5)
                server.kill()
                #expect(await soon(2) { redis.status.outages == 1 })
                #expect(await redis.lease("a", 5, amount: 5) == nil)
                #expect(redis.status.lastFault.contains("\(server.port)"))
                try await server.start()
                #expect(await soon(4) { redis.isAvailable })
                #expect(await redis.lease("a", 5, amount: 5)?.granted == 5)
                #expect(redis.status.connections == 2)
            }
        }

        @Test func `a connection that the server ends is made again before the breaker opens`() async throws {
            let server = try await RedisServer()
            try await withRedis(RedisSettings(.single(server.address))) { redis in
                for round in 1...3 as ClosedRange<UInt64> {
                    try server.say("CLIENT", "KILL", "TYPE", "normal")
                    #expect(await soon(2) { redis.status.connections == 1 + round })
                    #expect(await redis.lease("a", 50, amount: 1)?.granted == 1)
                }
                #expect(redis.status.outages == 0)
            }
        }

        @Test func `there is no server at all`() async throws {
            let settings = RedisSettings(.single(.host("127.0.0.1", port: try RedisServer.freePort())))
            try await withRedis(settings, patience: Timeout(nanoseconds: 50 * Self.ms), waits: false) { redis in
                #expect(await redis.lease("a", 5, amount: 5) == nil)
                #expect(await soon(2) { redis.status.outages == 1 })
                #expect(await redis.lease("a", 5, amount: 5) == nil)
                #expect(redis.status.refused == 1)
            }
        }

        @Test(arguments: ["hello", "auth"])
        func `a password is asked for, and a wrong one is told without being repeated`(way: String) async throws {
            // Without HELLO it is a server as they were before version 6.
            let server = try await RedisServer(
                ["--requirepass", "right horse"] + (way == "auth" ? ["--rename-command", "HELLO", ""] : []))
            var settings = RedisSettings(.single(server.address))
            settings.password = Secret("wrong horse")
            try await withRedis(settings, waits: false) { redis in
                #expect(await soon(2) { redis.status.outages == 1 })
                #expect(redis.status.lastFault.contains("WRONGPASS"))
                #expect(!redis.status.lastFault.contains("horse"))
            }
            settings.password = nil
            try await withRedis(settings, waits: false) { redis in
                #expect(await soon(2) { redis.status.outages == 1 })
                #expect(redis.status.lastFault.contains("NOAUTH"))
            }
            settings.password = Secret("right horse")
            try await withRedis(settings) { redis in
                #expect(await redis.lease("a", 5, amount: 1)?.granted == 1)
            }
        }

        @Test func `a user of an access list gets by with few commands, and is told when one is missing`() async throws
        {
            let server = try await RedisServer()
            let few = [
                "~{weir:*", "+eval", "+evalsha", "+time", "+hget", "+hset", "+hdel", "+hmget", "+hgetall", "+hkeys",
                "+hincrby", "+pexpire", "+del", "+set",
            ]
            let rules = ["SETUSER", "gate", "on", ">pw"] + few
            _ = try server.run(["ACL"] + rules)
            var settings = RedisSettings(.single(server.address))
            settings.username = "gate"
            settings.password = Secret("pw")
            try await withRedis(settings) { redis in
                #expect(await redis.lease("a", 5, amount: 1)?.granted == 1)
                #expect(await redis.slots("a", 5, "r", held: 0, wanted: 1) == 1)
                #expect(await redis.beat("r")?.count == 1)
                _ = try server.run(["ACL", "SETUSER", "gate", "-evalsha", "-eval"])
                #expect(await redis.lease("a", 5, amount: 1) == nil)
                #expect(redis.status.lastFault.contains("NOPERM"))
            }
        }

        @Test func `a server that became a replica is not asked until it is a master again`() async throws {
            let server = try await RedisServer()
            try await withRedis(RedisSettings(.single(server.address))) { redis in
                #expect(await redis.lease("a", 5, amount: 1)?.granted == 1)
                try server.say("REPLICAOF", "127.0.0.1", "1")
                #expect(await redis.lease("a", 5, amount: 1) == nil)
                #expect(redis.status.lastFault.contains("READONLY"))
                #expect(redis.status.outages == 1)
                try server.say("REPLICAOF", "NO", "ONE")
                #expect(await soon(4) { redis.isAvailable })
                #expect(await redis.lease("a", 5, amount: 5)?.granted == 4)
            }
        }

        @Test func `a server that is loading is waited for`() async throws {
            let server = try await RedisServer()
            try server.say("EVAL", "for i = 1, 2000 do redis.call('SET', 'k' .. i, string.rep('x', 1000)) end", "0")
            try server.say("SAVE")
            server.kill()
            try await server.start(
                waits: false, with: ["--key-load-delay", "1000", "--loading-process-events-interval-bytes", "1024"])
            try await withRedis(RedisSettings(.single(server.address)), waits: false) { redis in
                #expect(await soon(2) { redis.status.lastFault.contains("LOADING") })
                #expect(await soon(8) { redis.isAvailable })
                #expect(await redis.lease("a", 5, amount: 1)?.granted == 1)
            }
        }

        @Test func `a database of its own, a namespace, and a Unix socket`() async throws {
            let socket = "/tmp/weir-\(UUID().uuidString.prefix(8)).sock"
            let server = try await RedisServer(["--unixsocket", socket])
            var settings = RedisSettings(.single(.socket(path: socket)))
            settings.database = 3
            settings.namespace = "blue"
            try await withRedis(settings) { redis in
                #expect(await redis.lease("a", 5, amount: 1)?.granted == 1)
                let (there, here) = (
                    try server.say("EXISTS", "{blue:l:a}", options: ["-n", "3"]), try server.say("DBSIZE")
                )
                #expect(there == "1" && here == "0")
            }
            settings.database = 99
            try await withRedis(settings, waits: false) { redis in
                #expect(await soon(2) { redis.status.lastFault.contains("out of range") })
            }
        }

        @Test func `TLS with an authority of one's own, a client's certificate, and a stranger's certificate`()
            async throws
        {
            let certificates = try Certificates(server: "redis.test")
            defer { certificates.remove() }
            let port = try RedisServer.freePort()
            let server = try await RedisServer([
                "--tls-port", "\(port)", "--tls-cert-file", certificates.path("server.pem"), "--tls-key-file",
                certificates.path("server.key"), "--tls-ca-cert-file", certificates.path("ca.pem"),
            ])
            for host in ["127.0.0.1", "localhost"] {
                var settings = RedisSettings(.single(.host(host, port: port)))
                settings.tls = RedisSettings.TLS(
                    certificateAuthorities: certificates.path("ca.pem"),
                    certificateChain: certificates.path("client.pem"), privateKey: certificates.path("client.key"))
                try await withRedis(settings) { redis in
                    #expect(await redis.lease("a", 50, amount: 1)?.granted == 1, "\(redis.status.lastFault)")
                }
            }
            var settings = RedisSettings(.single(.host("127.0.0.1", port: port)))
            settings.tls = RedisSettings.TLS()
            try await withRedis(settings, waits: false) { redis in
                #expect(await soon(3) { redis.status.outages == 1 })
                #expect(redis.status.lastFault.contains("CERTIFICATE_VERIFY_FAILED"))
            }
            settings.tls = RedisSettings.TLS(certificateAuthorities: "/nowhere/ca.pem")
            #expect(throws: RedisSettingsFault.self) {
                try RedisSharedState(settings, time: realTime, logger: .init(label: "redis"))
            }
            _ = server
        }

        @Test func `after the end everything is answered with nil`() async throws {
            let server = try await RedisServer()
            let redis = try RedisSharedState(
                RedisSettings(.single(server.address)), time: realTime, logger: .init(label: "redis"))
            async let pending = redis.lease("a", 5, amount: 1)
            await redis.close()
            _ = await pending
            #expect(await redis.lease("a", 5, amount: 1) == nil)
            #expect(await redis.answers() == [])
        }

        @Test func `ten thousand asks from many threads are answered once each`() async throws {
            let server = try await RedisServer()
            try await withRedis(RedisSettings(.single(server.address))) { redis in
                let sum = await withTaskGroup(of: Int.self) { group in
                    for task in 0..<20 {
                        group.addTask {
                            var granted = 0
                            for turn in 0..<500 {
                                granted += await redis.lease("t\(turn % 7)", 100, amount: 1)?.granted ?? task * 1000
                            }
                            return granted
                        }
                    }
                    return await group.reduce(0, +)
                }
                #expect(sum == 700)
                #expect(redis.status.answered == 10_000)
                #expect(redis.status.roundTrips.counts.reduce(0, +) == 10_000)
            }
        }
    }
}
