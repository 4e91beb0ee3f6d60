import NIOCore
import Testing

@testable import WeirDrivers

@Suite struct RedisKeySlotTests {
    /// The first is the check value of CRC16/XMODEM; the others were asked of a server with `CLUSTER KEYSLOT`.
    @Test(arguments: [
        ("123456789", 12_739), ("foo", 12_182), ("", 0), ("{user1000}.following", 3443), ("user1000", 3443),
        ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015), ("{bar", 4015), ("foo{bar}{zap}", 5061), ("bar", 5061),
    ])
    func `a key has the slot that the cluster gives it`(key: String, slot: Int) {
        #expect(RedisKeySlot.slot(of: key) == slot)
    }
}

@Suite struct RedisRefusalTests {
    @Test(
        arguments: [
            ("NOSCRIPT No matching script.", .noScript),
            ("MOVED 3999 127.0.0.1:6381", .moved(.host("127.0.0.1", port: 6381))),
            ("MOVED 3999 :6381", .moved(.host("asked", port: 6381))),
            ("ASK 3999 ::1:6381", .ask(.host("::1", port: 6381))),
            ("ASK 3999 redis-1.example:6381", .ask(.host("redis-1.example", port: 6381))),
            ("MOVED 3999", .other), ("MOVED 3999 host:0", .other), ("MOVED 3999 host", .other),
            ("READONLY You can't write against a read only replica.", .unfit),
            ("LOADING Redis is loading the dataset in memory", .unfit),
            ("CLUSTERDOWN The cluster is down", .unfit), ("MASTERDOWN Link with MASTER is down", .unfit),
            ("WRONGPASS invalid username-password pair", .forbidden), ("NOAUTH Authentication required.", .forbidden),
            ("NOPERM this user has no permissions", .forbidden), ("OOM command not allowed", .other), ("", .other),
            ("ERR Error running script (call to f_1): @user_script:1: READONLY You can't write", .unfit),
            ("ERR something READONLY", .other),
        ] as [(String, RedisRefusal.Kind)])
    func `an error is sorted by its first word`(text: String, kind: RedisRefusal.Kind) {
        #expect(RedisRefusal(text, from: "asked").kind == kind)
    }
}

@Suite struct RedisBreakerTests {
    private static let ms: UInt64 = 1_000_000

    @Test func `three failures in a row open it, and an answer between them does not let it come to that`() {
        var breaker = RedisBreaker()
        for time in [100, 200] as [UInt64] { breaker.failed(askedAt: time, at: time + 50, random: 0) }
        breaker.succeeded()
        for time in [300, 400] as [UInt64] { breaker.failed(askedAt: time, at: time + 50, random: 0) }
        #expect(!breaker.isOpen)
        breaker.failed(askedAt: 500, at: 550, random: 0)
        #expect(breaker.isOpen)
        breaker.succeeded()
        #expect(!breaker.isOpen)
    }

    @Test func `all questions of one stall are one failure`() {
        var breaker = RedisBreaker()
        for asked in 0..<100 as Range<UInt64> {
            breaker.failed(askedAt: asked, at: 50 * Self.ms + asked, random: 0)
        }
        #expect(!breaker.isOpen)
    }

    @Test(arguments: [0, 1, .max, 399_999_999, 400_000_000] as [UInt64])
    func `the next probe is 0_8 to 1_2 seconds away`(random: UInt64) throws {
        var breaker = RedisBreaker()
        breaker.open(at: 5, random: random)
        let wait = try #require(breaker.probeAt) - 5
        #expect(wait >= 800 * Self.ms && wait < 1200 * Self.ms)
    }
}

@Suite struct RedisClusterMapTests {
    private static func server(_ host: RESPValue, _ port: Int64) -> RESPValue { .array([host, .integer(port)]) }

    @Test func `a map tells the master of each slot`() throws {
        let one = Self.server(.bytes(ByteBuffer(string: "10.0.0.1")), 1)
        let two = Self.server(.bytes(ByteBuffer()), 2)
        let reply = RESPValue.array([
            .array([.integer(0), .integer(99), one, two]),
            .array([.integer(200), .integer(16_383), two]),
            .array([.integer(150), .integer(150), one]),
        ])
        let map = try #require(RedisClusterMap(reply, askedFrom: "asked"))
        #expect(map.master(of: 99) == .host("10.0.0.1", port: 1))
        #expect(map.master(of: 100) == nil)
        #expect(map.master(of: 150) == .host("10.0.0.1", port: 1))
        #expect(map.master(of: 16_383) == .host("asked", port: 2))
        #expect(map.masters.count == 2)
        #expect(!map.isComplete)
    }

    @Test(arguments: [
        RESPValue.integer(1), .array([.integer(1)]), .array([.array([.integer(0), .integer(16_384), .array([])])]),
        .array([.array([.integer(5), .integer(4), server(.null, 1)])]),
        .array([.array([.integer(0), .integer(4), server(.null, 0)])]),
        .array([.array([.integer(-1), .integer(4), server(.null, 1)])]),
    ])
    func `what is no map is none`(reply: RESPValue) {
        #expect(RedisClusterMap(reply, askedFrom: "asked") == nil)
    }
}
