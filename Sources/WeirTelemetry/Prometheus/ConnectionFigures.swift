/// The connections of one loop, as its listener and its pools count them.
package struct ConnectionFigures: Sendable, Equatable {
    /// Upstream connections by what they do now.
    package var upstreamIdle: Int
    package var upstreamBusy: Int
    package var upstreamConnecting: Int
    /// Upstream connections that were opened, and tries that failed, since the start.
    package var upstreamConnects: UInt64
    package var upstreamConnectFailures: UInt64
    /// Clients that are connected now.
    package var clients: Int

    package init(
        upstreamIdle: Int = 0, upstreamBusy: Int = 0, upstreamConnecting: Int = 0, upstreamConnects: UInt64 = 0,
        upstreamConnectFailures: UInt64 = 0, clients: Int = 0
    ) {
        self.upstreamIdle = upstreamIdle
        self.upstreamBusy = upstreamBusy
        self.upstreamConnecting = upstreamConnecting
        self.upstreamConnects = upstreamConnects
        self.upstreamConnectFailures = upstreamConnectFailures
        self.clients = clients
    }

    mutating func add(_ other: ConnectionFigures) {
        upstreamIdle += other.upstreamIdle
        upstreamBusy += other.upstreamBusy
        upstreamConnecting += other.upstreamConnecting
        upstreamConnects &+= other.upstreamConnects
        upstreamConnectFailures &+= other.upstreamConnectFailures
        clients += other.clients
    }
}
