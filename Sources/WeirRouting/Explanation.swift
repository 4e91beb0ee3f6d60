package import WeirCore

/// How a request would be routed at one moment, without sending anything: plain values that any encoding can write.
package struct Explanation: Sendable, Equatable, Encodable {
    package struct Place: Sendable, Equatable, Encodable {
        package let deployment: String
        package let vendor: String
        package let model: String
        /// The place of its `order` among those of the group; 0 is tried first.
        package let tier: Int
        package let qualifies: Bool
        /// Why not, in words; empty when it qualifies.
        package let reason: String
        /// What the strategy looks at; the lowest wins. For a shuffle the share of the traffic in percent, which is a
        /// chance and not an order.
        package let score: Double
        package let inFlight: Int
        package let restMilliseconds: Int
        package let failedLastMinute: Int
        package let succeededLastMinute: Int
    }

    package struct Consequence: Sendable, Equatable, Encodable {
        /// `FailureClass` as text.
        package let failure: String
        /// Retries within the group.
        package let retries: Int
        /// The same deployment may be tried again.
        package let retriesHere: Bool
        /// One is enough to make the deployment rest, as far as it may.
        package let restsAtOnce: Bool
        /// Models that follow, in their order.
        package let fallbacks: [String]
    }

    /// The name as asked for.
    package let model: String
    package let group: String
    package let strategy: String
    /// In the order of trying: by tier, then by score.
    package let deployments: [Place]
    package let onFailure: [Consequence]
    /// The answer if nobody can be tried; empty when somebody can.
    package let refusal: String
}

extension RoutePlanner {
    /// Which deployments would serve the request at `now`, which would not and why, and what each failure would lead to.
    /// Throws `modelUnknown`.
    package func explain(_ request: RouteRequest, at now: UInt64) throws(GatewayFault) -> Explanation {
        let group = try group(for: request.model)
        let places = group.explain(request, at: now)
        let canTry = group.choose(request, skipping: MemberSet(), at: now, random: 0) != nil
        let shortage = canTry ? nil : group.shortage(request, wait: nil, at: now)
        return Explanation(
            model: request.model, group: group.name, strategy: group.strategy.rawValue, deployments: places,
            onFailure: FailureClass.allCases.map { consequence($0, request, group) },
            refusal: shortage.map { group.fault($0, request, model: request.model, at: now).message } ?? "")
    }

    private func consequence(
        _ kind: FailureClass, _ request: RouteRequest, _ group: ModelGroup
    ) -> Explanation.Consequence {
        let named = group.retryPolicy.retries[kind]
        let general = group.retryPolicy.fallback ?? request.overrides?.numRetries ?? group.numRetries
        let rest = settings.cooldown
        let limited = (rest.allowedFailsPolicy[kind] ?? rest.allowedFails).map { $0 <= 0 }
        let disabled = request.overrides?.disablesFallbacks == true
        let names = fallbacks.backups(of: request.model, group: group.name, after: kind, request.overrides)
        return Explanation.Consequence(
            failure: kind.rawValue, retries: named ?? (kind.mayRetryElsewhere ? general : 0),
            retriesHere: named != nil
                || kind.mayRetryHere
                    && (settings.retries.repeatsSameDeployment || request.overrides?.numRetries != nil),
            restsAtOnce: !rest.isDisabled && kind.coolsDown
                && (limited ?? (kind.coolsDownAtOnce || kind == .rateLimited)),
            fallbacks: disabled ? [] : names.filter { self.group(named: $0) != nil })
    }
}

extension ModelGroup {
    /// Every candidate, those that qualify first.
    func explain(_ request: RouteRequest, at now: UInt64) -> [Explanation.Place] {
        let modes = tagModes(request)
        let reasons = candidates.map { reason($0, request, modes, at: now) }
        let places = candidates.map { candidate in
            let state = candidate.state
            let record = state.record(at: now)
            let reason = reasons[candidate.position]
            return Explanation.Place(
                deployment: candidate.deployment.id, vendor: candidate.deployment.vendor,
                model: candidate.deployment.upstreamModel, tier: tier(of: candidate.position),
                qualifies: reason.isEmpty, reason: reason, score: score(candidate, reasons, request, at: now),
                inFlight: state.inFlight, restMilliseconds: Int(clamping: state.restRemaining(at: now) / 1_000_000),
                failedLastMinute: record.failed, succeededLastMinute: record.succeeded)
        }
        return places.sorted { left, right in
            if left.qualifies != right.qualifies { return left.qualifies }
            if left.tier != right.tier { return left.tier < right.tier }
            if left.score != right.score { return isShuffled == (left.score > right.score) }
            return left.deployment < right.deployment
        }
    }

    private var isShuffled: Bool { strategy == .simpleShuffle || strategy == .providerBudget }

    /// Why the candidate does not serve the request now; empty when it does.
    private func reason(
        _ candidate: Candidate, _ request: RouteRequest, _ modes: [ChoiceQuery.Tags], at now: UInt64
    ) -> String {
        let state = candidate.state
        let traits = candidate.deployment.traits
        if !modes.contains(where: { fits(candidate, $0) }) { return "its tags do not fit" }
        if let region = request.region, !RegionName.covers(region, traits.region) {
            return "its region is \(traits.region ?? "not known")"
        }
        if request.inputTokens > candidate.longestPrompt {
            return "the prompt is longer than \(candidate.longestPrompt) tokens"
        }
        if state.isResting(at: now) { return "it rests for \(state.restRemaining(at: now) / 1_000_000) ms" }
        if state.isOpen(at: now) { return "a trial is under way after its rest" }
        if state.restRemaining(at: now) > 0 { return "another replica lets it rest" }
        if state.fullRemaining(at: now) > 0, candidate.requestLimit != nil {
            return "its limit of requests is used up for \(state.fullRemaining(at: now) / 1_000_000) ms"
        }
        if state.inFlight >= candidate.parallel { return "\(state.inFlight) requests are under way" }
        if candidate.budget?.isExhausted(at: now) == true { return "the budget of its provider is used up" }
        if routesByHealth, state.health == .down { return "its health check fails" }
        return ""
    }

    private func score(
        _ candidate: Candidate, _ reasons: [String], _ request: RouteRequest, at now: UInt64
    ) -> Double {
        let state = candidate.state
        switch strategy {
        case .simpleShuffle, .providerBudget: return reasons[candidate.position].isEmpty ? share(candidate, reasons) : 0
        case .leastBusy: return LeastBusy.score(inFlight: state.inFlight, remote: state.remoteInFlight)
        case .latencyBased: return Double(state.latency(streams: request.streams, arguments, at: now))
        case .usageBased: return LowestUsage.score(used: state.usage(at: now), underWay: 0)
        case .usageBasedV2:
            return LowestUsage.score(used: state.usage(at: now), underWay: state.tokensInFlight)
        case .costBased: return Double(candidate.priceRank)
        case .loadAware: return LoadAware.score(candidate.load(at: now))
        }
    }

    /// The chance of a candidate among those of its tier that qualify, in percent.
    private func share(_ candidate: Candidate, _ reasons: [String]) -> Double {
        let place = candidate.position
        let others = tiers[tier(of: place)].filter { reasons[$0].isEmpty }
        let columns: [(Deployment) -> Int] = [{ $0.weight }, { $0.requestsPerMinute }, { $0.tokensPerMinute }]
        for column in columns {
            let sum = others.reduce(0.0) { $0 + Double(max(column(candidates[$1].deployment), 0)) }
            if sum > 0 { return Double(max(column(candidate.deployment), 0)) / sum * 100 }
        }
        return 100 / Double(others.count)
    }
}
