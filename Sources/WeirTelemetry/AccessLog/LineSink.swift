import Glibc

/// Writes whole lines to a file, pipe, socket or terminal without ever being stuck in it: before each piece it waits, where
/// it can be woken, until there is room.
struct LineSink {
    /// How a batch went.
    struct Result: Equatable {
        /// Lines that were not written, or not to their end.
        var lost: UInt64 = 0
        /// The descriptor takes nothing more (EPIPE, ENOSPC, …): as in errno(3), 0 when all went well.
        var errorNumber: Int32 = 0
    }

    /// What fits into a pipe at once where poll(2) says that there is room (`PIPE_BUF`), and is not torn there.
    private static let pieceBytes = 4_096

    private let descriptor: Int32
    private let isFile: Bool
    /// The last byte that was written was in a line: the next line begins after a line feed.
    private var isInLine = false

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var status = stat()
        isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// - Parameters:
    ///   - wake: ends a sleep early.
    ///   - patience: milliseconds that may still be waited for room; -1 is without limit, 0 gives up. Asked before each
    ///     sleep.
    mutating func write(_ bytes: [UInt8], wake: WakePipe, patience: () -> Int32) -> Result {
        guard !bytes.isEmpty else { return Result() }
        if isInLine {
            var end = [UInt8(ascii: "\n")]
            let result = put(&end, wake: wake, patience: patience)
            guard result.errorNumber == 0, !isInLine else {
                return Result(lost: Self.lines(in: bytes[...]), errorNumber: result.errorNumber)
            }
        }
        var bytes = bytes
        return put(&bytes, wake: wake, patience: patience)
    }

    private mutating func put(_ bytes: inout [UInt8], wake: WakePipe, patience: () -> Int32) -> Result {
        var at = 0
        while at < bytes.count {
            if !isFile && !waitForRoom(wake, patience) { return Result(lost: Self.lines(in: bytes[at...])) }
            let end = pieceEnd(bytes, from: at)
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + at }, end - at) }
            if written > 0 {
                at += written
                isInLine = bytes[at - 1] != UInt8(ascii: "\n")
            } else if written == 0 || (errno != EINTR && errno != EAGAIN) {
                return Result(lost: Self.lines(in: bytes[at...]), errorNumber: written == 0 ? EIO : errno)
            } else if errno == EAGAIN && !waitForRoom(wake, patience) {
                return Result(lost: Self.lines(in: bytes[at...]))
            }
        }
        return Result()
    }

    /// The end of the longest run of whole lines within a piece; in a longer line, of the piece.
    private func pieceEnd(_ bytes: [UInt8], from start: Int) -> Int {
        guard !isFile, bytes.count - start > Self.pieceBytes else { return bytes.count }
        let end = start + Self.pieceBytes
        let line = bytes[start..<end].lastIndex(of: UInt8(ascii: "\n"))
        return line.map { $0 + 1 } ?? end
    }

    /// False when patience is over.
    private func waitForRoom(_ wake: WakePipe, _ patience: () -> Int32) -> Bool {
        while true {
            var entries = [
                pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0),
            ]
            let limit = patience()
            let count = poll(&entries, 2, limit)
            // Errors and hang-ups count as room: write(2) says what they are.
            if count > 0 && entries[0].revents != 0 { return true }
            if count > 0 && entries[1].revents != 0 { wake.drain() }
            if count == 0 && limit >= 0 { return false }
        }
    }

    static func lines(in bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(into: 0) { count, byte in if byte == UInt8(ascii: "\n") { count &+= 1 } }
    }
}
