import Synchronization
import WeirCore

/// What a choice looks at besides the group: put together once for each choice.
struct ChoiceQuery {
    /// Which candidates the tags let in.
    enum Tags {
        case all
        case fitting(TagFilter)
        /// Those tagged `default`.
        case defaults(TagFilter?)
    }

    let now: UInt64
    /// Candidates that are not to be chosen.
    let skipped: MemberSet
    /// Rests of other replicas and health checks count; not so when nobody else is left.
    var isStrict = true
    var tags = Tags.all
}

extension ModelGroup {
    /// The place of a candidate that may serve now, of the lowest tier from `tier` on that has one; nil when there is none.
    func choose(
        _ request: RouteRequest, skipping skipped: MemberSet, from tier: Int = 0, at now: UInt64, random: UInt64
    ) -> Int? {
        var query = ChoiceQuery(now: now, skipped: skipped)
        if !tags.isEnabled {
            if let place = choose(request, query, from: tier, random) { return place }
            query.isStrict = false
            return choose(request, query, from: tier, random)
        }
        let modes = tagModes(request)
        for isStrict in [true, false] {
            query.isStrict = isStrict
            for mode in modes {
                query.tags = mode
                if let place = choose(request, query, from: tier, random) { return place }
            }
        }
        return nil
    }

    /// What the tags of a request make of the candidates, in the order to try.
    func tagModes(_ request: RouteRequest) -> [ChoiceQuery.Tags] {
        guard tags.isEnabled else { return [.all] }
        let filter = TagFilter(request.tags, userAgent: hasTagPatterns ? request.userAgent : "", tags)
        if let filter { return [.fitting(filter), .defaults(filter)] }
        return hasDefaultTag ? [.defaults(nil), .all] : [.all]
    }

    private func choose(_ request: RouteRequest, _ query: ChoiceQuery, from first: Int, _ random: UInt64) -> Int? {
        var tier = first
        while tier < tiers.count {
            if let place = choose(request, query, in: tier, random) { return place }
            tier += 1
        }
        return nil
    }

    /// Whether the candidate may serve the request now.
    @inline(__always)
    func mayServe(_ candidate: Candidate, _ request: RouteRequest, _ query: ChoiceQuery) -> Bool {
        let state = candidate.state
        if state.isOpen(at: query.now) || query.skipped.contains(candidate.position) { return false }
        if candidate.requestLimit != nil, state.fullUntil.load(ordering: .relaxed) > query.now { return false }
        if candidate.parallel != .max, state.inFlight >= candidate.parallel { return false }
        if let budget = candidate.budget, budget.isExhausted(at: query.now) { return false }
        if request.inputTokens > candidate.longestPrompt { return false }
        if let region = request.region, !RegionName.covers(region, candidate.deployment.traits.region) { return false }
        if query.isStrict {
            if state.remoteRestsUntil.load(ordering: .relaxed) > query.now { return false }
            if routesByHealth, state.health == .down { return false }
        }
        return fits(candidate, query.tags)
    }

    @inline(__always)
    func fits(_ candidate: Candidate, _ tags: ChoiceQuery.Tags) -> Bool {
        switch tags {
        case .all: true
        case .fitting(let filter): filter.lets(candidate.deployment.traits)
        case .defaults(let filter):
            candidate.deployment.traits.tags.contains("default")
                && filter?.isAllowed(candidate.deployment.traits) != false
        }
    }

    // MARK: Strategies

    private func choose(_ request: RouteRequest, _ query: ChoiceQuery, in tier: Int, _ random: UInt64) -> Int? {
        let places = tiers[tier]
        if places.count == 1 {
            return mayServe(candidates[places.lowerBound], request, query) ? places.lowerBound : nil
        }
        if request.session != 0, keepsSessions { return keep(request.session, request, query, places) }
        switch strategy {
        case .simpleShuffle, .providerBudget:
            let place = places.lowerBound + shuffles[tier].pick(random)
            // A second draw among those that are left gives each the share that it has among them.
            return mayServe(candidates[place], request, query)
                ? place : shuffle(request, query, places, Rendezvous.mix(random))
        case .leastBusy:
            return lowest(request, query, places, random) {
                LeastBusy.score(inFlight: $0.state.inFlight, remote: $0.state.remoteInFlight)
            }
        case .latencyBased: return fastest(request, query, places, random)
        case .usageBased:
            return lowest(request, query, places, random) {
                LowestUsage.score(used: $0.state.usage(at: query.now), underWay: 0)
            }
        case .usageBasedV2:
            return lowest(request, query, places, random) {
                LowestUsage.score(
                    used: $0.state.usage(at: query.now), underWay: $0.state.tokensInFlight)
            }
        case .costBased: return lowest(request, query, places, random) { Double($0.priceRank) }
        case .loadAware: return lightest(request, query, places, random)
        }
    }

    /// The lowest score; among equals each is as likely.
    @inline(__always)
    private func lowest(
        _ request: RouteRequest, _ query: ChoiceQuery, _ places: Range<Int>, _ random: UInt64,
        score: (Candidate) -> Double, passedOver: (Int) -> Void = { _ in }
    ) -> Int? {
        var best: Int?
        var least = Double.infinity
        var equals: UInt64 = 0
        for place in places {
            let candidate = candidates[place]
            guard mayServe(candidate, request, query) else {
                passedOver(place)
                continue
            }
            let score = score(candidate)
            if score < least || best == nil {
                best = place
                least = score
                equals = 1
            } else if score == least {
                equals += 1
                if Rendezvous.mix(random &+ equals).multipliedFullWidth(by: equals).high == 0 { best = place }
            }
        }
        return best
    }

