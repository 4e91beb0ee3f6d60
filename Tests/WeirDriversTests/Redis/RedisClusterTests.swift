import Testing
import WeirCoordination
import WeirCore
import WeirDrivers

extension RedisTests {
    @Suite(.serialized) struct Clusters {
        /// Three masters that share the slots, and replicas for as many of them as asked.
        private static func cluster(replicas: Int = 0) async throws -> [RedisServer] {
            var servers: [RedisServer] = []
            for _ in 0..<3 + replicas {
                servers.append(
                    try await RedisServer([
                        "--cluster-enabled", "yes", "--cluster-node-timeout", "1000",
                        "--cluster-replica-validity-factor", "0",
                    ]))
            }
            let ranges = [(0, 5460), (5461, 10_922), (10_923, 16_383)]
            for (server, range) in zip(servers, ranges) {
                try server.say("CLUSTER", "ADDSLOTSRANGE", "\(range.0)", "\(range.1)")
            }
            for (epoch, server) in servers.enumerated() {
                try server.say("CLUSTER", "SET-CONFIG-EPOCH", "\(epoch + 1)")
                try server.say("CLUSTER", "MEET", "127.0.0.1", "\(servers[0].port)")
            }
            _ = try await soon(10) {
                try servers.allSatisfy {
                    try $0.say("CLUSTER", "INFO").contains("cluster_known_nodes:\(servers.count)")
                        && $0.say("CLUSTER", "NODES").split(separator: "\n").count == servers.count
                }
            }
            for (index, replica) in servers.dropFirst(3).enumerated() {
                let id = try servers[index].say("CLUSTER", "MYID")
                try replica.say("CLUSTER", "REPLICATE", id)
            }
            let isUp = try await soon(10) {
                try servers.allSatisfy { try $0.say("CLUSTER", "INFO").contains("cluster_state:ok") }
                    && servers.dropFirst(3).allSatisfy { try $0.say("INFO", "replication").contains("link_status:up") }
            }
            #expect(isUp)
            return servers
        }

        @Test func `limiters spread over the servers, and one ask reaches all of them`() async throws {
            let servers = try await Self.cluster()
            try await withRedis(RedisSettings(.cluster([servers[1].address]))) { redis in
                let ids = (0..<60).map { "limiter \($0)" }
                let questions = ids.map {
                    SharedQuestion.lease(id: $0, limit: 3, windowMilliseconds: 60_000, amount: 2, atLeast: 1)
                }
                for granted in [2, 1, 0] {
                    let answers: [SharedAnswer]? = await withCheckedContinuation { done in
                        redis.ask(questions) { done.resume(returning: $0) }
                    }
                    #expect(answers?.count == 60)
                    for answer in answers ?? [] {
                        guard case .lease(granted, _, _, _) = answer else {
                            #expect(Bool(false), "\(answer)")
                            continue
                        }
                    }
                }
                for server in servers {
                    let keys = Int(try server.say("DBSIZE")) ?? 0
                    #expect(keys > 5)
                }
                #expect(await redis.beat("r", [7]) == [SharedReplica(name: "r", report: [7])])
                #expect(await redis.slots("s", 3, "r", held: 0, wanted: 5) == 3)
                #expect(redis.status.redirects == 0)
            }
        }

        @Test func `a slot that moves is followed, during the move and after it`() async throws {
            let servers = try await Self.cluster()
            try await withRedis(RedisSettings(.cluster(servers.map(\.address)))) { redis in
                #expect(await redis.lease("mover", 10, amount: 1)?.granted == 1)
                let key = "{weir:l:mover}"
                let slot = try servers[0].say("CLUSTER", "KEYSLOT", key)
                let owner = try #require(try servers.first { try !$0.say("EXISTS", key).contains("MOVED") })
                let target = try #require(servers.first { $0 !== owner })
                let (ownerID, targetID) = (try owner.say("CLUSTER", "MYID"), try target.say("CLUSTER", "MYID"))
                try target.say("CLUSTER", "SETSLOT", slot, "IMPORTING", ownerID)
                try owner.say("CLUSTER", "SETSLOT", slot, "MIGRATING", targetID)
                // Still there: answered by the owner. Gone: the owner says ASK.
                #expect(await redis.lease("mover", 10, amount: 1)?.remaining == 8)
                #expect(redis.status.redirects == 0)
                try owner.say("MIGRATE", "127.0.0.1", "\(target.port)", key, "0", "1000")
                #expect(await redis.lease("mover", 10, amount: 1)?.remaining == 7)
                #expect(redis.status.redirects == 1)
                for server in [target, owner] { try server.say("CLUSTER", "SETSLOT", slot, "NODE", targetID) }
                // Now it says MOVED, once, and the map is right.
                #expect(await redis.lease("mover", 10, amount: 1)?.remaining == 6)
                #expect(redis.status.redirects == 2)
                let isFollowed = await soon(3) {
                    let before = redis.status.redirects
                    _ = await redis.lease("mover", 10, amount: 0, atLeast: 0)
                    return redis.status.redirects == before
                }
                #expect(isFollowed)
            }
        }

