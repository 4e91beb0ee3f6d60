import Synchronization

/// What the client writes on its loop and others read on their threads.
final class RedisBoard: Sendable {
    /// Nobody who asks would get an answer: he is told at once.
    let refuses = Atomic(false)
    /// Connections that replaced others to the same server.
    let losses = Atomic<UInt64>(0)
    private let refused = Atomic<UInt64>(0)
    private let status = Mutex(RedisStatus())

    func refuse() { refused.wrappingAdd(1, ordering: .relaxed) }

    func change(_ change: (inout RedisStatus) -> Void) { status.withLock { change(&$0) } }

    func reading() -> RedisStatus {
        var reading = status.withLock { $0 }
        reading.refused += refused.load(ordering: .relaxed)
        return reading
    }
}
