/// Which rows of an index make up a page, counted from the end that is nearer.
struct PageSpan: Hashable {
    /// How many rows come before it, from the front.
    let first: Int
    let limit: Int
    let offset: Int
    /// The rows are counted from the last one backwards.
    let isFromEnd: Bool

    /// Page `number`, counted from 1, of `total` rows; nil when there is nothing on it.
    init?(page number: Int, size: Int, total: Int) {
        let (first, isTooFar) = max(0, number - 1).multipliedReportingOverflow(by: max(0, size))
        guard !isTooFar, size > 0, first < total else { return nil }
        self.first = first
        limit = min(size, total - first)
        isFromEnd = first > total / 2
        offset = isFromEnd ? total - first - limit : first
    }
}
