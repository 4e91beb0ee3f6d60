import ArgumentParser
import CMalloc
import Foundation
import Glibc
import WeirCore

/// What a process gets from the system it runs on.
enum ProcessSurroundings {
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Processors that this process may use.
    static var cores: Int { max(ProcessInfo.processInfo.activeProcessorCount, 1) }

    /// The descriptor for a sink of lines: `-` is standard output, `off` none, anything else a file to append to.
    static func open(_ name: String) throws -> Int32? {
        switch name {
        case "-": return STDOUT_FILENO
        case "off": return nil
        default:
            let descriptor = Glibc.open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                throw ValidationError("cannot write to \(name): \(String(cString: strerror(errno)))")
            }
            return descriptor
        }
    }

    /// Keeps the memory of a process with few threads small: glibc would give each thread an arena of its own.
    static func tuneMemory() {
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_TRIM_THRESHOLD, 1 << 20)
    }
}

extension TimeSource {
    /// The system's clocks.
    static let system = TimeSource(
        monotonic: { nanoseconds(of: CLOCK_MONOTONIC) }, wall: { nanoseconds(of: CLOCK_REALTIME) })

    private static func nanoseconds(of clock: clockid_t) -> UInt64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
    }
}

/// Lines for people.
enum StandardError {
    static func print(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
