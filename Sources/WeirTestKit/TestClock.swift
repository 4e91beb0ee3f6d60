import Synchronization
package import WeirCore

/// A clock that stands still until a test moves it.
package final class TestClock: Sendable {
    private let monotonic: Atomic<UInt64>
    private let wall: Atomic<UInt64>

    /// Both clocks start away from zero, because a reading of zero means "never" in several places.
    package init(monotonic: UInt64 = 1_000_000_000, wall: UInt64 = 1_700_000_000_000_000_000) {
        self.monotonic = Atomic(monotonic)
        self.wall = Atomic(wall)
    }

    /// The clock as the house takes it.
    package var source: TimeSource {
        TimeSource(
            monotonic: { self.monotonic.load(ordering: .relaxed) },
            wall: { self.wall.load(ordering: .relaxed) }
        )
    }

    /// Nanoseconds of the monotonic clock.
    package var now: UInt64 { monotonic.load(ordering: .relaxed) }

    package func advance(nanoseconds: UInt64) {
        monotonic.wrappingAdd(nanoseconds, ordering: .relaxed)
        wall.wrappingAdd(nanoseconds, ordering: .relaxed)
    }

    package func advance(milliseconds: UInt64) { advance(nanoseconds: milliseconds * 1_000_000) }
}
