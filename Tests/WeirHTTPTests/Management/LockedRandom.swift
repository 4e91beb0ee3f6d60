import Synchronization
import WeirTestKit

/// Chance that many may ask, the same in every run.
final class LockedRandom: Sendable {
    private let random = Mutex(SeededRandom(seed: 5))

    func next() -> UInt64 { random.withLock { $0.next() } }
}