    private func shuffle(
        _ request: RouteRequest, _ query: ChoiceQuery, _ places: Range<Int>, _ random: UInt64
    ) -> Int? {
        var sums = (weight: 0.0, requests: 0.0, tokens: 0.0, count: 0.0)
        for place in places where mayServe(candidates[place], request, query) {
            let deployment = candidates[place].deployment
            sums.weight += Double(max(deployment.weight, 0))
            sums.requests += Double(max(deployment.requestsPerMinute, 0))
            sums.tokens += Double(max(deployment.tokensPerMinute, 0))
            sums.count += 1
        }
        let total = sums.weight > 0 ? sums.weight : sums.requests > 0 ? sums.requests : max(sums.tokens, 0)
        var point = Double(random >> 11) / 9_007_199_254_740_992 * (total > 0 ? total : sums.count)
        var last: Int?
        for place in places where mayServe(candidates[place], request, query) {
            let deployment = candidates[place].deployment
            let weight =
                sums.weight > 0
                ? deployment.weight
                : sums.requests > 0 ? deployment.requestsPerMinute : total > 0 ? deployment.tokensPerMinute : 1
            guard weight > 0 else { continue }
            last = place
            point -= Double(weight)
            if point < 0 { return place }
        }
        return last
    }

    private func fastest(
        _ request: RouteRequest, _ query: ChoiceQuery, _ places: Range<Int>, _ random: UInt64
    ) -> Int? {
        let arguments = arguments
        let streams = request.streams
        if arguments.lowestLatencyBuffer <= 0 {
            return lowest(request, query, places, random) {
                Double($0.state.latency(streams: streams, arguments, at: query.now))
            }
        }
        var least = Double.infinity
        for place in places where mayServe(candidates[place], request, query) {
            least = min(least, Double(candidates[place].state.latency(streams: streams, arguments, at: query.now)))
        }
        let bound = LowestLatency.bound(lowest: least, buffer: arguments.lowestLatencyBuffer)
        return lowest(request, query, places, random) {
            let latency = Double($0.state.latency(streams: streams, arguments, at: query.now))
            return latency <= bound ? 0 : latency
        }
    }

    private func lightest(
        _ request: RouteRequest, _ query: ChoiceQuery, _ places: Range<Int>, _ random: UInt64
    ) -> Int? {
        let key = LoadAware.key(of: request.prefix)
        if key == 0 { return lowest(request, query, places, random) { LoadAware.score($0.load(at: query.now)) } }
        // Each is weighed once: a group may have hundreds.
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: places.count) { scores in
            let first = places.lowerBound
            var least = Double.infinity
            let best = lowest(request, query, places, random) { candidate in
                let load = candidate.load(at: query.now)
                let score = LoadAware.score(load)
                scores[candidate.position - first] = LoadAware.isFull(load) ? .infinity : score
                least = min(least, score)
                return score
            } passedOver: {
                scores[$0 - first] = .infinity
            }
            guard let best else { return nil }
            let bound = LoadAware.saturation(lowest: least)
            return nearest(places, to: key) { scores[$0 - first] <= bound } ?? best
        }
    }

    /// The place that rendezvous hashing gives `key`, of those that fit.
    @inline(__always)
    private func nearest(_ places: Range<Int>, to key: UInt64, where fits: (Int) -> Bool) -> Int? {
        var chosen: Int?
        if hasEqualCapacities {
            // The same choice without logarithms: of equal weights the greatest number has the smallest score.
            var greatest: UInt64 = 0
            for place in places where fits(place) {
                let number = Rendezvous.mix(key ^ candidates[place].state.seed) >> 11
                if number > greatest || chosen == nil { (chosen, greatest) = (place, number) }
            }
            return chosen
        }
        var shortest = Double.infinity
        for place in places where fits(place) {
            let candidate = candidates[place]
            let distance = Rendezvous.score(key: key, member: candidate.state.seed, weight: candidate.capacity)
            if distance < shortest { (chosen, shortest) = (place, distance) }
        }
        return chosen
    }

    /// The same session meets the same candidate as long as that one may serve.
    private func keep(
        _ session: UInt64, _ request: RouteRequest, _ query: ChoiceQuery, _ places: Range<Int>
    ) -> Int? {
        nearest(places, to: session) { mayServe(candidates[$0], request, query) }
    }
}

extension Candidate {
    /// What `LoadAware` weighs.
    @inline(__always)
    func load(at now: UInt64) -> LoadAware.Load {
        var load = LoadAware.Load()
        load.inFlight = state.inFlight
        load.remote = state.remoteInFlight
        load.tokens = state.tokensInFlight
        load.isCold = state.residence == .cold
        load.weight = capacity
        let scraped = state.scrapedAt.load(ordering: .relaxed)
        if scraped > 0, now < scraped &+ DeploymentState.scrapeLifetime {
            load.foreign = state.scrapedForeign.load(ordering: .relaxed)
            load.waiting = state.scrapedWaiting.load(ordering: .relaxed)
            load.cachePercent = state.scrapedCache.load(ordering: .relaxed)
        }
        return load
    }
}
