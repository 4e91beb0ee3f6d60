import Glibc

/// How long an upstream takes: a log-normal distribution, or one that passes through given percentiles (log-normal from
/// each to the next). Times are nanoseconds.
package struct LatencyShape: Sendable, Equatable {
    /// No sample is longer than an hour.
    static let longest = 3_600_000_000_000.0
    /// The normal deviate at the 99th percentile.
    private static let deviateOf99 = 2.326_347_874

    private struct Point: Equatable {
        let deviate: Double
        let logarithm: Double
    }

    /// Ascending by deviate; at least two.
    private let points: [Point]
    /// Added for each token of the answer.
    package var perToken: Double
    /// Until the first token, as a share of the whole time without `perToken`.
    package var firstShare: Double

    /// Half are faster than `median`, one in a hundred is slower than `p99`.
    package init(median: Double, p99: Double, perToken: Double = 0, firstShare: Double? = nil) {
        points = [
            Point(deviate: 0, logarithm: log(max(median, 1))),
            Point(deviate: Self.deviateOf99, logarithm: log(max(p99, median, 1))),
        ]
        self.perToken = perToken
        self.firstShare = firstShare ?? (perToken > 0 ? 1 : 0.25)
    }

    /// What is taken for a deployment of which nothing is said: 1 s, one in a hundred 4 s.
    package static let usual = LatencyShape(median: 1e9, p99: 4e9)

    /// `percentiles` are pairs of a percentage (0 to 100, both excluded) and a time, at least one of them, ascending in both.
    /// One alone gets the spread of `usual`. Nil when they are not so.
    package init?(percentiles: [(percent: Double, time: Double)], perToken: Double = 0, firstShare: Double? = nil) {
        guard !percentiles.isEmpty, percentiles.allSatisfy({ 0 < $0.percent && $0.percent < 100 && $0.time > 0 }) else {
            return nil
        }
        var points = percentiles.map { Point(deviate: Self.deviate(of: $0.percent / 100), logarithm: log($0.time)) }
        if points.count == 1 {
            let step = Point(deviate: points[0].deviate + Self.deviateOf99, logarithm: points[0].logarithm + log(4))
            points.append(step)
        }
        for (left, right) in zip(points, points.dropFirst())
        where left.deviate >= right.deviate || left.logarithm > right.logarithm {
            return nil
        }
        self.points = points
        self.perToken = perToken
        self.firstShare = firstShare ?? (perToken > 0 ? 1 : 0.25)
    }

    /// The time for a standard normal `deviate`, without what tokens add.
    func time(at deviate: Double) -> Double {
        var upper = 1
        while upper < points.count - 1, points[upper].deviate < deviate { upper += 1 }
        let (left, right) = (points[upper - 1], points[upper])
        let slope = (right.logarithm - left.logarithm) / (right.deviate - left.deviate)
        return min(exp(left.logarithm + (deviate - left.deviate) * slope), Self.longest)
    }

    /// The inverse of the normal distribution by halving: percentiles are few and read once.
    private static func deviate(of share: Double) -> Double {
        var (low, high) = (-9.0, 9.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
