/// What the connection to Redis has done since it was made, for metrics and for the one who asks why.
package struct RedisStatus: Sendable, Equatable {
    /// Round trips by their length: how many took at most so many microseconds; the last are all longer ones.
    package struct RoundTrips: Sendable, Equatable {
        /// Upper bounds in microseconds.
        package static let bounds: [UInt64] = [100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000]

        /// One more than there are bounds; each round trip is counted once.
        package internal(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
        /// The sum of all, in nanoseconds.
        package internal(set) var total: UInt64 = 0
        /// The longest, in nanoseconds.
        package internal(set) var longest: UInt64 = 0

        mutating func add(_ nanoseconds: UInt64) {
            let microseconds = nanoseconds / 1000
            counts[Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count] += 1
            total &+= nanoseconds
            longest = max(longest, nanoseconds)
        }
    }

    /// Every server that is needed is connected and answers.
    package internal(set) var isAvailable = false
    /// Asks answered in full.
    package internal(set) var answered: UInt64 = 0
    /// Asks answered with nil after they were sent, or waited, in vain.
    package internal(set) var failed: UInt64 = 0
    /// The part of `failed` that ran out of time.
    package internal(set) var late: UInt64 = 0
    /// Asks answered with nil at once, because the breaker was open.
    package internal(set) var refused: UInt64 = 0
    /// Connections made, the first included.
    package internal(set) var connections: UInt64 = 0
    /// Times that a breaker opened.
    package internal(set) var outages: UInt64 = 0
    /// Questions that a cluster sent on to another server.
    package internal(set) var redirects: UInt64 = 0
    /// Questions repeated with the script's text, because the server had forgotten it.
    package internal(set) var scriptsForgotten: UInt64 = 0
    /// From `ask` to its answer, for those answered in full.
    package internal(set) var roundTrips = RoundTrips()
    /// Why a server was given up last; empty when none was. Contains no secret.
    package internal(set) var lastFault = ""
}
