import Foundation
import Logging
import Synchronization
import WeirCoordination
import WeirCore
import WeirDrivers

/// A Redis of its own for one test, on a free port of the loopback, with a folder of its own.
final class RedisServer {
    struct Missing: Error, CustomStringConvertible {
        let program: String
        var description: String {
            "\(program) is not in PATH: install the package redis-server (with redis-tools and redis-sentinel)."
        }
    }

    struct NotUp: Error { let arguments: [String] }

    let port: Int
    let folder: URL
    private let program: String
    private let arguments: [String]
    private var process: Process?
    private var isPaused = false

    /// Starts the server, and waits until it answers.
    init(
        _ arguments: [String] = [], program: String = "redis-server", port: Int? = nil, waits: Bool = true
    ) async throws {
        self.program = program
        self.port = try port ?? Self.freePort()
        folder = FileManager.default.temporaryDirectory.appending(path: "weir-redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if program == "redis-sentinel" {
            let file = folder.appending(path: "sentinel.conf")
            let lines = ["port \(self.port)", "bind 127.0.0.1", "dir \(folder.path)"] + arguments
            try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
            self.arguments = [file.path]
        } else {
            self.arguments =
                [
                    "--port", "\(self.port)", "--bind", "127.0.0.1", "--dir", folder.path, "--save", "", "--appendonly",
                    "no", "--loglevel", "warning",
                ] + arguments
        }
        try await start(waits: waits)
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    func start(waits: Bool = true, with more: [String] = []) async throws {
        let process = Process()
        process.executableURL = URL(filePath: try Self.path(program))
        process.arguments = arguments + more
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        isPaused = false
        guard waits else { return }
        let isUp = await soon(5) { Self.accepts(self.port) }
        guard isUp else { throw NotUp(arguments: arguments) }
    }

    func kill() {
        guard let process else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    func pause() { if let process { Foundation.kill(process.processIdentifier, SIGSTOP) } }

    func goOn() { if let process { Foundation.kill(process.processIdentifier, SIGCONT) } }

    /// What `redis-cli` answers to this command.
    @discardableResult
    func say(_ command: String..., options: [String] = []) throws -> String { try run(options + command) }

    func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: try Self.path("redis-cli"))
        process.arguments = ["-p", "\(port)"] + arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    var address: RedisAddress { .host("127.0.0.1", port: port) }

    private static func path(_ program: String) throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        guard let folder = folders.first(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") })
        else { throw Missing(program: program) }
        return "\(folder)/\(program)"
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// A port of which also the one 10,000 above exists, for a cluster's own talk.
    static func freePort() throws -> Int {
        while true {
            let port = Int.random(in: 11_500...19_900)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = loopback(port)
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if bound == 0 { return port }
        }
    }

    private static func accepts(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// Looks every 5 ms whether this is so, for so many seconds at most.
func soon(_ seconds: Double, _ isSo: () async throws -> Bool) async rethrows -> Bool {
    let end = realTime.monotonic() + UInt64(seconds * 1e9)
    while realTime.monotonic() < end {
        if try await isSo() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return false
}

let realTime = TimeSource(
    monotonic: { DispatchTime.now().uptimeNanoseconds },
    wall: { UInt64(Date().timeIntervalSince1970 * 1e9) }
)

/// The state of one replica, on its own thread, closed behind the test.
func withRedis<Result>(
    _ settings: RedisSettings, patience: Timeout = .seconds(5), waits: Bool = true,
    logger: Logger = Logger(label: "redis") { _ in SwiftLogNoOpLogHandler() },
    _ test: (RedisSharedState) async throws -> Result
) async throws -> Result {
    var settings = settings
    // Most tests are about answers, not about time: a busy machine must not fail them.
    settings.answerTimeout = patience
    let state = try RedisSharedState(settings, time: realTime, logger: logger)
    do {
        if waits { _ = await soon(5) { state.isAvailable } }
        let result = try await test(state)
        await state.close()
        return result
    } catch {
        await state.close()
        throw error
    }
}

extension SharedState {
    func answers(_ questions: SharedQuestion...) async -> [SharedAnswer]? {
        await withCheckedContinuation { done in ask(questions) { done.resume(returning: $0) } }
    }

    /// Granted, remaining, bucket, and when the oldest bucket frees.
    func lease(
        _ id: String, _ limit: Int, amount: Int, atLeast: Int = 1, window: Int = 60_000
    ) async -> (granted: Int, remaining: Int, bucket: Int64, frees: Int)? {
        let question = SharedQuestion.lease(
            id: id, limit: limit, windowMilliseconds: window, amount: amount, atLeast: atLeast)
        guard case .lease(let granted, let bucket, let remaining, let frees) = await answers(question)?.first
        else { return nil }
        return (granted, remaining, bucket, frees)
    }

    func slots(_ id: String, _ limit: Int, _ replica: String, held: Int, wanted: Int) async -> Int? {
        let question = SharedQuestion.slots(id: id, limit: limit, replica: replica, held: held, wanted: wanted)
        guard case .slots(let granted) = await answers(question)?.first else { return nil }
        return granted
    }

    func beat(_ replica: String, _ report: [UInt8] = []) async -> [SharedReplica]? {
        guard case .replicas(let living) = await answers(.heartbeat(replica: replica, report: report))?.first
        else { return nil }
        return living.sorted { $0.name < $1.name }
    }
}
