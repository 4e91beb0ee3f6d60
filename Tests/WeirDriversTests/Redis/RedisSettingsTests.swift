import Testing
import WeirCore
import WeirDrivers

@Suite struct RedisSettingsTests {
    @Test(
        arguments: [
            ("redis://localhost", "localhost:6379", nil, nil, 0, false),
            ("redis://localhost:7000/3", "localhost:7000", nil, nil, 3, false),
            ("redis://localhost/?db=4", "localhost:6379", nil, nil, 4, false),
            ("redis://:secret@redis.test", "redis.test:6379", nil, "secret", 0, false),
            ("redis://:pa/ss@wo:rd@redis.test", "redis.test:6379", nil, "pa/ss@wo:rd", 0, false),
            ("rediss://weir:p%40ss%25@redis.test:6380/1", "redis.test:6380", "weir", "p@ss%", 1, true),
            ("REDISS://[::1]:6380", "[::1]:6380", nil, nil, 0, true),
            ("redis://[fe80::1]", "[fe80::1]:6379", nil, nil, 0, false),
            ("unix:///run/redis.sock?db=2", "/run/redis.sock", nil, nil, 2, false),
            ("unix://weir:pw@/run/redis.sock", "/run/redis.sock", "weir", "pw", 0, false),
        ] as [(String, String, String?, String?, Int, Bool)])
    func `a URL is read`(
        url: String, address: String, user: String?, password: String?, database: Int, isTLS: Bool
    ) throws {
        let settings = try RedisSettings(url: url)
        guard case .single(let read) = settings.topology else { return #expect(Bool(false), "not a single server") }
        #expect(read.description == address)
        #expect(settings.username == user)
        #expect(settings.password?.revealed() == password)
        #expect(settings.database == database)
        #expect((settings.tls != nil) == isTLS)
    }

    @Test(arguments: [
        "localhost:6379", "http://localhost", "redis://", "redis://host:0", "redis://host:65536", "redis://host:x",
        "redis://host/x", "redis://host/-1", "redis://:%zz@host", "redis://:%f@host", "redis://:%ff@host", "unix://run",
        "redis://[::1", "redis://[::1]6379",
    ])
    func `a URL that says nothing sensible is refused`(url: String) {
        #expect(throws: RedisSettingsFault.self) { try RedisSettings(url: url) }
    }

    @Test func `a fault never repeats the password`() {
        #expect {
            try RedisSettings(url: "redis://:hunter2@host:x")
        } throws: { error in
            !"\(error)".contains("hunter2")
        }
    }

    @Test func `certificates of a server may be left unverified`() throws {
        #expect(try RedisSettings(url: "rediss://host?ssl_cert_reqs=none").tls?.verifies == false)
        #expect(try RedisSettings(url: "rediss://host").tls?.verifies == true)
    }
}
