/// What one loop, or several together, had counted at one moment.
package struct MetersSnapshot: Sendable {
    private(set) var series: [SeriesDirectory.Series]
    private(set) var tallies: [Tally]
    private(set) var inFlight: Int
    private(set) var overhead: LatencyHistogram
    private(set) var lag: LatencyHistogram
    private(set) var connections: ConnectionFigures

    /// Nothing counted: where a sum begins.
    package init() {
        self.init(
            series: [], tallies: [], inFlight: 0, overhead: LatencyHistogram(), lag: LatencyHistogram(),
            connections: ConnectionFigures())
    }

    init(
        series: [SeriesDirectory.Series], tallies: [Tally], inFlight: Int, overhead: LatencyHistogram,
        lag: LatencyHistogram, connections: ConnectionFigures
    ) {
        self.series = series
        self.tallies = tallies
        self.inFlight = inFlight
        self.overhead = overhead
        self.lag = lag
        self.connections = connections
    }

    /// The sum of both. They must come from meters with the same directory.
    package func merging(_ other: MetersSnapshot) -> MetersSnapshot {
        var sum = self
        var places = Dictionary(uniqueKeysWithValues: zip(series.map(\.id), series.indices))
        for (found, tally) in zip(other.series, other.tallies) {
            if let place = places[found.id] {
                sum.tallies[place].add(tally)
            } else {
                places[found.id] = sum.series.count
                sum.series.append(found)
                sum.tallies.append(tally)
            }
        }
        sum.inFlight += other.inFlight
        sum.overhead.add(other.overhead)
        sum.lag.add(other.lag)
        sum.connections.add(other.connections)
        return sum
    }
}
