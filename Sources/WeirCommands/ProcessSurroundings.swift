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

    /// Gives back the pages of the program itself that only its start has used; those that serve come back with their first
    /// use, from the file or from the page cache. A third of what the process holds when it is idle.
    ///
    /// Only code, which is the same in memory as in the file. Data that cannot be written is not: the loader has put
    /// addresses into it before it was closed.
    static func forgetStart() {
        guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8),
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        for line in maps.split(separator: "\n") where line.hasSuffix(program) {
            let fields = line.split(separator: " ", maxSplits: 2)
            let ends = fields.first.map { $0.split(separator: "-").compactMap { UInt($0, radix: 16) } } ?? []
            guard fields.count > 1, fields[1] == "r-xp", ends.count == 2,
                let start = UnsafeMutableRawPointer(bitPattern: ends[0])
            else { continue }
            madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
        }
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
