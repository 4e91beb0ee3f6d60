import Testing
import WeirCore

@testable import WeirDrivers

@Suite struct PostgresSettingsTests {
    struct Sample: Sendable {
        let url: String
        let parameters: [String: String]
        var password: String?

        init(_ url: String, _ parameters: [String: String], password: String? = nil) {
            self.url = url
            self.parameters = parameters
            self.password = password
        }
    }

    @Test(arguments: [
        Sample("postgresql://", [:]),
        Sample("postgres://localhost", ["host": "localhost"]),
        Sample("postgresql://localhost:5433", ["host": "localhost", "port": "5433"]),
        Sample("postgresql://localhost/mydb", ["host": "localhost", "dbname": "mydb"]),
        Sample("postgresql://user@localhost", ["host": "localhost", "user": "user"]),
        Sample("postgresql://user:secret@localhost", ["host": "localhost", "user": "user"], password: "secret"),
        Sample("postgresql://u:a/b@c%3A%20d@h/db", ["host": "h", "user": "u", "dbname": "db"], password: "a/b@c: d"),
        Sample(
            "postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp",
            [
                "host": "localhost", "user": "other", "dbname": "otherdb", "connect_timeout": "10",
                "application_name": "myapp",
            ]),
        Sample(
            "postgresql://host1:123,host2:456/somedb?target_session_attrs=any",
            ["host": "host1,host2", "port": "123,456", "dbname": "somedb", "target_session_attrs": "any"]),
        Sample("postgresql://host1,host2:456/", ["host": "host1,host2", "port": ",456"]),
        Sample("postgresql:///mydb?host=localhost&port=5433", ["host": "localhost", "port": "5433", "dbname": "mydb"]),
        Sample(
            "postgresql://[2001:db8::1234]:5433/database",
            ["host": "2001:db8::1234", "port": "5433", "dbname": "database"]),
        Sample("postgresql:///dbname?host=/var/lib/postgresql", ["host": "/var/lib/postgresql", "dbname": "dbname"]),
        Sample("postgresql://%2Fvar%2Frun/dbname", ["host": "/var/run", "dbname": "dbname"]),
        Sample(
            "postgresql://h/d?user=x&password=hidden", ["host": "h", "dbname": "d", "user": "x"], password: "hidden"),
        Sample("postgresql://h/d?ssl=true", ["host": "h", "dbname": "d", "sslmode": "require"]),
        Sample("postgresql://h/d?pgbouncer=true&statement_cache_size=0", ["host": "h", "dbname": "d"]),
        Sample("postgresql://h/d?options=-c%20geqo%3Doff", ["host": "h", "dbname": "d", "options": "-c geqo=off"]),
        Sample(
            "postgresql://h/d?sslmode=require&sslcert=ca.pem&sslaccept=strict",
            ["host": "h", "dbname": "d", "sslmode": "verify-full", "sslrootcert": "ca.pem"]),
        Sample(
            "postgresql://h/d?sslcert=c.pem&sslkey=c.key",
            ["host": "h", "dbname": "d", "sslcert": "c.pem", "sslkey": "c.key"]),
        Sample("postgresql://h/d?sslmode=no-verify", ["host": "h", "dbname": "d", "sslmode": "require"]),
    ])
    func `a URL is read as libpq and Prisma have it`(_ sample: Sample) throws {
        let settings = try PostgresSettings(url: sample.url)
        #expect(settings.parameters == sample.parameters)
        #expect(settings.secrets["password"]?.revealed() == sample.password)
    }

    @Test func `what Prisma calls limits are limits here`() throws {
        let url = "postgresql://h/d?schema=own&connection_limit=7&pool_timeout=3&socket_timeout=4"
        let settings = try PostgresSettings(url: url)
        #expect(settings.schema == "own")
        #expect(settings.poolLimit == 7)
        #expect(settings.poolTimeout == .seconds(3))
        #expect(settings.statementTimeout == .seconds(4))
        let plain = try PostgresSettings(url: "postgresql://h/d")
        #expect(plain.schema == nil)
        #expect(plain.poolLimit == 10)
        #expect(plain.poolTimeout == .seconds(60))
        #expect(plain.statementTimeout == .seconds(10))
    }

    @Test(arguments: [
        "mysql://h/d", "host=h dbname=d", "postgresql://h:0/d", "postgresql://h:70000/d", "postgresql://h:pencil/d",
        "postgresql://h/d?sslmod=verify-full", "postgresql://h/d?connection_limit=none", "postgresql://h/%zz",
        "postgresql://h/%00", "postgresql://h/%ff", "postgresql://h/d?schema", "postgresql://h/d?sslidentity=c.p12",
        "postgresql://h/d?sslaccept=perhaps", "postgresql://u:pencil?sharp@h/d", "postgresql://u:pencil@/d",
        "postgresql://u:pencil@:5432/d", "postgresql://:5432/d",
    ])
    func `what cannot be meant is refused without repeating a password`(_ url: String) throws {
        let fault = #expect(throws: PostgresSettingsFault.self) { _ = try PostgresSettings(url: url) }
        #expect(fault?.description.contains("pencil") == false)
        #expect(fault?.description.hasSuffix(".") == true)
    }

    @Test func `libpq is told what every connection needs`() throws {
        let url = "postgresql://u:pencil@h/d?application_name=mine&client_encoding=LATIN1"
        let keywords = Dictionary(
            uniqueKeysWithValues: try PostgresSettings(url: url).keywords.map { ($0.name, $0.value) })
        #expect(keywords["application_name"] == "mine")
        #expect(keywords["client_encoding"] == "UTF8")
        #expect(keywords["password"] == "pencil")
        #expect(keywords["connect_timeout"] == "3")
        #expect(keywords["keepalives"] == "1")
        #expect(keywords["tcp_user_timeout"] == "10000")
        #expect(keywords["target_session_attrs"] == nil)
        let several = try PostgresSettings(url: "postgresql://a,b/d").keywords
        #expect(several.contains { $0.name == "target_session_attrs" && $0.value == "read-write" })
    }

    @Test(arguments: [
        (Timeout.seconds(7), "", "7"), (Timeout(nanoseconds: 1), "", "1"), (Timeout(.milliseconds(1001)), "", "2"),
        (Timeout.none, "", "3"), (Timeout.seconds(7), "?connect_timeout=9", "9"),
    ]) func `a server has so long to let somebody in, unless its URL says otherwise`(
        _ timeout: Timeout, _ query: String, _ told: String
    ) throws {
        var settings = try PostgresSettings(url: "postgresql://h/d\(query)")
        settings.connectTimeout = timeout
        #expect(settings.keywords.first { $0.name == "connect_timeout" }?.value == told)
    }

    @Test func `a secret is hidden in whatever repeats it`() throws {
        let settings = try PostgresSettings(url: "postgresql://u:pencil@h/d")
        #expect(settings.hidingSecrets("no pencil, no pencils") == "no ***, no ***s")
        #expect(!"\(settings)".contains("pencil"))
        #expect(settings.place == "h/d")
    }
}
