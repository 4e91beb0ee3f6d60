package import WeirCore

/// What came of a simulation. Times are nanoseconds since its start unless said otherwise.
package struct SimulationReport: Sendable, Equatable {
    /// How a request ended for its client. Each request ends exactly once.
    package enum Ending: Int, Sendable, CaseIterable {
        case served
        /// 429: a limit of the key, the model group or the gateway.
        case limited
        /// 429: no deployment could be tried.
        case unavailable
        /// 400: the prompt fits into no model.
        case contextTooLarge
        /// 401: the tags let no deployment in.
        case tagsForbidden
        /// 400: nobody serves the model.
        case modelUnknown
        /// What the last upstream said; see `failures`.
        case failed
    }

    package struct Deployment: Sendable, Equatable {
        package let label: String
        package let id: String
        package let model: String
        package var attempts = 0
        package var served = 0
        /// Attempts that its own limits did not let in.
        package var refused = 0
        package var failures: [FailureClass: Int] = [:]
        package var tokensIn = 0
        package var tokensOut = 0
        /// Nil when its price is not known.
        package var cost: Money?
        /// Of the attempts that it served.
        var latency = LatencyTally()

        package var failed: Int { failures.values.reduce(0, +) }
    }

    /// What clients asked for by one name.
    package struct Model: Sendable, Equatable {
        package let name: String
        package var requests = 0
        package var served = 0
        /// By deployment.
        package var servedBy: [Int]
        /// From a request's arrival to the end of its answer, for those that were served.
        var latency = LatencyTally()
    }

    package struct Cooldown: Sendable, Equatable {
        package let deployment: Int
        package let from: UInt64
        /// When the rest is over.
        package var until: UInt64
        /// When it had proved itself; nil when that did not happen before the next rest or the end.
        package var backAt: UInt64?
    }

    /// More cooldowns than this are counted, but not listed.
    package static let longestCooldownList = 10_000

    package let seed: UInt64
    /// How long requests arrived.
    package let duration: UInt64
    /// When the last of them ended.
    package var ended: UInt64 = 0
    package var requests = 0
    /// By `Ending.rawValue`.
    package var endings = Array(repeating: 0, count: Ending.allCases.count)
    /// What clients got that ended with `failed`.
    package var failures: [FailureClass: Int] = [:]
    package var attempts = 0
    package var retries = 0
    package var fallbacks = 0
    /// Times that a request waited before it was tried again.
    package var waits = 0
    package var deployments: [Deployment]
    package var models: [Model]
    package var cooldowns: [Cooldown] = []
    package var cooldownCount = 0
    package var timeline: SimulationTimeline
    /// Of all requests that were served, from arrival to end.
    var latency = LatencyTally()
    /// Of streams that were served, from arrival to the first token.
    var firstToken = LatencyTally()

    package func count(_ ending: Ending) -> Int { endings[ending.rawValue] }

    /// Requests that their client got 429 for, whoever said so.
    package var tooMany: Int { count(.limited) + count(.unavailable) + (failures[.rateLimited] ?? 0) }

    /// What all deployments with a known price cost.
    package var cost: Money { deployments.reduce(.zero) { $0 + ($1.cost ?? .zero) } }

    /// The time in which `share` (0 to 1) of the served requests were answered; right within 1.6 %.
    package func latency(_ share: Double) -> UInt64 { latency.percentile(share) }
}
