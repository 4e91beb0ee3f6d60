/// Durations counted by bucket. The scale is the metric's, not the value's: record and render with the same one.
struct LatencyHistogram: Sendable {
    /// How many fell into each bucket (not cumulated).
    private(set) var buckets = InlineArray<18, UInt64>(repeating: 0)
    /// All durations together, in nanoseconds.
    private(set) var sum: UInt64 = 0

    mutating func record(_ nanoseconds: UInt64, on scale: BucketScale) {
        buckets[scale.bucket(of: nanoseconds)] &+= 1
        sum &+= nanoseconds
    }

    mutating func add(_ other: LatencyHistogram) {
        for bucket in buckets.indices { buckets[bucket] &+= other.buckets[bucket] }
        sum &+= other.sum
    }

    /// How many durations were recorded.
    var count: UInt64 {
        var count: UInt64 = 0
        for bucket in buckets.indices { count &+= buckets[bucket] }
        return count
    }
}
