import Foundation

/// A pgbouncer in transaction mode before a PostgreSQL: each transaction may get another connection of the server.
package final class PGBouncer: Sendable {
    package let port: Int
    private let process: ServerProcess

    /// One before the shared PostgreSQL, for all tests of this process.
    package static func shared() async throws -> PGBouncer { try await common.value }

    private static let common = Task { try await PGBouncer(before: PostgresServer.shared().port) }

    /// - Parameter connections: how many it keeps to the server for all of its clients.
    package init(before server: Int, connections: Int = 10) async throws {
        let places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"]
        guard let program = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw MissingProgram(description: "pgbouncer is not installed: apt install pgbouncer")
        }
        port = try ServerProcess.freePort()
        let folder = try ServerProcess.folder(for: "postgres", "pgb")
        let file = folder.appending(path: "pgbouncer.ini")
        try """
        [databases]
        postgres = host=127.0.0.1 port=\(server) dbname=postgres user=postgres
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = \(port)
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        max_client_conn = 200
        default_pool_size = \(connections)
        server_login_retry = 1
        """.write(to: file, atomically: true, encoding: .utf8)
        process = try ServerProcess([program, "-q", file.path], user: "postgres", folder: folder, signal: "KILL")
        for _ in 0..<2000 {
            if let descriptor = Loopback.connection(to: port) {
                close(descriptor)
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw MissingProgram(description: "pgbouncer did not start within 10 s.")
    }

    package var url: String { "postgresql://postgres@127.0.0.1:\(port)/postgres?sslmode=disable" }
}
