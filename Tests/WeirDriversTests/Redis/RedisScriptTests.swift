import Testing
import WeirCoordination
import WeirCore
import WeirDrivers
import WeirTestKit

extension RedisTests {
    @Suite(.serialized) struct Scripts {
        private func withServer(_ test: (RedisServer, RedisSharedState) async throws -> Void) async throws {
            let server = try await RedisServer()
            try await withRedis(RedisSettings(.single(server.address))) { try await test(server, $0) }
        }

        @Test func `a lease is granted as far as the limit goes, and not below what was asked at least`() async throws {
            try await withServer { _, redis in
                let first = try #require(await redis.lease("a", 10, amount: 7))
                #expect(first.granted == 7 && first.remaining == 3 && first.frees == 0)
                let few = try #require(await redis.lease("a", 10, amount: 5, atLeast: 4))
                #expect(few.granted == 0 && few.remaining == 3)
                #expect(few.frees > 60_000 && few.frees <= 61_000)
                let rest = try #require(await redis.lease("a", 10, amount: 5))
                #expect(rest.granted == 3 && rest.remaining == 0)
                let none = try #require(await redis.lease("a", 10, amount: 1))
                #expect(none.granted == 0 && none.remaining == 0)
                let other = try #require(await redis.lease("b", 10, amount: 1))
                #expect(other.granted == 1)
                let lowered = try #require(await redis.lease("a", 4, amount: 1))
                #expect(lowered.granted == 0 && lowered.remaining == 0)
                let raised = try #require(await redis.lease("a", 14, amount: 9))
                #expect(raised.granted == 4)
            }
        }

