import Testing
import WeirCore
import WeirRouting

struct EligibilityTests {
    // MARK: Tags

    private func tagged(_ tags: [[String]], _ adjust: (inout RoutingSettings) -> Void = { _ in }) -> Rig {
        var settings = RoutingSettings()
        settings.tags.isEnabled = true
        adjust(&settings)
        return Rig(tags.enumerated().map { place, tags in Sample.deployment(place) { $0.tags = tags } }, settings)
    }

    private func served(_ rig: Rig, tags: [String]) throws -> Set<String> {
        Set(try (0..<60).compactMap { _ in try rig.run { $0.tags = tags }.served })
    }

    @Test(
        arguments: [
            (["free"], ["d0"]), (["paid"], ["d1", "d2"]), (["paid", "eu"], ["d1", "d2"]),
            (["free", "eu"], ["d0", "d2"]),
            (["nobody"], ["d3"]), ([], ["d3"]), (["!eu", "paid"], ["d1"]), (["&eu", "paid"], ["d2"]), (["&eu"], ["d2"]),
            (["!paid"], ["d0", "d3"]),
        ] as [([String], Set<String>)])
    func `any tag lets in and default serves the rest`(tags: [String], expected: Set<String>) throws {
        #expect(try served(tagged([["free"], ["paid"], ["paid", "eu"], ["default"]]), tags: tags) == expected)
    }

    @Test func `all tags are needed where any is not enough`() throws {
        let rig = tagged([["paid"], ["paid", "eu"]]) { $0.tags.matchesAny = false }
        #expect(try served(rig, tags: ["paid", "eu"]) == ["d1"])
    }

    @Test func `only tags with the prefix count`() throws {
        let rig = tagged([["eu"], ["us"]]) { $0.tags.prefix = "route:" }
        #expect(try served(rig, tags: ["us", "route:eu"]) == ["d0"])
        #expect(try served(rig, tags: ["us"]) == ["d0", "d1"])
    }

