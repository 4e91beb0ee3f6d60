import Testing
import WeirStorage
import WeirTestKit

@testable import WeirDrivers

/// How one gets in: TLS, passwords, sockets.
@Suite struct PostgresLoginTests {
    private static let password = "pl4nted-pa55word"

    /// A server that speaks TLS and has a user with a password.
    private static let guarded = Task {
        let certificates = try Certificates(server: "db.test")
        let server = try await PostgresServer(certificates: certificates)
        try server.say("CREATE ROLE secured LOGIN PASSWORD '\(password)'")
        return (server, certificates)
    }

    private func ask(_ url: String, _ sql: String) async throws -> [[SQLValue]] {
        let database = try PostgresDatabase(url: url)
        do {
            let rows = try await database.rows(sql)
            await database.close()
            return rows
        } catch {
            await database.close()
            throw error
        }
    }

    private let isEncrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"

    @Test(arguments: ["sslmode=verify-full&sslrootcert=", "sslmode=require&sslaccept=strict&sslcert="])
    func `a server whose authority is known is trusted`(_ query: String) async throws {
        let (server, certificates) = try await Self.guarded.value
        let url = "postgresql://postgres@localhost:\(server.port)/postgres?hostaddr=127.0.0.1"
        #expect(try await ask("\(url)&\(query)\(certificates.path("ca.pem"))", isEncrypted) == [[.bool(true)]])
    }

    @Test func `a server of another authority, or another name, is not trusted`() async throws {
        let (server, certificates) = try await Self.guarded.value
        let other = try Certificates(server: "db.test")
        defer { other.remove() }
        for (host, authority, reason) in [
            ("localhost", other, "certificate verify failed"),
            ("elsewhere.test", certificates, "does not match host name"),
        ] {
            let url = "postgresql://postgres@\(host):\(server.port)/postgres?hostaddr=127.0.0.1&sslmode=verify-full"
            let found = await fault { try await ask("\(url)&sslrootcert=\(authority.path("ca.pem"))", isEncrypted) }
            guard case .unavailable(let why) = found else {
                Issue.record("\(String(describing: found))")
                return
            }
            #expect(why.contains(reason))
        }
    }

    @Test func `a Unix socket leads in`() async throws {
        let (server, _) = try await Self.guarded.value
        let url = "postgresql://postgres@/postgres?host=\(server.socketFolder)&port=\(server.port)"
        #expect(try await ask(url, "SELECT inet_server_addr() IS NULL") == [[.bool(true)]])
    }

    @Test func `the right password leads in`() async throws {
        let (server, _) = try await Self.guarded.value
        let url = "postgresql://secured:\(Self.password)@127.0.0.1:\(server.port)/postgres"
        #expect(try await ask(url, "SELECT current_user::text") == [[.text("secured")]])
    }

    @Test(arguments: [
        "secured:WRONG@127.0.0.1:PORT/postgres", "nobody:WRONG@127.0.0.1:PORT/postgres",
        "secured:WRONG@127.0.0.1:PORT/nowhere", "secured:WRONG@127.0.0.1:1/postgres",
        "secured:WRONG@no-such-host.invalid/postgres?connect_timeout=2",
        "secured:WRONG@127.0.0.1:PORT/postgres?sslmode=WRONG",
        "secured:WRONG@127.0.0.1:PORT/postgres?sslmode=verify-full&sslrootcert=/nowhere/WRONG.pem",
    ])
    func `no error tells a password`(_ form: String) async throws {
        let (server, _) = try await Self.guarded.value
        let planted = "wr0ng-pa55word"
        let url = "postgresql://" + form.replacing("PORT", with: "\(server.port)").replacing("WRONG", with: planted)
        let found = await fault { try await ask(url, "SELECT 1") }
        guard case .unavailable(let why) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(why.contains("cannot be reached"))
        #expect(!why.contains(planted))
    }

    @Test func `no error of a statement tells a password`() async throws {
        let (server, _) = try await Self.guarded.value
        let url = "postgresql://secured:\(Self.password)@127.0.0.1:\(server.port)/postgres"
        let found = await fault { try await ask(url, "SELECT '\(Self.password)'::int") }
        guard case .refused(let why) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(why.contains("***") && !why.contains(Self.password))
    }
}