        @Test func `many replicas at once never get more than the limit, and all of it`() async throws {
            let server = try await RedisServer()
            let settings = RedisSettings(.single(server.address))
            let granted = try await withThrowingTaskGroup(of: Int.self) { group in
                for replica in 0..<6 {
                    group.addTask {
                        try await withRedis(settings) { redis in
                            var sum = 0
                            for turn in 0..<150 {
                                sum +=
                                    await redis.lease("x", 5000, amount: 1 + (turn &* 7 &+ replica) % 19)?.granted ?? 0
                            }
                            return sum
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(granted == 5000)
        }

        @Test func `no window of any replica's clock holds more than the limit, while leases are taken and given back`()
            async throws
        {
            let server = try await RedisServer()
            let settings = RedisSettings(.single(server.address))
            let end = realTime.monotonic() + 3_500_000_000
            let uses = try await withThrowingTaskGroup(of: [(at: UInt64, count: Int)].self) { group in
                for replica in 0..<4 as Range<UInt64> {
                    group.addTask {
                        try await withRedis(settings) { redis in
                            var random = SeededRandom(seed: replica)
                            var uses: [(at: UInt64, count: Int)] = []
                            while realTime.monotonic() < end {
                                let amount = Int.random(in: 1...9, using: &random)
                                let asked = realTime.monotonic()
                                guard let lease = await redis.lease("w", 60, amount: amount, window: 1000) else {
                                    continue
                                }
                                let now = realTime.monotonic()
                                // What comes too late to be used is given back, as a part of the rest is.
                                let isUsable = now - asked < UInt64(SharedTiming.leaseMilliseconds) * 1_000_000
                                let used = isUsable ? Int.random(in: 0...lease.granted, using: &random) : 0
                                if used > 0 { uses.append((now, used)) }
                                if lease.granted > used {
                                    _ = await redis.answers(
                                        .giveBack(id: "w", bucket: lease.bucket, amount: lease.granted - used))
                                }
                                try? await Task.sleep(for: .milliseconds(Int.random(in: 0...20, using: &random)))
                            }
                            return uses
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }.sorted { $0.at < $1.at }
            }
            var most = 0
            for (index, first) in uses.enumerated() {
                let window = uses[index...].prefix { $0.at - first.at < 1_000_000_000 }
                most = max(most, window.reduce(0) { $0 + $1.count })
            }
            #expect(most <= 60 && most > 50)
            // Three windows' worth: permits do come back.
            #expect(uses.reduce(0) { $0 + $1.count } > 120)
        }

        @Test func `what comes back can be granted again, but only once, and never more than was granted`() async throws
        {
            try await withServer { _, redis in
                let lease = try #require(await redis.lease("a", 10, amount: 10))
                #expect(await redis.answers(.giveBack(id: "a", bucket: lease.bucket, amount: 4)) == [.done])
                #expect(await redis.lease("a", 10, amount: 10)?.granted == 4)
                #expect(await redis.answers(.giveBack(id: "a", bucket: lease.bucket - 9, amount: 10)) == [.done])
                #expect(await redis.lease("a", 10, amount: 10)?.granted == 0)
                #expect(await redis.answers(.giveBack(id: "a", bucket: lease.bucket, amount: 1000)) == [.done])
                #expect(await redis.lease("a", 10, amount: 10)?.granted ?? 11 <= 10)
                #expect(await redis.answers(.giveBack(id: "unknown", bucket: lease.bucket, amount: 1)) == [.done])
                #expect(await redis.lease("unknown", 10, amount: 11)?.granted == 10)
            }
        }

        @Test func `a bucket frees when it has been over for the window, the lease and one bucket`() async throws {
            try await withServer { _, redis in
                let start = realTime.monotonic()
                #expect(await redis.lease("a", 5, amount: 5, window: 1000)?.granted == 5)
                var frees = Int.max
                let isFree = try await soon(5) {
                    let lease = try #require(await redis.lease("a", 5, amount: 5, window: 1000))
                    if lease.granted == 0 {
                        #expect(lease.frees > 0 && lease.frees <= frees)
                        frees = lease.frees
                    }
                    return lease.granted == 5
                }
                let passed = (realTime.monotonic() - start) / 1_000_000
                #expect(isFree)
                #expect(passed >= 1124 && passed < 1400)
            }
        }

        @Test func `a replica's own count raises a bucket once, and adds to what others told`() async throws {
            try await withServer { _, redis in
                let told = [SharedUse(ageMilliseconds: 5000, count: 3), SharedUse(ageMilliseconds: 30_000, count: 4)]
                let tell = SharedQuestion.restore(id: "a", replica: "r1", ages: told)
                #expect(await redis.answers(tell, tell) == [.done, .done])
                let after = try #require(await redis.lease("a", 20, amount: 1))
                #expect(after.remaining == 20 - 7 - 1)
                #expect(
                    await redis.answers(
                        .restore(id: "a", replica: "r2", ages: [SharedUse(ageMilliseconds: 5000, count: 2)])) == [.done]
                )
                #expect(await redis.lease("a", 20, amount: 1)?.remaining == 20 - 7 - 2 - 2)
                let old = SharedUse(ageMilliseconds: 61_500, count: 9)
                #expect(await redis.answers(.restore(id: "a", replica: "r2", ages: [old])) == [.done])
                #expect(await redis.lease("a", 20, amount: 20)?.granted == 9)
            }
        }

        @Test func `what a replica told does not come back with a lease`() async throws {
            try await withServer { server, redis in
                let lease = try #require(await redis.lease("a", 10, amount: 6))
                try server.say("FLUSHALL")
                let told = [SharedUse(ageMilliseconds: 0, count: 6), SharedUse(ageMilliseconds: 250, count: 1)]
                #expect(await redis.answers(.restore(id: "a", replica: "r", ages: told)) == [.done])
                #expect(await redis.answers(.giveBack(id: "a", bucket: lease.bucket, amount: 6)) == [.done])
                #expect(await redis.lease("a", 10, amount: 10)?.granted == 3)
            }
        }

        @Test func `a server's clock that went back frees nothing early`() async throws {
            try await withServer { server, redis in
                let lease = try #require(await redis.lease("a", 10, amount: 6))
                // As if the six had been granted an hour from now.
                let key = "{weir:l:a}"
                try server.say("HDEL", key, "g\(lease.bucket)")
                try server.say("HSET", key, "g\(lease.bucket + 14_400)", "6", "n", "\(lease.bucket + 14_400)")
                try server.say("HSET", key, "o", "\(lease.bucket + 14_400)")
                let next = try #require(await redis.lease("a", 10, amount: 10))
                #expect(next.granted == 4)
                let none = try #require(await redis.lease("a", 10, amount: 1))
                #expect(none.granted == 0 && none.frees > 60_000 && none.frees <= 61_000)
            }
        }

        @Test func `buckets of a limiter that idled are dropped together`() async throws {
            try await withServer { server, redis in
                let lease = try #require(await redis.lease("a", 10, amount: 1))
                let key = "{weir:l:a}"
                let (gone, kept) = (lease.bucket - 1300, lease.bucket - 1000)
                try server.say("HSET", key, "g\(gone)", "2", "g\(kept)", "3", "r\(kept)", "1", "s", "7", "o", "\(gone)")
                #expect(await redis.lease("a", 10, amount: 10)?.granted == 5)
                #expect(try server.say("HGET", key, "g\(gone)").isEmpty)
            }
        }

        @Test func `slots grow up to the limit, and what is held is never taken`() async throws {
            try await withServer { _, redis in
                #expect(await redis.slots("s", 10, "r1", held: 0, wanted: 6) == 6)
                #expect(await redis.slots("s", 10, "r2", held: 0, wanted: 6) == 4)
                #expect(await redis.slots("s", 10, "r1", held: 6, wanted: 8) == 6)
                #expect(await redis.slots("s", 3, "r1", held: 6, wanted: 8) == 6)
                #expect(await redis.slots("s", 10, "r1", held: 2, wanted: 2) == 2)
                #expect(await redis.slots("s", 10, "r2", held: 4, wanted: 20) == 8)
                #expect(await redis.slots("s", 10, "r2", held: 0, wanted: 0) == 0)
                #expect(await redis.slots("s", 10, "r1", held: 2, wanted: 20) == 10)
            }
        }

        @Test func `slots of a replica without a heartbeat for three seconds are free`() async throws {
            try await withServer { server, redis in
                #expect(await redis.beat("r1")?.count == 1)
                #expect(await redis.slots("s", 10, "r1", held: 0, wanted: 10) == 10)
                let now = try #require(Int(try server.say("TIME").split(separator: "\n").first ?? "")) * 1000
                #expect(await redis.slots("s", 10, "r2", held: 0, wanted: 1) == 0)
                try server.say("HSET", "{weir:replicas}", "r1", "\(now - 5000) ")
                #expect(await redis.slots("s", 10, "r2", held: 0, wanted: 10) == 10)
                #expect(await redis.beat("r2") == [SharedReplica(name: "r2", report: [])])
            }
        }

        @Test func `a heartbeat tells who lives, and every byte of the reports`() async throws {
            try await withServer { _, redis in
                let all = [UInt8](0...255)
                #expect(await redis.beat("b", all) == [SharedReplica(name: "b", report: all)])
                #expect(
                    await redis.beat("a", [])
                        == [SharedReplica(name: "a", report: []), SharedReplica(name: "b", report: all)])
                #expect(await redis.beat("b", [0])?.last == SharedReplica(name: "b", report: [0]))
            }
        }

        @Test func `several questions are answered in their order, and each key expires`() async throws {
            try await withServer { server, redis in
                let id = "team {ä}:\u{1F600} \"x\"\r\n"
                let answers = try #require(
                    await redis.answers(
                        .heartbeat(replica: "r", report: [1]),
                        .lease(id: id, limit: 5, windowMilliseconds: 60_000, amount: 2, atLeast: 1),
                        .restore(id: id, replica: "r", ages: [SharedUse(ageMilliseconds: 1000, count: 1)]),
                        .slots(id: id, limit: 5, replica: "r", held: 0, wanted: 2),
                        .restore(id: "other", replica: "r", ages: [SharedUse(ageMilliseconds: 1000, count: 1)]),
                        .lease(id: id, limit: 5, windowMilliseconds: 60_000, amount: 9, atLeast: 1)))
                #expect(answers.count == 6)
                #expect(answers[0] == .replicas([SharedReplica(name: "r", report: [1])]))
                #expect(answers[2] == .done && answers[3] == .slots(granted: 2))
                guard case .lease(let granted, _, let remaining, _) = answers[5] else {
                    return #expect(Bool(false), "not a lease")
                }
                #expect(granted == 2 && remaining == 0)
                let keys = try server.say("KEYS", "*").split(separator: "\n").count
                #expect(keys >= 6)
                let script =
                    "local n = 0 for _, k in ipairs(redis.call('KEYS', '*')) do "
                    + "if redis.call('PTTL', k) < 0 then n = n + 1 end end return n"
                #expect(try server.say("EVAL", script, "0") == "0")
            }
        }

        @Test func `asking for slots is a sign of life, and leaves the report`() async throws {
            try await withServer { server, redis in
                #expect(await redis.beat("r1", [32, 7])?.count == 1)
                let now = try #require(Int(try server.say("TIME").split(separator: "\n").first ?? "")) * 1000
                try server.say("HSET", "{weir:replicas}", "r1", "\(now - 2500) old report")
                #expect(await redis.slots("s", 10, "r1", held: 0, wanted: 1) == 1)
                let stamp = try server.say("HGET", "{weir:replicas}", "r1").split(separator: " ", maxSplits: 1)
                #expect(stamp.last == "old report")
                #expect((Int(stamp.first ?? "") ?? 0) >= now)
            }
        }

        @Test func `a sparse ring costs one search, and tells when its oldest bucket frees`() async throws {
            try await withServer { server, redis in
                let lease = try #require(await redis.lease("a", 10, amount: 4))
                let key = "{weir:l:a}"
                let old = lease.bucket - 1100
                try server.say("HSET", key, "g\(old)", "6", "s", "10", "o", "\(lease.bucket - 1190)")
                let none = try #require(await redis.lease("a", 10, amount: 1))
                #expect(none.granted == 0)
                #expect(none.frees > 60_000 - 1100 * 50 && none.frees <= 60_175 - 1100 * 50)
                #expect(try server.say("HGET", key, "o") == "\(old)")
            }
        }

        @Test(arguments: SharedStateContract.Clause.allCases)
        func `Redis keeps the contract of the store`(clause: SharedStateContract.Clause) async throws {
            try await withServer { _, redis in
                let contract = SharedStateContract(store: redis, name: "contract") { milliseconds in
                    try? await Task.sleep(for: .milliseconds(milliseconds))
                }
                #expect(await contract.breach(of: clause) == nil)
            }
        }

        @Test func `numbers beyond what Lua can count are cut, and negative ones are none`() async throws {
            try await withServer { _, redis in
                #expect(await redis.lease("big", .max, amount: .max)?.granted == 1 << 53)
                #expect(await redis.lease("low", -5, amount: 3)?.granted == 0)
                #expect(await redis.lease("low", 5, amount: -3, atLeast: 0)?.granted == 0)
                #expect(await redis.lease("low", 5, amount: 5)?.granted == 5)
            }
        }
    }
}