    @Test func `tags that nobody carries are refused in LiteLLM's words`() throws {
        let run = try tagged([["free"], ["paid"]]).run { $0.tags = ["gold"] }
        #expect(run.fault?.code == .tagsForbidden)
        #expect(
            run.fault?.message
                == "Not allowed to access model due to tags configuration. Passed model=gpt and tags=['gold']")
    }

    @Test func `tags mean nothing where filtering is off`() throws {
        let rig = tagged([["free"], ["paid"]]) { $0.tags.isEnabled = false }
        #expect(try served(rig, tags: ["gold"]) == ["d0", "d1"])
    }

    @Test func `a pattern over the user agent stands for a tag`() throws {
        var settings = RoutingSettings()
        settings.tags.isEnabled = true
        let rig = Rig(
            [
                Sample.deployment(0) { $0.tagPatterns = ["^User-Agent: claude-code/"] },
                Sample.deployment(1) { $0.tags = ["default"] },
            ],
            settings)
        #expect(rig.planner.group(named: "gpt")?.needs.contains(.userAgent) == true)
        #expect(try rig.run { $0.userAgent = "claude-code/1.0" }.served == "d0")
        #expect(try rig.run { $0.userAgent = "curl/8" }.served == "d1")
    }

    // MARK: Region and context

    @Test(
        arguments: [
            ("eu", ["d0", "d1"]), ("eu-west-1", ["d0"]), ("us", ["d2"]), ("US-east-1", ["d2"]), ("asia", []),
            ("westeurope", []),
        ] as [(String, Set<String>)])
    func `only the region that is asked for serves`(region: String, expected: Set<String>) throws {
        let regions = ["eu-west-1", "europe-west4", "us-east-1", nil]
        let rig = Rig(regions.enumerated().map { place, region in Sample.deployment(place) { $0.region = region } })
        let served = Set(try (0..<60).compactMap { _ in try rig.run { $0.region = region }.served })
        #expect(served == expected)
        #expect(rig.planner.group(named: "gpt")?.serves(region) == !expected.isEmpty)
    }

    @Test(
        arguments: [
            ("eu", "westeurope", true), ("eu", "swedencentral", true), ("eu", "uksouth", false),
            ("eu", "eastus", false),
            ("us", "eastus2", true), ("us", "us-gov-west-1", true), ("us", "usa", false), ("EU", "EU-North-1", true),
            ("eu-west-1", "eu-west-2", false), ("eu-west-1", "eu", false),
        ])
    func `regions are known as the providers write them`(wanted: String, region: String, fits: Bool) throws {
        let rig = Rig([Sample.deployment(0) { $0.region = region }])
        let run = try rig.run { $0.region = wanted }
        #expect((run.served == "d0") == fits)
        guard !fits else { return }
        #expect(run.fault?.code == .invalidParameter && run.fault?.param == "allowed_model_region")
    }

    @Test func `a region that nobody of the group is in may be served by a fallback`() throws {
        var settings = RoutingSettings()
        settings.fallbacks.rules = [.init(primary: "gpt", backups: ["elsewhere"])]
        let all = [
            Sample.deployment(0) { $0.region = "us" }, Sample.deployment(1, group: "elsewhere") { $0.region = "eu" },
        ]
        #expect(try Rig(all, settings).run { $0.region = "eu" }.served == "d1")
    }

    @Test(
        arguments: [
            (nil, "eu"), ("eu", "eu"), ("eu-west-1", "eu-west-1"), ("westeurope", "westeurope"), ("us", "eu"),
        ] as [(String?, String)])
    func `a request that is bound to a region may narrow it and not leave it`(asked: String?, expected: String) {
        var request = RouteRequest(model: "gpt")
        request.region = asked
        request.bind(to: "eu")
        #expect(request.region == expected)
    }

    @Test func `a prompt goes where it fits`() throws {
        var settings = RoutingSettings()
        settings.checksContext = true
        let rig = Rig(
            [Sample.deployment(0) { $0.maxInputTokens = 100 }, Sample.deployment(1) { $0.maxInputTokens = 1000 }],
            settings)
        #expect(rig.planner.group(named: "gpt")?.needs.contains(.tokens) == true)
        for _ in 0..<20 { #expect(try rig.run { $0.inputTokens = 101 }.served == "d1") }
        #expect(try rig.run { $0.inputTokens = 1001 }.fault?.code == .contextTooLarge)
    }

    @Test func `a prompt that fits nowhere goes to the context window fallback`() throws {
        var settings = RoutingSettings()
        settings.checksContext = true
        settings.fallbacks.rules = [.init(primary: "gpt", backups: ["long"], condition: .contextWindow)]
        let rig = Rig(
            [Sample.deployment(0) { $0.maxInputTokens = 100 }, Sample.deployment(1, group: "long")], settings)
        #expect(try rig.run { $0.inputTokens = 500 }.asked == ["d1"])
        #expect(try rig.run { $0.inputTokens = 50 }.asked == ["d0"])
    }

    // MARK: Limits

    @Test(arguments: RoutingStrategy.allCases)
    func `limits of requests hold in every strategy`(strategy: RoutingStrategy) throws {
        var settings = RoutingSettings()
        settings.strategy = strategy
        let rig = Rig([Sample.deployment(0, rpm: 10), Sample.deployment(1, rpm: 20)], settings)
        rig.duration = .millisecond
        #expect(try rig.serve(40) == ["d0": 10, "d1": 20])
        let run = try rig.run()
        #expect(run.fault?.code == .noDeployment)
        let wait = try #require(run.fault?.retryAfter)
        #expect((55 * .second...61 * .second).contains(wait))
        rig.now += 61 * .second
        #expect(try rig.run().served != nil)
    }

    @Test func `limits of requests are only weights where they are not enforced`() throws {
        var settings = RoutingSettings()
        settings.enforcesLimits = false
        let rig = Rig([Sample.deployment(0, rpm: 1), Sample.deployment(1, rpm: 3)], settings)
        #expect(try rig.serve(400).values.reduce(0, +) == 400)
    }

    @Test(arguments: RoutingStrategy.allCases)
    func `limits of tokens hold and what was not used comes back`(strategy: RoutingStrategy) throws {
        var settings = RoutingSettings()
        settings.strategy = strategy
        let rig = Rig([Sample.deployment(0, tpm: 1000)], settings)
        for _ in 0..<10 {
            #expect(
                try rig.run {
                    $0.inputTokens = 60; $0.outputTokens = 40
                }.served == "d0")
        }
        let full = try rig.run { $0.inputTokens = 1 }
        #expect(full.asked.isEmpty && full.fault?.code == .noDeployment)
        rig.now += 61 * .second
        rig.fail(.serverError, "d0")
        for _ in 0..<30 {
            try rig.run {
                $0.inputTokens = 500; $0.overrides = RouteOverrides(numRetries: 0)
            }
        }
        rig.answers = [:]
        #expect(try rig.run { $0.inputTokens = 900 }.served == "d0")
    }

    @Test func `parallel requests of a deployment are limited`() throws {
        let all = [
            Sample.deployment(0) { $0.maxParallelRequests = 2 }, Sample.deployment(1) { $0.maxParallelRequests = 1 },
        ]
        let rig = Rig(all)
        var tickets: [(Candidate, AttemptTicket)] = []
        for _ in 0..<3 {
            var plan = try rig.planner.plan(RouteRequest(model: "gpt"), at: rig.now)
            guard case .attempt(let candidate, _) = plan.next(after: nil, at: rig.now, random: rig.chance.next()),
                case .begun(let ticket) = candidate.begin(tokens: 0, at: rig.now)
            else {
                Issue.record("not let in")
                return
            }
            tickets.append((candidate, ticket))
        }
        #expect(try rig.run().fault?.code == .noDeployment)
        let (candidate, ticket) = tickets.removeLast()
        candidate.end(ticket, AttemptOutcome(isAbandoned: true), at: rig.now)
        #expect(try rig.run().served == candidate.deployment.id)
    }

    @Test func `a request that is refused for its tokens takes no request from the limit`() throws {
        let rig = Rig([Sample.deployment(0, rpm: 5, tpm: 100)])
        for _ in 0..<20 { #expect(try rig.run { $0.inputTokens = 200 }.asked.isEmpty) }
        for _ in 0..<5 { #expect(try rig.run { $0.inputTokens = 10 }.served == "d0") }
        #expect(try rig.run { $0.inputTokens = 10 }.asked.isEmpty)
    }

    @Test func `asking takes the same limits all or none`() async throws {
        let rig = Rig([Sample.deployment(0, rpm: 5, tpm: 100) { $0.maxParallelRequests = 2 }])
        let candidate = try #require(rig.planner.candidate(of: Sample.deployment(0)))
        for _ in 0..<20 {
            guard case .refused = await candidate.beginAsking(tokens: 200, at: rig.now) else {
                Issue.record("let in")
                return
            }
        }
        var tickets: [AttemptTicket] = []
        for _ in 0..<4 {
            if case .begun(let ticket) = await candidate.beginAsking(tokens: 10, at: rig.now) { tickets.append(ticket) }
        }
        #expect(tickets.count == 2)
        for ticket in tickets { candidate.end(ticket, AttemptOutcome(), at: rig.now) }
        #expect(candidate.state.inFlight == 0)
        for _ in 0..<3 { #expect(try rig.run { $0.inputTokens = 10 }.served == "d0") }
        #expect(try rig.run { $0.inputTokens = 10 }.asked.isEmpty)
    }

    @Test(arguments: RoutingStrategy.allCases)
    func `one that stays full beside one that fails keeps nobody waiting for ever`(strategy: RoutingStrategy) throws {
        var settings = RoutingSettings()
        settings.strategy = strategy
        settings.retries.numRetries = 3
        let rig = Rig([Sample.deployment(0, tpm: 10), Sample.deployment(1)], settings)
        rig.fail(.timeout, "d1")
        let run = try rig.run { $0.inputTokens = 1000 }
        #expect(run.asked == ["d1", "d1", "d1", "d1"])
        #expect(run.waits.count <= 6)
    }

    @Test func `a full group falls back`() throws {
        var settings = RoutingSettings()
        settings.fallbacks.rules = [.init(primary: "gpt", backups: ["backup"], condition: .rateLimit)]
        let rig = Rig([Sample.deployment(0, rpm: 1), Sample.deployment(1, group: "backup")], settings)
        #expect(try rig.run().served == "d0")
        #expect(try rig.run().served == "d1")
    }

    // MARK: Budgets, health, replicas

    @Test func `a vendor whose budget is used up gets nothing until its period is over`() throws {
        let budget = ProviderBudget(vendor: "azure", limit: Money(attodollars: Money.scale), period: 100 * .second)
        var settings = RoutingSettings()
        settings.strategy = .providerBudget
        settings.budgets = ["azure": budget]
        let rig = Rig([Sample.deployment(0, vendor: "azure"), Sample.deployment(1)], settings)
        #expect(try Set(rig.serve(50).keys) == ["d0", "d1"])
        let candidate = try #require(rig.planner.candidate(of: Sample.deployment(0)))
        guard case .begun(let ticket) = candidate.begin(tokens: 0, at: rig.now) else { return }
        var outcome = AttemptOutcome()
        outcome.cost = Money(attodollars: Money.scale)
        candidate.end(ticket, outcome, at: rig.now)
        #expect(try rig.serve(50) == ["d1": 50])
        rig.now += 101 * .second
        #expect(try Set(rig.serve(50).keys) == ["d0", "d1"])
    }

    @Test func `when all budgets are used up the answer says so`() throws {
        let budget = ProviderBudget(vendor: "openai", limit: Money(attodollars: Money.scale), period: .second)
        var settings = RoutingSettings()
        settings.budgets = ["openai": budget]
        let rig = Rig(Sample.group(2), settings)
        budget.spend(Money(attodollars: 2 * Money.scale), at: rig.now)
        #expect(
            try rig.run().fault?.message
                == "No deployments available - crossed budget: Exceeded budget for provider openai: 2 >= 1")
        #expect(try rig.run().fault?.retryAfter == .second)
    }

    @Test func `a reload keeps what was spent and takes the new limit`() throws {
        let rig = Rig([])
        func budget(_ limit: String) throws -> ProviderBudget {
            try rig.board.budget(of: "openai", limit: #require(Money(limit)), period: 60 * .second, at: rig.now)
        }
        let first = try budget("2")
        try first.spend(#require(Money("1.5")), at: rig.now)
        #expect(!first.isExhausted(at: rig.now))
        let second = try budget("1")
        #expect(second === first && second.isExhausted(at: rig.now))
        #expect(second.freesAfter(at: rig.now + .second) == 59 * .second)
        #expect(try !budget("3").isExhausted(at: rig.now))
        #expect(try budget("0").isExhausted(at: rig.now + 1_000_000 * .second))
    }

    @Test func `what health checks find dead serves only when nobody else does`() throws {
        var settings = RoutingSettings()
        settings.routesByHealth = true
        let rig = Rig(Sample.group(2), settings)
        rig.state("d0").tellHealth(.down)
        #expect(try rig.serve(50) == ["d1": 50])
        rig.state("d1").tellHealth(.down)
        #expect(try rig.serve(50).count == 2)
    }

    @Test func `a rest that another replica tells of counts while somebody else serves`() throws {
        let rig = Rig(Sample.group(2))
        rig.state("d0").tellRemote(inFlight: 0, restsUntil: rig.now + 10 * .second)
        #expect(try rig.serve(50) == ["d1": 50])
        rig.state("d1").tellRemote(inFlight: 0, restsUntil: rig.now + 10 * .second)
        #expect(try rig.serve(50).count == 2)
    }

    @Test func `a session stays with its deployment and moves only when that one rests`() throws {
        var settings = RoutingSettings()
        settings.keepsSessions = true
        let rig = Rig(Sample.group(8), settings)
        var homes: [UInt64: String] = [:]
        for session in 1...400 as ClosedRange<UInt64> { homes[session] = try rig.run { $0.session = session }.served }
        let counts = Dictionary(grouping: homes.values) { $0 }.mapValues(\.count)
        #expect(counts.count == 8 && counts.values.allSatisfy { (25...80).contains($0) }, "\(counts)")
        rig.fail(.authentication, "d3")
        for session in 1...400 as ClosedRange<UInt64> {
            let served = try rig.run { $0.session = session }.served
            #expect((served == homes[session]) == (homes[session] != "d3"))
        }
    }

    @Test func `places beyond the sixty-fourth are remembered as tried`() throws {
        var settings = RoutingSettings()
        settings.retries.numRetries = 99
        settings.retries.budgetFloor = 1000
        let rig = Rig(Sample.group(100), settings)
        for id in 0..<100 { rig.fail(.timeout, "d\(id)") }
        let run = try rig.run()
        #expect(run.asked.count == 100 && Set(run.asked).count == 100 && run.waits.isEmpty)
    }
}
