package import WeirCore

/// What a deployment does in a simulation: how fast it answers, and when and how it fails.
package struct UpstreamBehaviour: Sendable {
    /// One thing that is wrong with it for some time. Times are nanoseconds since the simulation's start.
    package struct Disturbance: Sendable, Equatable {
        package enum What: Sendable, Equatable {
            /// This share of calls (0 to 1) fails.
            case fails(share: Double)
            /// Calls take `factor` times as long, and `extra` nanoseconds more.
            case slow(factor: Double, extra: Double)
            /// It fails for `down`, serves for `up`, and so on.
            case flaps(down: UInt64, up: UInt64)
        }

        package let what: What
        package let failure: Failure
        package let from: UInt64
        package let until: UInt64

        package init(_ what: What, _ failure: Failure, from: UInt64 = 0, until: UInt64 = .max) {
            self.what = what
            self.failure = failure
            self.from = from
            self.until = until
        }
    }

    /// How long the gateway waits for an upstream; `Timeout.none` waits for ever.
    struct Patience: Sendable {
        var whole = Timeout.none
        var stream = Timeout.none
    }

    /// What comes of one call. Times are nanoseconds from its start.
    struct Answer {
        var firstToken: UInt64
        var duration: UInt64
        var failure: Failure?
    }

    package var latency = LatencyShape.usual
    package var disturbances: [Disturbance] = []
    var patience = Patience()

    /// A connection that is refused is known after this time.
    private static let refusal: UInt64 = 1_000_000
    /// A call that hangs where no timeout is set ends all the same.
    private static let longestHang: UInt64 = 6_000_000_000_000

    package init() {}

    /// One call that begins `time` after the simulation's start.
    func answer(streams: Bool, tokens: Int, at time: UInt64, _ chance: inout SimulationChance) -> Answer {
        // As many draws whatever happens, so that a disturbance changes nothing outside of its time.
        var sample = latency.time(at: chance.normal())
        let fate = chance.fraction()
        var perToken = latency.perToken
        var failure: Failure?
        for disturbance in disturbances where disturbance.from <= time && time < disturbance.until {
            switch disturbance.what {
            case .fails(let share): if failure == nil, fate <= share { failure = disturbance.failure }
            case .flaps(let down, let up):
                if failure == nil, (time - disturbance.from) % (down + up) < down { failure = disturbance.failure }
            case .slow(let factor, let extra):
                sample = min(sample * factor + extra, LatencyShape.longest)
                perToken *= factor
            }
        }
        let first = sample * latency.firstShare
        let whole = min(sample + perToken * Double(tokens), LatencyShape.longest)
        return ended(Answer(firstToken: UInt64(first), duration: UInt64(whole), failure: failure), streams)
    }

    private func ended(_ answer: Answer, _ streams: Bool) -> Answer {
        var answer = answer
        let patience = streams ? patience.stream : patience.whole
        let limit = patience == .none ? Self.longestHang : patience.nanoseconds
        switch answer.failure?.kind {
        case .timeout: answer.duration = limit
        case .connection: answer.duration = Self.refusal
        case .some: answer.duration = min(answer.firstToken, limit)
        case nil:
            guard (streams ? answer.firstToken : answer.duration) > limit else { return answer }
            answer.failure = Failure(.timeout)
            answer.duration = limit
        }
        return answer
    }
}
