import Testing
import WeirCore
import WeirRouting

/// The table of strategies and failures: what a caller gets, in each cell, from one primary that fails in one way.
struct StrategiesAndFailuresTests {
    private func settings(_ strategy: RoutingStrategy, retries: Int) -> RoutingSettings {
        var settings = RoutingSettings()
        settings.strategy = strategy
        settings.retries.numRetries = retries
        settings.retries.budgetFloor = 1000
        return settings
    }

    @Test(arguments: RoutingStrategy.allCases, FailureClass.allCases)
    func `one of three fails in one way for an hour`(strategy: RoutingStrategy, kind: FailureClass) throws {
        let rig = Rig(Sample.group(3), settings(strategy, retries: 2))
        rig.fail(kind, "d0")
        var failedRequests = 0
        var askedFailing = 0
        for _ in 0..<3600 {
            let run = try rig.run()
            if run.served == nil { failedRequests += 1 }
            askedFailing += run.asked.filter { $0 == "d0" }.count
            #expect(run.waits.isEmpty)
            rig.now += .second
        }
        if kind.isClients {
            // The answer is the client's own; nothing is tried elsewhere and nobody rests.
            #expect(failedRequests == askedFailing)
            #expect(!rig.state("d0").isOpen(at: rig.now))
        } else {
            #expect(failedRequests == 0)
            // A trial every five seconds at most, and what it took to find out.
            #expect((1...725).contains(askedFailing))
        }
    }

    @Test(arguments: RoutingStrategy.allCases, FailureClass.allCases)
    func `all fail in one way`(strategy: RoutingStrategy, kind: FailureClass) throws {
        let rig = Rig(Sample.group(3), settings(strategy, retries: 2))
        rig.fail(kind, "d0", "d1", "d2")
        let run = try rig.run()
        #expect(run.served == nil)
        #expect(run.shortage == nil)
        // Each is asked once, before anything is tried twice; 429 and what one is enough for leaves the last one standing.
        let expected = kind.isClients ? 1 : 3
        #expect(run.asked.count == expected)
        #expect(Set(run.asked).count == expected)
        // Later ones get an honest error too, never an invented one. Trials of two that rested are free.
        for _ in 0..<20 {
            rig.now += .second
            let later = try rig.run()
            #expect(later.shortage == nil && !later.asked.isEmpty && later.asked.count <= 5)
        }
    }

    @Test(arguments: RoutingStrategy.allCases, FailureClass.allCases)
    func `a lone one fails in one way and a fallback is there`(strategy: RoutingStrategy, kind: FailureClass) throws {
        var settings = settings(strategy, retries: 1)
        settings.fallbacks.rules = [.init(primary: "gpt", backups: ["backup"])]
        let rig = Rig([Sample.deployment(0), Sample.deployment(1, group: "backup")], settings)
        rig.fail(kind, "d0")
        let run = try rig.run()
        #expect(run.served == (kind == .badRequest ? nil : "d1"))
        #expect(run.fallbacks == (kind == .badRequest ? 0 : 1))
        // Tried again where that may help and it does not rest.
        let rests = rig.state("d0").isOpen(at: rig.now)
        #expect(run.asked.filter { $0 == "d0" }.count == (kind.mayRetryHere && !rests ? 2 : 1))
    }

    @Test(arguments: RoutingStrategy.allCases, FailureClass.allCases)
    func `all are dead and the fallback too`(strategy: RoutingStrategy, kind: FailureClass) throws {
        var settings = settings(strategy, retries: 2)
        settings.fallbacks.rules = [
            .init(primary: "gpt", backups: ["backup"]), .init(primary: "backup", backups: ["gpt"]),
        ]
        let rig = Rig(Sample.group(2) + Sample.group(2, name: "backup", from: 2), settings)
        rig.fail(kind, "d0", "d1", "d2", "d3")
        for _ in 0..<30 {
            let run = try rig.run()
            #expect(run.served == nil)
            #expect(run.fallbacks <= 1)
            #expect(run.asked.count <= 6)
            rig.now += .second
        }
    }

    @Test(arguments: RoutingStrategy.allCases, FailureClass.allCases)
    func `one that heals is found again`(strategy: RoutingStrategy, kind: FailureClass) throws {
        let rig = Rig(Sample.group(2), settings(strategy, retries: 1))
        rig.fail(kind, "d0")
        for _ in 0..<60 { try rig.run() }
        rig.answers = [:]
        rig.now += 6 * .second
        var counts: [String: Int] = [:]
        for _ in 0..<400 {
            let run = try rig.run {
                $0.inputTokens = 10; $0.outputTokens = 10
            }
            if let id = run.served { counts[id, default: 0] += 1 }
            rig.now += .second / 2
        }
        #expect(counts.values.reduce(0, +) == 400)
        #expect(counts["d0", default: 0] > 100 || (strategy == .latencyBased && counts["d0", default: 0] > 0))
    }

    @Test(arguments: RoutingStrategy.allCases)
    func `a flapping one costs nobody an answer`(strategy: RoutingStrategy) throws {
        let rig = Rig(Sample.group(3), settings(strategy, retries: 2))
        for second in 0..<1200 {
            rig.answers = second / 7 % 2 == 0 ? ["d0": Failure(.connection)] : [:]
            #expect(try rig.run().served != nil)
            rig.now += .second
        }
    }

    @Test(arguments: RoutingStrategy.allCases)
    func `without failures equal ones share the traffic`(strategy: RoutingStrategy) throws {
        let rig = Rig(Sample.group(4), settings(strategy, retries: 0))
        for id in 0..<4 { rig.state("d\(id)").tellLoad(running: 0, waiting: 0, cachePercent: 0, at: rig.now) }
        var counts: [String: Int] = [:]
        for _ in 0..<4000 {
            let run = try rig.run {
                $0.inputTokens = 100; $0.outputTokens = 100
            }
            if let id = run.served { counts[id, default: 0] += 1 }
        }
        #expect(counts.count == 4)
        #expect(counts.values.allSatisfy { (800...1200).contains($0) }, "\(counts)")
    }
}
