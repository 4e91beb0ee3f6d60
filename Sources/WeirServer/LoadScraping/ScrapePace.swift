/// When a server's load is asked for again. Nanoseconds.
struct ScrapePace {
    enum Outcome: Equatable {
        case told
        /// It did not answer, or with a failure of its own.
        case silent
        /// It has no such page, does not let us see it, or one that says nothing.
        case nothingToTell
    }

    /// The longest pause after silence: what begins to answer again is soon known again.
    static let longestSilence: UInt64 = 15_000_000_000
    /// The first and the longest pause when there is no such page: it takes a restart of the server to have one.
    static let shortestNothing: UInt64 = 30_000_000_000
    static let longestNothing: UInt64 = 600_000_000_000

    /// In a row, of the same kind.
    private(set) var failures = 0
    private var last = Outcome.told

    /// The pause after `outcome`, where answers are wanted every `interval`.
    mutating func pause(after outcome: Outcome, interval: UInt64, random: UInt64) -> UInt64 {
        failures = outcome == .told ? 0 : outcome == last ? failures + 1 : 1
        last = outcome
        let doubled = UInt64(1) << UInt64(min(max(failures - 1, 0), 16))
        let pause: UInt64 =
            switch outcome {
            case .told: interval
            case .silent: max(min(interval &* doubled, Self.longestSilence), interval)
            case .nothingToTell: max(min(Self.shortestNothing * doubled, Self.longestNothing), interval)
            }
        return Jitter.spread(pause, random)
    }
}
