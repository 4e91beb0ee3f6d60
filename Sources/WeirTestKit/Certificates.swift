package import Foundation

/// Certificates made for one test by the `openssl` command: an authority, and one each for a server and a client.
package struct Certificates {
    package static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    package let folder: URL

    /// - Parameter server: the name that the server's certificate is for, besides `localhost` and 127.0.0.1.
    /// Throws when the command fails.
    package init(server: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "weir-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        let days = ["-days", "2"]
        try run(["req", "-x509"] + key + days + ["-subj", "/CN=Weir tests", "-keyout", "ca.key", "-out", "ca.pem"])
        for (name, names) in [
            ("server", "DNS:\(server),DNS:localhost,IP:127.0.0.1"), ("client", "DNS:client.test"),
        ] {
            try run(["req"] + key + ["-subj", "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).csr"])
            try "subjectAltName=\(names)\n".write(
                to: folder.appending(path: "\(name).ext"), atomically: true, encoding: .utf8)
            try run(
                ["x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"] + days
                    + ["-extfile", "\(name).ext", "-out", "\(name).pem"])
        }
    }

    package func path(_ name: String) -> String { folder.appending(path: name).path }

    package func remove() { try? FileManager.default.removeItem(at: folder) }

    private func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.openssl ?? "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(arguments: arguments) }
    }

    struct Failed: Error { let arguments: [String] }
}
