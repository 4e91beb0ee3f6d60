import Testing
import WeirCore
import WeirRouting

struct StrategyTests {
    private func rig(
        _ strategy: RoutingStrategy, _ deployments: [Deployment], _ adjust: (inout RoutingSettings) -> Void = { _ in }
    ) -> Rig {
        var settings = RoutingSettings()
        settings.strategy = strategy
        adjust(&settings)
        return Rig(deployments, settings)
    }

    // MARK: least-busy

    @Test func `the least busy one is chosen and those who left count no more`() throws {
        let rig = rig(.leastBusy, Sample.group(3))
        var held: [(Candidate, AttemptTicket)] = []
        for expected in [1, 1, 1, 2, 2, 2, 3, 3, 3] {
            var plan = try rig.planner.plan(RouteRequest(model: "gpt"), at: rig.now)
            guard case .attempt(let candidate, _) = plan.next(after: nil, at: rig.now, random: rig.chance.next()),
                case .begun(let ticket) = candidate.begin(tokens: 0, at: rig.now)
            else {
                Issue.record("not let in")
                return
            }
            #expect(candidate.state.inFlight == expected)
            held.append((candidate, ticket))
        }
        for (candidate, ticket) in held where candidate.deployment.index == 1 {
            candidate.end(ticket, AttemptOutcome(isAbandoned: true), at: rig.now)
        }
        #expect(try rig.serve(30) == ["d1": 30])
    }

    @Test func `what other replicas have under way counts`() throws {
        let rig = rig(.leastBusy, Sample.group(2))
        rig.state("d0").tellRemote(inFlight: 3, restsUntil: 0)
        #expect(try rig.serve(30) == ["d1": 30])
    }

    @Test func `two equal backends get the same number within five percent`() throws {
        let counts = try rig(.leastBusy, Sample.group(2)).serve(4000)
        #expect(counts.values.allSatisfy { (1900...2100).contains($0) }, "\(counts)")
    }

    // MARK: latency

    /// Lets every deployment answer once with the given latencies in milliseconds.
    private func warm(_ rig: Rig, _ latencies: [UInt64], first: [UInt64] = []) throws {
        for (index, latency) in latencies.enumerated() {
            let candidate = try #require(rig.planner.candidate(of: Sample.deployment(index)))
            guard case .begun(let ticket) = candidate.begin(tokens: 0, at: rig.now) else { continue }
            var outcome = AttemptOutcome()
            outcome.duration = latency * .millisecond * 10
            outcome.outputTokens = 10
            if index < first.count { outcome.timeToFirstToken = first[index] * .millisecond }
            candidate.end(ticket, outcome, at: rig.now)
        }
    }

    private func next(_ rig: Rig, streams: Bool = false) throws -> Int {
        var plan = try rig.planner.plan(RouteRequest(model: "gpt", streams: streams), at: rig.now)
        guard case .attempt(let candidate, _) = plan.next(after: nil, at: rig.now, random: rig.chance.next()) else {
            return -1
        }
        return candidate.deployment.index
    }

