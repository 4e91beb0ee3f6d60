/// The latest latencies of a deployment, in nanoseconds.
package struct LatencyWindow {
    private var values: [UInt64] = []
    private var sum: UInt64 = 0

    package init() {}

    /// Takes one in, at most 4.9 hours long; of more than `size` the oldest go.
    package mutating func add(_ value: UInt64, size: Int) {
        let value = min(value, 1 << 44)
        values.append(value)
        sum += value
        while values.count > max(size, 1) { sum -= values.removeFirst() }
    }

    /// Their mean; 0 when there is none.
    package var mean: UInt64 { values.isEmpty ? 0 : sum / UInt64(values.count) }
}
