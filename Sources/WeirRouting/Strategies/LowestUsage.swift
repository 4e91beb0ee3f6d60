/// `usage-based-routing` and `-v2`: the fewest tokens of the last minute, among equals at random. The second counts what is
/// under way besides, so that requests that come together do not all go to the same one.
enum LowestUsage {
    @inline(__always)
    static func score(used: Int, underWay: Int) -> Double { Double(used + underWay) }
}
