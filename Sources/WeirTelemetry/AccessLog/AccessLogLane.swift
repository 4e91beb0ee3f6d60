import Synchronization

/// The place where the lines of one loop wait for the writer.
///
/// Its lock is held by the loop for one copy of a line, and by the writer for one swap of buffers: neither waits for a
/// system call of the other.
final class AccessLogLane: Sendable {
    /// What became of a line, and what the writer should be told.
    enum Outcome: Sendable { case kept, keptAndMany, dropped }

    private struct State {
        var bytes: [UInt8] = []
        var dropped: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let batch: Int

    /// - Parameters:
    ///   - capacity: bytes that may wait; a line beyond them is dropped.
    ///   - batch: bytes at which waiting for more is not worth while.
    init(capacity: Int, batch: Int) {
        self.capacity = capacity
        self.batch = batch
    }

    func append(_ line: UnsafeBufferPointer<UInt8>) -> Outcome {
        state.withLock { state in
            let before = state.bytes.count
            let after = before + line.count
            guard after <= capacity else {
                state.dropped &+= 1
                return .dropped
            }
            state.bytes.append(contentsOf: line)
            return before < batch && after >= batch ? .keptAndMany : .kept
        }
    }

    var isEmpty: Bool { state.withLock { $0.bytes.isEmpty } }

    /// Lines that found no room so far.
    var dropped: UInt64 { state.withLock { $0.dropped } }

    /// Gives `buffer`, which must be empty, for the lines that wait.
    func swap(_ buffer: inout [UInt8]) {
        state.withLock { state in Swift.swap(&state.bytes, &buffer) }
    }
}
