/// Counts of times by their size, for percentiles that are right within 1.6 %: 32 steps for each doubling.
struct LatencyTally: Sendable, Equatable {
    private static let steps = 5
    private var counts: [Int] = []
    private(set) var count = 0
    private(set) var longest: UInt64 = 0

    /// `time` in nanoseconds.
    mutating func add(_ time: UInt64) {
        let index = Self.index(of: time)
        while counts.count <= index { counts.append(contentsOf: repeatElement(0, count: 64)) }
        counts[index] += 1
        count += 1
        longest = max(longest, time)
    }

    /// The time that `share` (0 to 1) of all stay below, in nanoseconds; 0 when there is none.
    func percentile(_ share: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let wanted = max(1, Int((Double(count) * share).rounded(.up)))
        var sum = 0
        for (index, number) in counts.enumerated() {
            sum += number
            if sum >= wanted { return min(Self.middle(of: index), longest) }
        }
        return longest
    }

    private static func index(of time: UInt64) -> Int {
        guard time >= 1 << UInt64(steps) else { return Int(time) }
        let exponent = 63 - time.leadingZeroBitCount - steps
        return (exponent + 1) << steps + Int(time >> UInt64(exponent)) & (1 << steps - 1)
    }

    private static func middle(of index: Int) -> UInt64 {
        guard index >= 1 << steps else { return UInt64(index) }
        let exponent = UInt64(index >> steps - 1)
        let lower = UInt64(1 << steps + index & (1 << steps - 1)) << exponent
        return lower + (1 << exponent) / 2
    }
}
