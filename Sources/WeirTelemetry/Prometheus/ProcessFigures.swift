import Glibc

/// What the kernel says of this process (Linux, proc(5)).
package struct ProcessFigures: Sendable, Equatable {
    package var residentBytes: UInt64
    package var virtualBytes: UInt64
    /// User and system time, in nanoseconds.
    package var cpuTime: UInt64
    /// Wall clock in nanoseconds.
    package var startedAt: UInt64
    package var threads: Int
    package var openFiles: Int
    /// The soft limit on open files; nil when there is none.
    package var openFilesLimit: UInt64?

    package init(
        residentBytes: UInt64, virtualBytes: UInt64, cpuTime: UInt64, startedAt: UInt64, threads: Int, openFiles: Int,
        openFilesLimit: UInt64?
    ) {
        self.residentBytes = residentBytes
        self.virtualBytes = virtualBytes
        self.cpuTime = cpuTime
        self.startedAt = startedAt
        self.threads = threads
        self.openFiles = openFiles
        self.openFilesLimit = openFilesLimit
    }

    /// Asks the kernel. Reads three small files and one directory: not for an event loop. Nil where /proc is not Linux's.
    package static func read() -> ProcessFigures? {
        guard let stat = text(of: "/proc/self/stat"), let kernel = text(of: "/proc/stat") else { return nil }
        var limit = rlimit()
        let isLimited =
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 && limit.rlim_cur != rlim_t.max
        return ProcessFigures(
            stat: stat, kernelStat: kernel, ticksPerSecond: UInt64(max(sysconf(Int32(_SC_CLK_TCK)), 1)),
            pageBytes: UInt64(max(sysconf(Int32(_SC_PAGESIZE)), 1)), openFiles: openFileCount(),
            openFilesLimit: isLimited ? UInt64(limit.rlim_cur) : nil)
    }

    /// From the texts of `/proc/self/stat` and `/proc/stat`; nil when they are not in their form.
    init?(
        stat: String, kernelStat: String, ticksPerSecond: UInt64, pageBytes: UInt64, openFiles: Int,
        openFilesLimit: UInt64?
    ) {
        // The second field is the command's name in brackets, and may hold blanks and brackets itself.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        let boot = kernelStat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard fields.count > 21, let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let threads = Int(fields[17]), let start = UInt64(fields[19]), let virtual = UInt64(fields[20]),
            let pages = UInt64(fields[21]), let boot, let bootSecond = UInt64(boot.dropFirst(6))
        else { return nil }
        let tick = 1_000_000_000 / ticksPerSecond
        self.init(
            residentBytes: pages &* pageBytes, virtualBytes: virtual, cpuTime: (user &+ system) &* tick,
            startedAt: bootSecond &* 1_000_000_000 &+ start &* tick, threads: threads, openFiles: openFiles,
            openFilesLimit: openFilesLimit)
    }

    private static func text(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { _ = close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(file, &piece, piece.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes.append(contentsOf: piece[..<count])
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static func openFileCount() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { _ = closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without `.`, `..` and the folder itself.
        return max(count - 3, 0)
    }
}
