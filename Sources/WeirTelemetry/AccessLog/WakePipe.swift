import Glibc

/// A pipe that one thread sleeps on and any thread may write to: a semaphore that `poll(2)` can wait for together with a
/// file.
final class WakePipe: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() throws(AccessLogFault) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw AccessLogFault("no pipe could be made for the access log's writer", errorNumber: errno)
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        _ = close(readEnd)
        _ = close(writeEnd)
    }

    /// Wakes the sleeper. When the pipe is full he is awake already.
    func post() {
        var byte: UInt8 = 0
        while Glibc.write(writeEnd, &byte, 1) < 0 && errno == EINTR {}
    }

    /// Sleeps until somebody posts; -1 is without limit. False when the time is over. May wake early.
    @discardableResult
    func wait(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return false }
        drain()
        return true
    }

    func drain() {
        var bytes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        while Glibc.read(readEnd, &bytes, 32) == 32 {}
    }
}
