/// The upper bounds of a histogram's buckets: 17 finite ones, in nanoseconds, and the endless last.
enum BucketScale {
    /// LiteLLM's `LATENCY_BUCKETS`, 5 ms to 10 min, so that its dashboards find the same `le` values.
    case request
    /// 10 µs to 30 s, for what the gateway itself adds: LiteLLM's first bucket would swallow all of it.
    case fine

    /// Finite buckets and the endless one.
    static let count = 18

    /// The index of the bucket that a duration falls into; a duration equal to a bound is within it.
    func bucket(of nanoseconds: UInt64) -> Int {
        switch self {
        case .request: Self.requestBucket(of: nanoseconds)
        case .fine: Self.fineBucket(of: nanoseconds)
        }
    }

    /// The finite bounds as the text format writes them.
    var labels: [String] {
        switch self {
        case .request:
            [
                "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.0", "5.0", "10.0", "30.0", "60.0",
                "120.0", "300.0", "420.0", "600.0",
            ]
        case .fine:
            [
                "1e-05", "2.5e-05", "5e-05", "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
                "0.05", "0.1", "0.25", "1.0", "5.0", "30.0",
            ]
        }
    }

    // Comparisons with constants instead of a table: no memory is touched, and a request costs one such chain for each
    // of its durations.
    private static func requestBucket(of nanoseconds: UInt64) -> Int {
        switch nanoseconds {
        case ...5_000_000: 0
        case ...10_000_000: 1
        case ...25_000_000: 2
        case ...50_000_000: 3
        case ...100_000_000: 4
        case ...250_000_000: 5
        case ...500_000_000: 6
        case ...1_000_000_000: 7
        case ...2_000_000_000: 8
        case ...5_000_000_000: 9
        case ...10_000_000_000: 10
        case ...30_000_000_000: 11
        case ...60_000_000_000: 12
        case ...120_000_000_000: 13
        case ...300_000_000_000: 14
        case ...420_000_000_000: 15
        case ...600_000_000_000: 16
        default: 17
        }
    }

    private static func fineBucket(of nanoseconds: UInt64) -> Int {
        switch nanoseconds {
        case ...10_000: 0
        case ...25_000: 1
        case ...50_000: 2
        case ...100_000: 3
        case ...250_000: 4
        case ...500_000: 5
        case ...1_000_000: 6
        case ...2_500_000: 7
        case ...5_000_000: 8
        case ...10_000_000: 9
        case ...25_000_000: 10
        case ...50_000_000: 11
        case ...100_000_000: 12
        case ...250_000_000: 13
        case ...1_000_000_000: 14
        case ...5_000_000_000: 15
        case ...30_000_000_000: 16
        default: 17
        }
    }
}
