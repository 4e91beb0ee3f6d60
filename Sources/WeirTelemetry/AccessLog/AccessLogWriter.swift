import Glibc
import Synchronization
package import WeirCore

/// One thread that takes the lines of all loops and writes them to a descriptor.
///
/// It sleeps without a timer while there is nothing to write; the first line wakes it, then it waits 10 ms for more, or
/// until 64 KiB of one loop are there. A slow sink fills the lanes (4 MiB each), then lines are dropped and counted.
package final class AccessLogWriter: Sendable {
    private static let batchBytes = 65_536
    private static let batchMilliseconds: Int32 = 10
    /// A spare buffer that a burst has made larger than this is given back once it is mostly empty.
    private static let spareBytes = 1_048_576

    private struct Lanes {
        var all: [AccessLogLane] = []
        var isStarted = false
    }

    private let descriptor: Int32
    private let time: TimeSource
    private let laneCapacity: Int
    private let signal: WriterSignal
    private let finished: WakePipe
    private let lanes = Mutex(Lanes())
    private let lost = Atomic<UInt64>(0)
    private let lastError = Atomic<Int32>(0)
    /// In nanoseconds of the monotonic clock; 0 while the writer shall go on.
    private let deadline = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - descriptor: where to write; stays the caller's, and must stay open until `stop` has returned.
    ///   - laneCapacity: bytes of one loop that may wait.
    package init(descriptor: Int32, time: TimeSource, laneCapacity: Int = 4_194_304) throws(AccessLogFault) {
        self.descriptor = descriptor
        self.time = time
        self.laneCapacity = laneCapacity
        signal = try WriterSignal()
        finished = try WakePipe()
    }

    /// The buffer of one more loop. May be called from any thread; the buffer belongs to that loop from then on.
    package func makeBuffer() -> sending AccessLogBuffer {
        let lane = AccessLogLane(capacity: laneCapacity, batch: min(Self.batchBytes, laneCapacity))
        lanes.withLock { $0.all.append(lane) }
        return AccessLogBuffer(lane: lane, signal: signal)
    }

    /// Lines that were not written, since the start.
    package var linesDropped: UInt64 {
        currentLanes().reduce(lost.load(ordering: .relaxed)) { $0 &+ $1.dropped }
    }

    /// Why the sink took nothing the last time, as in errno(3); 0 while it takes lines.
    package var sinkError: Int32 { lastError.load(ordering: .relaxed) }

    /// Starts the thread; does nothing when it runs already.
    package func start() throws(AccessLogFault) {
        let mayStart = lanes.withLock { lanes in
            defer { lanes.isStarted = true }
            return !lanes.isStarted
        }
        guard mayStart else { return }
        var thread = pthread_t()
        let retained = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                let writer = Unmanaged<AccessLogWriter>.fromOpaque(pointer).takeRetainedValue()
                writer.run()
                writer.finished.post()
                return nil
            }, retained.toOpaque())
        guard code == 0 else {
            retained.release()
            lanes.withLock { $0.isStarted = false }
            throw AccessLogFault("no thread could be started for the access log's writer", errorNumber: code)
        }
        pthread_detach(thread)
    }

    /// Writes what waits and ends the thread. Blocks the calling thread for at most `patience`, so it must not be called on
    /// a loop; the loops should have stopped before. False when the sink did not take everything in time: the rest is
    /// counted as dropped.
    package func stop(patience: Duration = .seconds(2)) -> Bool {
        guard lanes.withLock({ $0.isStarted }) else { return true }
        let (seconds, attoseconds) = patience.components
        let nanoseconds = UInt64(max(seconds, 0)) * 1_000_000_000 + UInt64(max(attoseconds, 0)) / 1_000_000_000
        let before = linesDropped
        let end = time.monotonic() &+ max(nanoseconds, 1)
        deadline.store(end, ordering: .sequentiallyConsistent)
        signal.wake()
        // A little longer than the writer itself waits, so that he can say what he could not write.
        let limit = Int32(clamping: nanoseconds / 1_000_000 &+ 100)
        guard finished.wait(milliseconds: limit) else { return false }
        finished.post()
        return linesDropped == before
    }

    private func currentLanes() -> [AccessLogLane] { lanes.withLock { $0.all } }

    private func run() {
        // Signals are for the threads that expect them; a closed pipe is an error here, not the end of the process.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var sink = LineSink(descriptor)
        var spare: [UInt8] = []
        while true {
            sleepUntilNeeded()
            let isLast = isStopping
            for lane in currentLanes() {
                lane.swap(&spare)
                write(spare, to: &sink)
                let isOversized = spare.capacity > Self.spareBytes && spare.count < Self.batchBytes
                spare.removeAll(keepingCapacity: !isOversized)
            }
            if isLast { return }
        }
    }

    private var isStopping: Bool { deadline.load(ordering: .sequentiallyConsistent) != 0 }

    private func sleepUntilNeeded() {
        while true {
            // Said again before each look: a loop whose line was taken a moment ago may have woken the writer for nothing,
            // and with that have taken it for awake.
            signal.note(isAsleep: true)
            if isStopping || !currentLanes().allSatisfy(\.isEmpty) { break }
            signal.pipe.wait(milliseconds: -1)
        }
        signal.note(isAsleep: false)
        if !isStopping { signal.pipe.wait(milliseconds: Self.batchMilliseconds) }
    }

    private func write(_ bytes: [UInt8], to sink: inout LineSink) {
        guard !bytes.isEmpty else { return }
        let result = sink.write(bytes, wake: signal.pipe) { patienceMilliseconds }
        lost.wrappingAdd(result.lost, ordering: .relaxed)
        lastError.store(result.errorNumber, ordering: .relaxed)
    }

    /// How long a slow sink may still be waited for; -1 is without limit.
    private var patienceMilliseconds: Int32 {
        let end = deadline.load(ordering: .sequentiallyConsistent)
        guard end != 0 else { return -1 }
        let now = time.monotonic()
        return now < end ? Int32(clamping: (end - now) / 1_000_000 + 1) : 0
    }
}
