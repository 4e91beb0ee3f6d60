import Foundation
import Synchronization

/// A server that a test started. It ends with this value, and also when the process of the tests is killed; its folder goes
/// with it then.
final class ServerProcess: Sendable {
    /// Number of the process, and the line that keeps it alive.
    private let life: Mutex<(process: pid_t, lifeline: Int32)?>

    /// - Parameter user: who the server runs as when the tests run as root, which database servers refuse.
    /// - Parameter signal: what ends it at once.
    init(_ command: [String], user: String, folder: URL, signal: String) throws {
        // The one who reads hears the end of its input when nobody holds the other end any more, however that came about. It ends
        // the server, which takes the shell's place and so its number.
        let script = """
            exec 3<&0
            (
                read word <&3
                kill -\(signal) $$
                [ "$word" = keep ] && exit
                while kill -0 $$; do sleep 0.05; done
                rm -rf "$0"
            ) >/dev/null 2>&1 &
            exec "$@" 3<&- </dev/null >/dev/null 2>&1
            """
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Loopback.Failed(code: errno)
        }
        defer { close(ends[0]) }
        let process = try Self.spawn(
            ["/bin/sh", "-c", script, folder.path] + Self.command(command, as: user), input: ends[0])
        life = Mutex((process, ends[1]))
    }

    deinit { end("remove") }

    /// At once, without any farewell to its clients; what it keeps stays. May be called twice.
    func stop() { end("keep") }

    private func end(_ word: String) {
        let ending = life.withLock { life in
            defer { life = nil }
            return life
        }
        guard let ending else { return }
        let line = Array("\(word)\n".utf8)
        send(ending.lifeline, line, line.count, Int32(MSG_NOSIGNAL))
        close(ending.lifeline)
        waitpid(ending.process, nil, 0)
    }

    /// Foundation's `Process` takes a process for running as long as a child of it lives, and hands on blocked signals.
    private static func spawn(_ command: [String], input: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // Copies that live until the process has its own; the list ends with nil.
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var environment = [strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin"), nil]
        defer { for variable in environment { free(variable) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, command[0], &actions, &attributes, &arguments, &environment)
        guard code == 0 else { throw Loopback.Failed(code: code) }
        return process
    }

    /// What the command writes; throws when it fails.
    @discardableResult
    static func run(_ command: [String], user: String? = nil, folder: URL) throws -> String {
        let whole = user.map { Self.command(command, as: $0) } ?? command
        // A file and no pipe: a server that is started meanwhile would hold the pipe open, and its end never come.
        let output = FileManager.default.temporaryDirectory.appending(path: "weir-output-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let script = #"cd "$0" && out=$1 && shift && exec "$@" >"$out" 2>&1"#
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(nothing) }
        let process = try spawn(["/bin/sh", "-c", script, folder.path, output.path] + whole, input: nothing)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        guard status == 0 else { throw Failed(command: command, output: text) }
        return text
    }

    /// A folder that this user may write to; its path is short enough for a Unix socket in it.
    static func folder(for user: String, _ name: String) throws -> URL {
        let folder = URL(filePath: "/tmp/weir-\(name)-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        if geteuid() == 0 {
            try FileManager.default.setAttributes([.ownerAccountName: user], ofItemAtPath: folder.path)
        }
        return folder
    }

    static func freePort() throws -> Int {
        let listener = try Loopback.listener()
        defer { close(listener.descriptor) }
        return listener.port
    }

    private static func command(_ command: [String], as user: String) -> [String] {
        guard geteuid() == 0 else { return command }
        return ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--init-groups"] + command
    }

    struct Failed: Error, CustomStringConvertible {
        let command: [String]
        let output: String

        var description: String { "\(command.joined(separator: " ")) failed: \(output)" }
    }
}

/// A program that the tests need and that is not there.
struct MissingProgram: Error, CustomStringConvertible {
    let description: String
}
