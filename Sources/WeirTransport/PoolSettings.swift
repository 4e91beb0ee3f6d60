package import WeirCore
package import WeirWire

/// The numbers of a connection pool; each is per loop.
package struct PoolSettings: Sendable {
    /// Idle connections kept for each address. More are closed.
    package var idlePerAddress = 256
    /// How long an idle connection is kept: below the 60 s after which common servers close it themselves.
    package var idleTimeout = Timeout.seconds(55)
    /// After this age a connection is not used again, so that a moved name is noticed.
    package var maximumAge = Timeout.seconds(600)
    /// Open connections to one address, in use or idle. Beyond it requests are refused.
    package var connectionsPerAddress = 16_384
    package var limits = HTTPLimits()

    package init() {}
}

/// How many connections a pool has now and has opened so far.
package struct PoolCounts: Sendable {
    package var idle = 0
    package var busy = 0
    package var connecting = 0
    package var opened = 0
    package var failed = 0

    package init() {}
}