    @Test func `the fastest per token is chosen`() throws {
        let rig = rig(.latencyBased, Sample.group(3))
        try warm(rig, [30, 10, 20])
        for _ in 0..<20 { #expect(try next(rig) == 1) }
    }

    @Test func `streams look at the time to the first token`() throws {
        let rig = rig(.latencyBased, Sample.group(3))
        try warm(rig, [30, 10, 20], first: [50, 90, 70])
        for _ in 0..<20 { #expect(try next(rig, streams: true) == 0) }
        for _ in 0..<20 { #expect(try next(rig) == 1) }
    }

    @Test func `one that was never used is tried first`() throws {
        let rig = rig(.latencyBased, Sample.group(3))
        try warm(rig, [30, 10])
        for _ in 0..<20 { #expect(try next(rig) == 2) }
    }

    @Test(arguments: [(0.0, [1]), (0.5, [1]), (1.0, [1, 2]), (2.0, [0, 1, 2])] as [(Double, Set<Int>)])
    func `those within the buffer of the lowest share the traffic`(buffer: Double, expected: Set<Int>) throws {
        let rig = rig(.latencyBased, Sample.group(3)) { $0.arguments.lowestLatencyBuffer = buffer }
        try warm(rig, [30, 10, 20])
        #expect(Set(try (0..<100).map { _ in try next(rig) }) == expected)
    }

    @Test func `latencies are forgotten after their time`() throws {
        let rig = rig(.latencyBased, Sample.group(2)) { $0.arguments.ttl = 60 * .second }
        try warm(rig, [30, 10])
        rig.now += 61 * .second
        #expect(Set(try (0..<50).map { _ in try next(rig) }) == [0, 1])
    }

    @Test func `a timeout is held against a deployment for a minute`() throws {
        let rig = rig(.latencyBased, Sample.group(2))
        try warm(rig, [10, 30])
        let candidate = try #require(rig.planner.candidate(of: Sample.deployment(0)))
        guard case .begun(let ticket) = candidate.begin(tokens: 0, at: rig.now) else { return }
        candidate.end(ticket, AttemptOutcome(failure: Failure(.timeout)), at: rig.now)
        for _ in 0..<20 { #expect(try next(rig) == 1) }
        rig.now += 61 * .second
        for _ in 0..<20 { #expect(try next(rig) == 0) }
    }

    @Test func `only the latest latencies make up the mean`() {
        var window = LatencyWindow()
        #expect(window.mean == 0)
        for value in [100, 100, 10, 20, 30] as [UInt64] { window.add(value, size: 3) }
        #expect(window.mean == 20)
        window.add(50, size: 1)
        #expect(window.mean == 50)
    }

    // MARK: usage and cost

    @Test(arguments: [RoutingStrategy.usageBased, .usageBasedV2])
    func `who used the fewest tokens in the last minute is chosen`(strategy: RoutingStrategy) throws {
        let rig = rig(strategy, Sample.group(2))
        let first = try rig.run { $0.inputTokens = 1000 }.served
        for _ in 0..<9 { #expect(try rig.run { $0.inputTokens = 100 }.served != first) }
        rig.now += 61 * .second
        #expect(try Set(rig.serve(50).keys).count == 2)
    }

    @Test func `the second looks at what is under way and the first does not`() throws {
        for (strategy, expected) in [(RoutingStrategy.usageBased, 2), (.usageBasedV2, 1)] {
            let rig = rig(strategy, Sample.group(2))
            let candidate = try #require(rig.planner.candidate(of: Sample.deployment(0)))
            guard case .begun = candidate.begin(tokens: 500, at: rig.now) else { return }
            #expect(Set(try (0..<50).map { _ in try next(rig) }).count == expected)
        }
    }

    @Test func `the cheapest is chosen and an unknown price comes last`() throws {
        func price(_ text: String) -> TokenPrice? { Money(text).map { TokenPrice(input: $0, output: $0) } }
        let all = [
            Sample.deployment(0), Sample.deployment(1, price: price("2e-6")),
            Sample.deployment(2, price: price("1e-6")),
            Sample.deployment(3, price: price("1e-6")),
        ]
        let rig = rig(.costBased, all)
        #expect(try Set(rig.serve(60).keys) == ["d2", "d3"])
        rig.fail(.authentication, "d2", "d3")
        for _ in 0..<3 { try rig.run() }
        #expect(try rig.serve(20) == ["d1": 20])
    }

    // MARK: load-aware

    @Test func `the score of a load is its formula`() {
        func score(_ adjust: (inout LoadAware.Load) -> Void) -> Double {
            var load = LoadAware.Load()
            adjust(&load)
            return LoadAware.score(load)
        }
        #expect(LoadAware.score(LoadAware.Load()) == 0)
        #expect(score { ($0.inFlight, $0.remote, $0.foreign) = (3, 2, 4) } == 9)
        #expect(score { ($0.inFlight, $0.waiting) = (3, 2) } == 5)
        #expect(score { $0.tokens = 8192 } == 2)
        #expect(score { ($0.inFlight, $0.weight) = (4, 2) } == 2)
        #expect(score { $0.cachePercent = 80 } == 0)
        #expect(score { $0.cachePercent = 90 } == 8)
        #expect(score { $0.isCold = true } == 16)
    }

    @Test func `scraped load counts for ten seconds`() throws {
        let rig = rig(.loadAware, Sample.group(2))
        rig.state("d0").tellLoad(running: 5, waiting: 3, cachePercent: 50, at: rig.now)
        for _ in 0..<20 { #expect(try next(rig) == 1) }
        rig.now += 11 * .second
        #expect(Set(try (0..<50).map { _ in try next(rig) }) == [0, 1])
    }

    @Test func `a cold model waits until the others have much to do`() throws {
        let rig = rig(.loadAware, Sample.group(2))
        rig.state("d0").tellResidence(.cold)
        let candidate = try #require(rig.planner.candidate(of: Sample.deployment(1)))
        var chosen: [Int] = []
        for _ in 0..<20 {
            chosen.append(try next(rig))
            _ = candidate.begin(tokens: 0, at: rig.now)
        }
        #expect(chosen.prefix(16).allSatisfy { $0 == 1 })
        #expect(chosen.last == 0)
    }

    @Test func `a conversation meets the replica that has it cached until that one is saturated`() throws {
        let rig = rig(.loadAware, Sample.group(4))
        func place(_ conversation: UInt64) throws -> Int {
            var request = RouteRequest(model: "gpt")
            request.prefix = [99, conversation, conversation &+ rig.chance.next()]
            var plan = try rig.planner.plan(request, at: rig.now)
            guard case .attempt(let candidate, _) = plan.next(after: nil, at: rig.now, random: rig.chance.next()) else {
                return -1
            }
            return candidate.deployment.index
        }
        let homes = try (1...200).map { try place($0) }
        #expect(Set(homes).count == 4)
        for round in 1...200 { #expect(try place(UInt64(round)) == homes[round - 1]) }
        rig.state("d\(homes[0])").tellLoad(running: 8, waiting: 4, cachePercent: 60, at: rig.now)
        #expect(try place(1) != homes[0])
        let others = (2...200).filter { homes[$0 - 1] != homes[0] }
        for conversation in others { #expect(try place(UInt64(conversation)) == homes[conversation - 1]) }
    }

    @Test func `equal weights choose by rendezvous what any weights would`() throws {
        var settings = RoutingSettings()
        settings.keepsSessions = true
        for weight in [0, 3] {
            let rig = Rig((0..<7).map { Sample.deployment($0, weight: weight) }, settings)
            for session in 1...300 as ClosedRange<UInt64> {
                let served = try rig.run { $0.session = session }.served
                let nearest = (0..<7).map { "d\($0)" }.min { left, right in
                    func score(_ id: String) -> Double {
                        Rendezvous.score(key: session, member: Rendezvous.hash(id), weight: Double(max(weight, 1)))
                    }
                    return score(left) < score(right)
                }
                #expect(served == nearest)
            }
        }
    }

    @Test func `rendezvous shares keys by weight`() {
        var counts = [0, 0]
        for key in 0..<20_000 as Range<UInt64> {
            let first = Rendezvous.score(key: Rendezvous.mix(key), member: 11, weight: 3)
            let second = Rendezvous.score(key: Rendezvous.mix(key), member: 22, weight: 1)
            counts[first < second ? 0 : 1] += 1
        }
        #expect((14_700...15_300).contains(counts[0]), "\(counts)")
    }

    @Test(arguments: [(1.0, 0.0), (0.5, 0.693147), (0.1, 2.302585), (0.001, 6.907755), (0.999, 0.0010005)])
    func `the logarithm is right to five digits`(value: Double, expected: Double) {
        #expect(abs(Rendezvous.negativeLogarithm(value) - expected) < 1e-5)
    }

    // MARK: per group

    @Test func `a group may have a strategy of its own`() throws {
        let deployments = Sample.group(2) + Sample.group(2, name: "own", from: 2)
        let rig = rig(.simpleShuffle, deployments) {
            $0.groups["own"] = RoutingSettings.Group()
            $0.groups["own"]?.strategy = .leastBusy
        }
        #expect(rig.planner.group(named: "own")?.strategy == .leastBusy)
        #expect(rig.planner.group(named: "gpt")?.strategy == .simpleShuffle)
    }

    @Test(arguments: [0, 9, 10, 55, 59] as [UInt64])
    func `what happened within the last fifty seconds is counted`(seconds: UInt64) {
        let counter = MinuteCounter()
        counter.add(3, at: 100 * .second)
        counter.add(2, at: (100 + seconds) * .second)
        #expect(counter.sum(at: (100 + seconds) * .second) == 5)
        #expect(counter.sum(at: (160 + seconds) * .second) <= (seconds == 0 ? 0 : 2))
        #expect(counter.sum(at: (220 + seconds) * .second) == 0)
    }
}