        @Test func `a dead master takes only its own limiters with it, until its replica stands in`() async throws {
            let servers = try await Self.cluster(replicas: 1)
            let patience = Timeout(nanoseconds: 200_000_000)
            try await withRedis(RedisSettings(.cluster(servers.map(\.address))), patience: patience) { redis in
                // An id for each of the first two masters.
                var ids: [String] = []
                for server in servers.prefix(2) {
                    let id = try #require(
                        try (0..<100).map { "id\($0)" }.first {
                            try !server.say("EXISTS", "{weir:l:\($0)}").contains("MOVED")
                        })
                    ids.append(id)
                }
                for id in ids { #expect(await redis.lease(id, 10, amount: 4)?.granted == 4) }
                _ = try servers[0].say("WAIT", "1", "1000")
                servers[0].kill()
                // The outage is counted a moment before it is told what the whole is worth; a replica needs seconds to stand in.
                #expect(await soon(3) { redis.status.outages > 0 && !redis.isAvailable })
                #expect(await redis.lease(ids[0], 10, amount: 1) == nil)
                #expect(await soon(20) { await redis.lease(ids[0], 10, amount: 0, atLeast: 0) != nil })
                #expect(await redis.lease(ids[0], 10, amount: 10)?.granted == 6)
                #expect(await soon(5) { await redis.lease(ids[1], 10, amount: 0, atLeast: 0) != nil })
                #expect(await redis.lease(ids[1], 10, amount: 10)?.granted == 6)
                #expect(await soon(5) { redis.isAvailable })
            }
        }
    }

    @Suite(.serialized) struct Sentinels {
        @Test func `the master is asked for, and asked for again when it is gone`() async throws {
            let first = try await RedisServer()
            let second = try await RedisServer([
                "--replicaof", "127.0.0.1", "\(first.port)", "--repl-diskless-sync-delay", "0",
            ])
            var sentinels: [RedisServer] = []
            for _ in 0..<2 {
                sentinels.append(
                    try await RedisServer(
                        [
                            "sentinel monitor gate 127.0.0.1 \(first.port) 1",
                            "sentinel down-after-milliseconds gate 800", "sentinel failover-timeout gate 3000",
                            "requirepass watch",
                        ], program: "redis-sentinel"))
            }
            let isLinked = try await soon(10) {
                try second.say("INFO", "replication").contains("master_link_status:up")
                    && sentinels.allSatisfy {
                        try $0.say("SENTINEL", "MASTER", "gate", options: ["-a", "watch"]).contains("num-slaves\n1")
                    }
            }
            #expect(isLinked)
            // The first Sentinel of the list does not exist.
            let nobody = RedisAddress.host("127.0.0.1", port: try RedisServer.freePort())
            var settings = RedisSettings(.sentinel([nobody] + sentinels.map(\.address), service: "gate"))
            settings.sentinelPassword = Secret("watch")
            try await withRedis(settings, patience: Timeout(nanoseconds: 200_000_000)) { redis in
                #expect(await redis.lease("a", 10, amount: 4)?.granted == 4, "\(redis.status.lastFault)")
                _ = try first.say("WAIT", "1", "1000")
                first.kill()
                #expect(await soon(3) { redis.status.outages > 0 })
                #expect(await soon(15) { redis.isAvailable }, "\(redis.status.lastFault)")
                #expect(await redis.lease("a", 10, amount: 10)?.granted == 6)
            }
            settings.topology = .sentinel(sentinels.map(\.address), service: "unknown")
            try await withRedis(settings, waits: false) { redis in
                #expect(await soon(3) { redis.status.lastFault.contains("'unknown'") })
            }
            settings.sentinelPassword = nil
            try await withRedis(settings, waits: false) { redis in
                #expect(await soon(3) { redis.status.lastFault.contains("NOAUTH") })
            }
        }
    }
}
