import Synchronization

/// How the loops wake the writer: a system call only when he sleeps, or has a full batch waiting.
///
/// No line is forgotten: the writer says that he sleeps, then looks into each lane once more. A loop that added its line
/// after that look took the lane's lock after him, and so sees that he sleeps.
final class WriterSignal: Sendable {
    let pipe: WakePipe
    private let isAsleep = Atomic(false)

    init() throws(AccessLogFault) { pipe = try WakePipe() }

    func wakeIfAsleep() {
        guard isAsleep.load(ordering: .acquiring) else { return }
        guard isAsleep.exchange(false, ordering: .acquiringAndReleasing) else { return }
        pipe.post()
    }

    func wake() {
        isAsleep.store(false, ordering: .releasing)
        pipe.post()
    }

    /// The writer's own: he is about to sleep, or is awake.
    func note(isAsleep: Bool) { self.isAsleep.store(isAsleep, ordering: .sequentiallyConsistent) }
}
