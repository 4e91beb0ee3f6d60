import WeirCore

/// Why nobody of a group can be tried.
package enum Shortage: Sendable, Equatable {
    /// Those that would fit rest, are full or were tried; free after so many nanoseconds where that is known.
    case unavailable(retryAfter: UInt64?)
    /// The vendors' budgets are used up.
    case overBudget
    /// The prompt is too long for every one.
    case contextTooSmall
    /// None is in the region that the request asks for.
    case noRegion
    /// The tags let in none.
    case tagsForbid

    /// What a fallback rule must cover to be taken.
    var kind: FailureClass {
        switch self {
        case .unavailable, .overBudget, .noRegion: .rateLimited
        case .contextTooSmall: .contextWindow
        case .tagsForbid: .authentication
        }
    }
}

extension ModelGroup {
    /// Why `choose` found nobody. `wait` is the shortest time that a limit asked for.
    func shortage(_ request: RouteRequest, wait: UInt64?, at now: UInt64) -> Shortage {
        let modes = tagModes(request)
        let fitting = candidates.filter { candidate in modes.contains { fits(candidate, $0) } }
        if fitting.isEmpty { return .tagsForbid }
        let placed = fitting.filter { candidate in
            request.region.map { RegionName.covers($0, candidate.deployment.traits.region) } ?? true
        }
        if placed.isEmpty { return .noRegion }
        let roomy = placed.filter { request.inputTokens <= $0.longestPrompt }
        if roomy.isEmpty { return .contextTooSmall }
        let funded = roomy.filter { $0.budget?.isExhausted(at: now) != true }
        if funded.isEmpty { return .overBudget }
        let times = funded.compactMap { candidate -> UInt64? in
            let rest = max(candidate.state.restRemaining(at: now), candidate.state.fullRemaining(at: now))
            return rest > 0 ? rest : nil
        }
        return .unavailable(retryAfter: ([wait].compactMap { $0 } + times).min())
    }

    /// The ids of those that rest, as LiteLLM lists them.
    func resting(at now: UInt64) -> [String] {
        candidates.filter { $0.state.isOpen(at: now) }.map(\.deployment.id)
    }

    /// The answer to a client who asked for `model` when nobody could be tried, in LiteLLM's words.
    func fault(_ shortage: Shortage, _ request: RouteRequest, model: String, at now: UInt64) -> GatewayFault {
        let model = String(model.prefix(256))
        switch shortage {
        case .noRegion:
            return GatewayFault(
                .invalidParameter,
                "No deployment of model=\(model) runs in the region \(String((request.region ?? "").prefix(64))) that "
                    + "'allowed_model_region' asks for.", param: "allowed_model_region")
        case .unavailable(let wait):
            let seconds = Timeout(nanoseconds: wait ?? 5_000_000_000).wholeSeconds
            let list = resting(at: now).map { "'\($0)'" }.joined(separator: ", ")
            return GatewayFault(
                .noDeployment,
                "No deployments available for selected model, Try again in \(seconds) seconds. Passed model=\(model). "
                    + "pre-call-checks=\(checksContext ? "True" : "False"), cooldown_list=[\(list)]",
                retryAfter: seconds * 1_000_000_000)
        case .overBudget:
            let texts = candidates.compactMap(\.budget).filter { $0.isExhausted(at: now) }.map {
                "Exceeded budget for provider \($0.vendor): \($0.spent(at: now)) >= \($0.limit)"
            }
            return GatewayFault(
                .noDeployment,
                "No deployments available - crossed budget: \(Set(texts).sorted().joined(separator: "; "))",
                retryAfter: candidates.compactMap { $0.budget?.freesAfter(at: now) }.min())
        case .contextTooSmall:
            return GatewayFault(
                .contextTooLarge,
                "Context Window exceeded for given call. No models have context window large enough for this call. "
                    + "Passed model=\(model), input tokens=\(request.inputTokens), "
                    + "largest context window=\(candidates.map(\.longestPrompt).max() ?? 0).")
        case .tagsForbid:
            let list = request.tags.map { "'\($0)'" }.joined(separator: ", ")
            return GatewayFault(
                .tagsForbidden,
                "Not allowed to access model due to tags configuration. Passed model=\(model) and tags=[\(list)]")
        }
    }
}
