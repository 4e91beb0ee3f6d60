/// `simple-shuffle`: at random by weight. The weights are the first of `weight`, `rpm`, `tpm` that any of those to choose
/// from gives; one that gives none beside another that does gets nothing; when nobody gives any, all weigh the same.
package struct Shuffle: Sendable {
    /// Running sums of the weights of all members; empty when all weigh the same.
    private let sums: [Int]
    private let count: Int

    /// Sums stop at the largest number there is.
    package init(weights: [Int]) {
        count = weights.count
        var sum = 0
        let sums = weights.map { weight in
            let (more, overflow) = sum.addingReportingOverflow(max(weight, 0))
            sum = overflow ? Int.max : more
            return sum
        }
        self.sums = sum > 0 ? sums : []
    }

    /// A member by its place; `random` is uniform over all 64-bit numbers. There must be at least one.
    package func pick(_ random: UInt64) -> Int {
        guard let total = sums.last else { return Int(random.multipliedFullWidth(by: UInt64(count)).high) }
        let point = Int(random.multipliedFullWidth(by: UInt64(total)).high)
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if point < sums[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
