package import WeirCore

/// The access log as one event loop sees it: a request costs one line formatted into own memory and one copy of it.
/// Bound to that loop. Never waits for the sink; what finds no room is dropped and counted.
package final class AccessLogBuffer {
    private let lane: AccessLogLane
    private let signal: WriterSignal
    private let memory: UnsafeMutablePointer<UInt8>

    init(lane: AccessLogLane, signal: WriterSignal) {
        self.lane = lane
        self.signal = signal
        memory = .allocate(capacity: AccessLogLine.capacity)
    }

    deinit { memory.deallocate() }

    package func append(_ event: RequestEvent) {
        let count = AccessLogLine.write(event, into: memory)
        switch lane.append(UnsafeBufferPointer(start: memory, count: count)) {
        case .kept: signal.wakeIfAsleep()
        case .keptAndMany: signal.wake()
        case .dropped: break
        }
    }
}
