/// The requests of a simulation, in the order of their arrival.
package struct Traffic: Sendable {
    /// What requests have in common, so that each only carries a number for it.
    package struct Profile: Sendable, Hashable {
        package var model: String
        package var streams = false
        /// The alias of a key or the key itself, for limits by key; empty for none.
        package var key = ""
        package var tags: [String] = []

        package init(model: String, streams: Bool = false, key: String = "", tags: [String] = []) {
            self.model = model
            self.streams = streams
            self.key = key
            self.tags = tags
        }
    }

    package struct Request: Sendable, Equatable {
        /// Nanoseconds since the start.
        package var at: UInt64
        /// The place of its profile.
        package var profile: Int32
        package var tokensIn: Int32
        package var tokensOut: Int32
        /// A hash of the conversation; 0 for none.
        package var session: UInt64
    }

    /// Requests that come by chance, so many a second on average.
    package struct Steady: Sendable {
        package var perSecond: Double
        /// Nanoseconds.
        package var duration: UInt64
        /// Means; each request has between half and one and a half of them.
        package var tokensIn = 500
        package var tokensOut = 200

        package init(perSecond: Double, duration: UInt64) {
            self.perSecond = perSecond
            self.duration = duration
        }
    }

    enum Source: Sendable {
        case steady(Steady)
        /// Sorted by time.
        case trace([Request])
    }

    package let profiles: [Profile]
    let source: Source

    /// Each request takes one of the profiles, all equally likely. At least one profile.
    package static func steady(_ steady: Steady, _ profiles: [Profile]) -> Traffic {
        Traffic(profiles: profiles, source: .steady(steady))
    }

    package static func trace(_ requests: [Request], _ profiles: [Profile]) -> Traffic {
        Traffic(profiles: profiles, source: .trace(requests.sorted { $0.at < $1.at }))
    }

    /// How long requests arrive, in nanoseconds.
    package var duration: UInt64 {
        switch source {
        case .steady(let steady): steady.duration
        case .trace(let requests): requests.last?.at ?? 0
        }
    }
}

/// Hands out the requests one after the other.
struct TrafficCursor {
    private let source: Traffic.Source
    private let profiles: Int
    private var chance: SimulationChance
    private var next = 0
    private var time = 0.0

    init(_ traffic: Traffic, _ chance: SimulationChance) {
        source = traffic.source
        profiles = traffic.profiles.count
        self.chance = chance
    }

    mutating func take() -> Traffic.Request? {
        switch source {
        case .trace(let requests):
            guard next < requests.count else { return nil }
            next += 1
            return requests[next - 1]
        case .steady(let steady):
            time += chance.gap() / steady.perSecond * 1e9
            guard time < Double(steady.duration) else { return nil }
            return Traffic.Request(
                at: UInt64(time), profile: Int32(truncatingIfNeeded: profiles > 1 ? chance.below(profiles) : 0),
                tokensIn: amount(steady.tokensIn), tokensOut: amount(steady.tokensOut), session: chance.next())
        }
    }

    private mutating func amount(_ mean: Int) -> Int32 {
        Int32(clamping: mean / 2 + chance.below(mean + 1))
    }
}
