import Synchronization
import WeirTestKit

/// Chance that is the same in every run.
final class Numbers: Sendable {
    private let random = Mutex(SeededRandom(seed: 7))

    func next() -> UInt64 { random.withLock { $0.next() } }
}
