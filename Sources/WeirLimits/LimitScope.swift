import WeirCoordination

/// The limiters of one scope, found once and kept: a key's, a model group's, or everybody's.
final class LimitScope: Sendable {
    /// What a limit counts, in the order in which they are asked: the cheapest to give back first.
    enum Kind: Int, CaseIterable, Sendable {
        case parallel, requests, tokens

        /// As LiteLLM names it.
        var name: String {
            switch self {
            case .parallel: "max_parallel_requests"
            case .requests: "requests"
            case .tokens: "tokens"
            }
        }
    }

    /// What a refusal calls the scope: `api_key: 1f3a…`.
    let title: String
    let requests: Limiter?
    let tokens: Limiter?
    let slots: Slots?

    /// Nil when there is nothing to limit. `id` is the same on all replicas and over reloads.
    init?(_ set: LimitSet, id: String, title: String, board: LimiterBoard) {
        guard !set.isEmpty else { return nil }
        self.title = title
        requests = set.requestsPerMinute.map { board.limiter(id: "\(id):requests", limit: $0) }
        tokens = set.tokensPerMinute.map { board.limiter(id: "\(id):tokens", limit: $0) }
        slots = set.parallel.map { board.slots(id: "\(id):parallel", limit: $0) }
    }

    func has(_ kind: Kind) -> Bool {
        switch kind {
        case .parallel: slots != nil
        case .requests: requests != nil
        case .tokens: tokens != nil
        }
    }

    func take(_ kind: Kind, tokens amount: Int, at now: UInt64) -> LimitDecision {
        switch kind {
        case .parallel: slots?.take(1, at: now) ?? .taken
        case .requests: requests?.take(1, at: now) ?? .taken
        case .tokens: tokens?.take(amount, at: now) ?? .taken
        }
    }

    func takeAsking(_ kind: Kind, tokens amount: Int, at now: UInt64) async -> LimitDecision {
        switch kind {
        case .parallel: await slots?.takeAsking(1, at: now) ?? .taken
        case .requests: await requests?.takeAsking(1, at: now) ?? .taken
        case .tokens: await tokens?.takeAsking(amount, at: now) ?? .taken
        }
    }

    func giveBack(_ kind: Kind, tokens amount: Int, takenAt: UInt64, at now: UInt64) {
        switch kind {
        case .parallel: slots?.giveBack(1, takenAt: takenAt, at: now)
        case .requests: requests?.giveBack(1, takenAt: takenAt, at: now)
        case .tokens: tokens?.giveBack(amount, takenAt: takenAt, at: now)
        }
    }

    func reading(_ kind: Kind, at now: UInt64) -> LimitReading? {
        switch kind {
        case .parallel: slots?.reading(at: now)
        case .requests: requests?.reading(at: now)
        case .tokens: tokens?.reading(at: now)
        }
    }

    func isUnavailable(_ kind: Kind) -> Bool {
        switch kind {
        case .parallel: slots?.isUnavailable ?? false
        case .requests: requests?.isUnavailable ?? false
        case .tokens: tokens?.isUnavailable ?? false
        }
    }
}
