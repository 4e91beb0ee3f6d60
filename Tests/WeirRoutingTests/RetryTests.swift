import Testing
import WeirCore
import WeirRouting

struct RetryTests {
    private func settings(_ retries: Int, _ adjust: (inout RoutingSettings) -> Void = { _ in }) -> RoutingSettings {
        var settings = RoutingSettings()
        settings.retries.numRetries = retries
        settings.retries.budgetFloor = 1000
        adjust(&settings)
        return settings
    }

    @Test(arguments: 0...5)
    func `a lone deployment is tried as often as retries say`(retries: Int) throws {
        let rig = Rig(Sample.group(1), settings(retries))
        rig.fail(.serverError, "d0")
        let run = try rig.run()
        #expect(run.asked.count == retries + 1)
        #expect(run.waits.count == retries)
        #expect(run.retries == retries)
    }

    @Test
    func `the number that is asked for comes before the deployment's and that before the group's and the router's`()
        throws
    {
        func tries(own: Int?, group: Int?, asked: Int?) throws -> Int {
            let settings = settings(1) {
                $0.groups["gpt"] = RoutingSettings.Group()
                $0.groups["gpt"]?.numRetries = group
            }
            let rig = Rig([Sample.deployment(0) { $0.numRetries = own }], settings)
            rig.fail(.timeout, "d0")
            return try rig.run { $0.overrides = asked.map { RouteOverrides(numRetries: $0) } }.retries
        }
        #expect(try tries(own: nil, group: nil, asked: nil) == 1)
        #expect(try tries(own: nil, group: 2, asked: nil) == 2)
        #expect(try tries(own: 3, group: 2, asked: nil) == 3)
        #expect(try tries(own: 3, group: 2, asked: 0) == 0)
    }

    @Test func `a policy's number for a class stands above all others`() throws {
        let settings = settings(1) {
            $0.retries.policy = RetryPolicy([.timeout: 3, .badRequest: 1, .connection: 0], default: 2)
        }
        let rig = Rig(Sample.group(1), settings)
        for (kind, retries) in [
            (FailureClass.timeout, 3), (.badRequest, 1), (.connection, 0), (.serverError, 2), (.contextWindow, 0),
        ] {
            rig.fail(kind, "d0")
            #expect(try rig.run { $0.overrides = RouteOverrides(numRetries: 4) }.retries == retries, "\(kind)")
        }
    }

    @Test func `a retry goes to another at once and waits only when all were tried`() throws {
        let rig = Rig(Sample.group(3), settings(4))
        rig.fail(.timeout, "d0", "d1", "d2")
        let run = try rig.run()
        #expect(run.asked.count == 5)
        #expect(Set(run.asked.prefix(3)).count == 3)
        #expect(run.waits.count == 2)
    }

    @Test func `who was refused for good is not tried twice`() throws {
        let rig = Rig(Sample.group(1), settings(4))
        for kind in [FailureClass.authentication, .notFound, .quotaExhausted] {
            rig.fail(kind, "d0")
            #expect(try rig.run().asked == ["d0"])
        }
    }

    @Test func `an upstream's own time is waited for and a long one is not`() throws {
        let rig = Rig(Sample.group(1), settings(2))
        rig.fail(.rateLimited, "d0", retryAfter: 3 * .second)
        let waits = try rig.run().waits
        #expect(waits.count == 2)
        #expect(waits.allSatisfy { (3 * .second...3_300 * .millisecond).contains($0) })
        rig.fail(.rateLimited, "d0", retryAfter: 3600 * .second)
        #expect(try rig.run() == run(asked: ["d0"]))
    }

    private func run(asked: [String]) -> Rig.Run {
        var run = Rig.Run()
        run.asked = asked
        return run
    }

    @Test(arguments: [(0, 500), (1, 1000), (2, 2000), (3, 4000), (4, 8000), (5, 8000), (70, 8000)])
    func `the backoff doubles up to eight seconds with full jitter`(retry: Int, bound: Int) {
        let settings = RetrySettings()
        let bound = UInt64(bound) * .millisecond
        #expect(Backoff.wait(before: retry, retryAfter: nil, settings, random: 0) == 0)
        #expect(Backoff.wait(before: retry, retryAfter: nil, settings, random: .max) == bound - 1)
        #expect(Backoff.wait(before: retry, retryAfter: nil, settings, random: 1 << 63) == bound / 2)
    }

    @Test func `no wait is shorter than the minimum`() {
        var settings = RetrySettings()
        settings.minimumWait = 2 * .second
        #expect(Backoff.wait(before: 0, retryAfter: nil, settings, random: 5) == 2 * .second)
        #expect(Backoff.wait(before: 0, retryAfter: .second, settings, random: 5) == 2 * .second)
    }

    @Test func `retries of an outage stay within the budget`() throws {
        let settings = settings(5) {
            $0.retries.budgetFloor = 10
            $0.retries.longestWait = 1
        }
        let rig = Rig(Sample.group(1), settings)
        rig.fail(.connection, "d0")
        var attempts = 0
        for _ in 0..<1000 {
            attempts += try rig.run().asked.count
            rig.now += 10 * .millisecond
        }
        #expect(attempts <= 1000 + 200 + 10)
        #expect(attempts >= 1150)
    }

    @Test func `the budget comes back with time`() throws {
        let rig = Rig(Sample.group(1), settings(5) { $0.retries.budgetFloor = 10 })
        rig.fail(.connection, "d0")
        for _ in 0..<5 { try rig.run() }
        #expect(try rig.run().trace.contains("retry-budget-used-up gpt"))
        rig.now += 70 * .second
        #expect(try rig.run().retries == 5)
    }

    @Test func `the request that tries a rested deployment goes elsewhere for free`() throws {
        let rig = Rig(Sample.group(2), settings(0) { $0.strategy = .leastBusy })
        rig.fail(.authentication, "d0")
        while try rig.run().served != nil {}
        rig.now += 6 * .second
        for _ in 0..<50 { #expect(try rig.run().served == "d1") }
    }

    @Test func `a plan of one attempt says whether there is more to try`() throws {
        func more(_ count: Int, _ settings: RoutingSettings) throws -> Bool {
            let rig = Rig(Sample.group(count), settings)
            var plan = try rig.planner.plan(RouteRequest(model: "gpt"), at: 1)
            _ = plan.next(after: nil, at: 1, random: 1)
            return plan.mayGoElsewhere
        }
        #expect(try !more(1, settings(0)))
        #expect(try !more(3, settings(0)))
        #expect(try more(3, settings(1)))
        #expect(try more(1, settings(0) { $0.fallbacks.defaults = ["other"] }))
    }
}
