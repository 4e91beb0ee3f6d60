/// Where the house reads time: handed in by the composition root, so that a test can hold it still.
package struct TimeSource: Sendable {
    /// Nanoseconds of a clock that never goes back, from an arbitrary start.
    package let monotonic: @Sendable () -> UInt64
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package let wall: @Sendable () -> UInt64

    package init(monotonic: @escaping @Sendable () -> UInt64, wall: @escaping @Sendable () -> UInt64) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// How long something may take at most. A `Duration` made cheap: the hot path compares and adds machine words.
package struct Timeout: Sendable, Hashable, Comparable {
    /// No limit.
    package static let none = Timeout(nanoseconds: 0)

    /// Zero means no limit.
    package let nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Durations below zero, and those above 292 years, are taken as no limit.
    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard duration > .zero, seconds < 9_000_000_000 else {
            self = .none
            return
        }
        nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }

    package static func seconds(_ seconds: Int) -> Timeout { Timeout(.seconds(seconds)) }

    package static func < (left: Timeout, right: Timeout) -> Bool {
        left.nanoseconds &- 1 < right.nanoseconds &- 1
    }

    /// Rounded up, as those are told who shall not come too early.
    package var wholeSeconds: UInt64 { (nanoseconds &+ 999_999_999) / 1_000_000_000 }

    package var duration: Duration { .nanoseconds(Int64(clamping: nanoseconds)) }
}
