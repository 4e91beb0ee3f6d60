import Foundation
import Synchronization

/// A PostgreSQL of its own on a free port of the loopback and a Unix socket, which forgets everything when it ends.
///
/// Everybody may log in without a password as `postgres`; the user `secured`, where a test makes one, only with it.
package final class PostgresServer: Sendable {
    package let port: Int
    /// Where the Unix socket is.
    package var socketFolder: String { folder.path }
    private let folder: URL
    private let programs: URL
    private let process = Mutex<ServerProcess?>(nil)

    /// One for all tests of this process: they keep apart by schemas of their own.
    package static func shared() async throws -> PostgresServer { try await common.value }

    private static let common = Task { try await PostgresServer() }
    private static let user = "postgres"

    /// - Parameter certificates: `server.pem` and `server.key` of these; nil speaks no TLS.
    package init(certificates: Certificates? = nil) async throws {
        programs = try Self.programs()
        port = try ServerProcess.freePort()
        folder = try ServerProcess.folder(for: Self.user, "pg")
        try ServerProcess.run(
            [
                programs.appending(path: "initdb").path, "-D", "\(folder.path)/data", "-A", "trust", "-U", Self.user,
                "--no-sync", "-E", "UTF8", "--locale=C.UTF-8",
            ], user: Self.user, folder: folder)
        try write(Self.rules, to: "data/pg_hba.conf")
        var settings = Self.settings + ["port=\(port)", "unix_socket_directories='\(folder.path)'"]
        if let certificates {
            for name in ["server.pem", "server.key"] {
                try write(try String(contentsOfFile: certificates.path(name), encoding: .utf8), to: "data/\(name)")
            }
            settings += ["ssl=on", "ssl_cert_file='server.pem'", "ssl_key_file='server.key'"]
        }
        try write(settings.joined(separator: "\n"), to: "data/postgresql.auto.conf")
        try await start()
    }

    /// Over TCP without TLS, as the owner of everything.
    package var url: String { "postgresql://postgres@127.0.0.1:\(port)/postgres?sslmode=disable" }

    /// Waits until it takes connections.
    package func start() async throws {
        let command = [programs.appending(path: "postgres").path, "-D", "\(folder.path)/data"]
        let started = try ServerProcess(command, user: Self.user, folder: folder, signal: "QUIT")
        process.withLock { $0 = started }
        // Its eighth line says how far the server is.
        let state = folder.appending(path: "data/postmaster.pid")
        for _ in 0..<4000 {
            let lines = (try? String(contentsOf: state, encoding: .utf8))?.split(
                separator: "\n", omittingEmptySubsequences: false)
            if let lines, lines.count > 7, lines[7].hasPrefix("ready") { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw MissingProgram(description: "PostgreSQL did not start within 20 s in \(folder.path).")
    }

    /// At once, as in a crash.
    package func stop() {
        process.withLock { process in
            process?.stop()
            process = nil
        }
    }

    /// What `psql` answers to this, without headings.
    @discardableResult
    package func say(_ sql: String) throws -> String {
        try ServerProcess.run(
            [
                try Self.folder(of: ["psql"]).appending(path: "psql").path, "-X", "-q", "-A", "-t", "-h", folder.path,
                "-p", "\(port)", "-U",
                Self.user, "-v", "ON_ERROR_STOP=1", "-c", sql,
            ], folder: folder
        ).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The URL of an empty schema of its own, made for the asker.
    package func newSchema() throws -> String {
        let name = "s\(UUID().uuidString.filter { $0 != "-" }.lowercased())"
        try say("CREATE SCHEMA \(name)")
        return "\(url)&schema=\(name)"
    }

    private func write(_ text: String, to name: String) throws {
        let file = folder.appending(path: name).path
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        if geteuid() == 0 {
            try FileManager.default.setAttributes([.ownerAccountName: Self.user], ofItemAtPath: file)
        }
    }

    /// The server that `WEIR_POSTGRES` names by its folder of programs, else the newest that is installed.
    private static func programs() throws -> URL {
        let variables = ProcessInfo.processInfo.environment  // never: environment because it chooses a server for tests
        if let named = variables["WEIR_POSTGRES"], !named.isEmpty { return URL(filePath: named) }
        return try folder(of: ["initdb", "postgres"])
    }

    /// Where these programs are, the newest: Debian keeps them side by side, and outside of every PATH.
    private static func folder(of names: [String]) throws -> URL {
        let root = URL(filePath: "/usr/lib/postgresql")
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).compactMap { Int($0) }
        let found = versions.sorted(by: >).map { root.appending(path: "\($0)/bin") }
        let others = [
            URL(filePath: "/usr/local/pgsql/bin"), URL(filePath: "/usr/local/bin"), URL(filePath: "/usr/bin"),
        ]
        let programs = (found + others).first { folder in
            names.allSatisfy {
                FileManager.default.isExecutableFile(atPath: folder.appending(path: $0).path)
            }
        }
        guard let programs else {
            throw MissingProgram(description: "No PostgreSQL server is installed: apt install postgresql-15")
        }
        return programs
    }

    private static let rules = """
        local all all trust
        host all secured 127.0.0.1/32 scram-sha-256
        host all all 127.0.0.1/32 trust
        """

    /// Nothing has to survive a crash of the machine.
    private static let settings = [
        "listen_addresses='127.0.0.1'", "fsync=off", "full_page_writes=off", "synchronous_commit=off",
        "shared_buffers='16MB'", "max_connections=200", "autovacuum=off", "wal_level=minimal", "max_wal_senders=0",
        "deadlock_timeout='50ms'", "log_min_messages=panic",
    ]
}
