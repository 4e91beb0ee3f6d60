import Testing
import WeirCore
import WeirRouting

struct CooldownTests {
    private func settings(_ adjust: (inout RoutingSettings) -> Void = { _ in }) -> RoutingSettings {
        var settings = RoutingSettings()
        settings.retries.numRetries = 0
        adjust(&settings)
        return settings
    }

    private func begin(_ rig: Rig, _ deployment: Deployment) throws -> (Candidate, BeginDecision) {
        let candidate = try #require(rig.planner.candidate(of: deployment))
        return (candidate, candidate.begin(tokens: 0, at: rig.now))
    }

    private func ticket(_ decision: BeginDecision) throws -> AttemptTicket {
        guard case .begun(let ticket) = decision else { throw NotBegun() }
        return ticket
    }

    private struct NotBegun: Error {}

    @Test func `a deployment that rests gets no traffic until its time is over`() throws {
        let rig = Rig(Sample.group(2), settings())
        rig.fail(.authentication, "d0")
        while try rig.run().served != nil {}
        let start = rig.now
        #expect(try rig.serve(100) == ["d1": 100])
        rig.now = start + 4 * .second
        #expect(rig.state("d0").isOpen(at: rig.now))
        rig.now = start + 5 * .second
        #expect(!rig.state("d0").isOpen(at: rig.now))
        #expect(rig.state("d0").isHalfOpen(at: rig.now))
    }

    @Test func `one trial at a time ends the rest`() throws {
        let all = Sample.group(2)
        let rig = Rig(all, settings())
        let (candidate, first) = try begin(rig, all[0])
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.notFound)), at: rig.now)
        rig.now += 6 * .second
        let trial = try ticket(candidate.begin(tokens: 0, at: rig.now))
        #expect(trial.isTrial)
        #expect(rig.state("d0").isOpen(at: rig.now))
        guard case .refused = candidate.begin(tokens: 0, at: rig.now) else {
            Issue.record("a second trial beside the first")
            return
        }
        candidate.end(trial, AttemptOutcome(), at: rig.now)
        #expect(!rig.state("d0").isOpen(at: rig.now))
        #expect(try ticket(candidate.begin(tokens: 0, at: rig.now)).isTrial == false)
    }

    @Test(arguments: FailureClass.allCases)
    func `a failed trial means another rest unless the client was at fault`(kind: FailureClass) throws {
        let all = Sample.group(2)
        let rig = Rig(all, settings())
        let (candidate, first) = try begin(rig, all[0])
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.notFound)), at: rig.now)
        rig.now += 6 * .second
        candidate.end(
            try ticket(candidate.begin(tokens: 0, at: rig.now)), AttemptOutcome(failure: Failure(kind)), at: rig.now)
        #expect(rig.state("d0").isOpen(at: rig.now) == !kind.isClients)
    }

    @Test func `a trial that its client left blocks nobody`() throws {
        let all = Sample.group(2)
        let rig = Rig(all, settings())
        let (candidate, first) = try begin(rig, all[0])
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.notFound)), at: rig.now)
        rig.now += 6 * .second
        let trial = try ticket(candidate.begin(tokens: 0, at: rig.now))
        candidate.end(trial, AttemptOutcome(isAbandoned: true), at: rig.now)
        #expect(try ticket(candidate.begin(tokens: 0, at: rig.now)).isTrial)
    }

    @Test func `a trial that never ends blocks for a minute at most`() throws {
        let all = Sample.group(2)
        let rig = Rig(all, settings())
        let (candidate, first) = try begin(rig, all[0])
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.notFound)), at: rig.now)
        rig.now += 6 * .second
        _ = try ticket(candidate.begin(tokens: 0, at: rig.now))
        rig.now += 59 * .second
        #expect(rig.state("d0").isOpen(at: rig.now))
        rig.now += 2 * .second
        #expect(try ticket(candidate.begin(tokens: 0, at: rig.now)).isTrial)
    }

    @Test func `a reply that has begun ends the trial`() throws {
        let all = Sample.group(2)
        let rig = Rig(all, settings())
        let (candidate, first) = try begin(rig, all[0])
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.notFound)), at: rig.now)
        rig.now += 6 * .second
        candidate.answered(try ticket(candidate.begin(tokens: 0, at: rig.now)))
        #expect(!rig.state("d0").isOpen(at: rig.now))
    }

    @Test func `a herd at the end of a rest lets one through`() throws {
        let all = Sample.group(2)
        let rig = Rig(all, settings { $0.strategy = .leastBusy })
        let (candidate, first) = try begin(rig, all[0])
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.notFound)), at: rig.now)
        rig.now += 5 * .second
        var counts: [String: Int] = [:]
        for _ in 0..<1000 {
            var plan = try rig.planner.plan(RouteRequest(model: "gpt"), at: rig.now)
            guard case .attempt(let candidate, _) = plan.next(after: nil, at: rig.now, random: rig.chance.next()),
                case .begun = candidate.begin(tokens: 0, at: rig.now)
            else {
                Issue.record("no attempt")
                return
            }
            counts[candidate.deployment.id, default: 0] += 1
        }
        #expect(counts == ["d0": 1, "d1": 999])
    }

    @Test(arguments: 1...4)
    func `the last of a group without fallbacks never rests`(count: Int) throws {
        let rig = Rig(Sample.group(count), settings())
        for id in 0..<count { rig.fail(.authentication, "d\(id)") }
        for _ in 0..<50 { #expect(try rig.run().asked.count == 1) }
        #expect((0..<count).filter { rig.state("d\($0)").isOpen(at: rig.now) }.count == count - 1)
    }

    @Test func `with a fallback the last rests too and is not asked`() throws {
        let rig = Rig(
            Sample.group(2) + [Sample.deployment(9, group: "backup")],
            settings { $0.fallbacks.rules = [.init(primary: "gpt", backups: ["backup"])] })
        rig.fail(.authentication, "d0", "d1")
        for _ in 0..<50 { #expect(try rig.run().served == "d9") }
        #expect(rig.state("d0").isOpen(at: rig.now) && rig.state("d1").isOpen(at: rig.now))
        #expect(try rig.run().asked == ["d9"])
    }

    @Test func `the last rests when it is told to and then the answer is LiteLLM's`() throws {
        let rig = Rig(Sample.group(1), settings { $0.cooldown.restsLast = true })
        rig.fail(.rateLimited, "d0", retryAfter: 20 * .second)
        #expect(try rig.run().asked == ["d0"])
        let run = try rig.run()
        #expect(run.asked.isEmpty)
        #expect(run.fault?.code == .noDeployment)
        #expect(run.fault?.retryAfter == 20 * .second)
        #expect(
            run.fault?.message
                == "No deployments available for selected model, Try again in 20 seconds. Passed model=gpt. "
                + "pre-call-checks=False, cooldown_list=['d0']")
    }

    @Test func `thirty seconds of rest after three failures and then it serves again`() throws {
        let rig = Rig(
            Sample.group(2),
            settings {
                $0.cooldown.allowedFails = 2
                $0.cooldown.time = 30 * .second
            })
        rig.fail(.serverError, "d0")
        var failures = 0
        while !rig.state("d0").isOpen(at: rig.now) { failures += try rig.run().served == nil ? 1 : 0 }
        #expect(failures == 3)
        rig.answers = [:]
        let start = rig.now
        while rig.now < start + 29 * .second {
            #expect(try rig.run().served == "d1")
            rig.now += .second
        }
        rig.now = start + 30 * .second
        #expect(try Set(rig.serve(50).keys) == ["d0", "d1"])
    }

    @Test func `a deployment's own cooldown time wins`() throws {
        let all = [Sample.deployment(0) { $0.cooldown = 40 * .second }, Sample.deployment(1)]
        let rig = Rig(all, settings())
        let (candidate, first) = try begin(rig, all[0])
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.notFound)), at: rig.now)
        #expect(rig.state("d0").restRemaining(at: rig.now) == 40 * .second)
    }

    @Test func `a client who leaves counts neither for nor against a deployment`() throws {
        let all = Sample.group(2)
        let rig = Rig(all, settings { $0.strategy = .leastBusy })
        let (candidate, first) = try begin(rig, all[0])
        #expect(rig.state("d0").inFlight == 1)
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.timeout), isAbandoned: true), at: rig.now)
        #expect(rig.state("d0").inFlight == 0)
        #expect(rig.state("d0").record(at: rig.now) == (0, 0))
    }

    @Test func `what is known survives a reload`() throws {
        let all = Sample.group(2)
        let rig = Rig(all, settings())
        let (candidate, first) = try begin(rig, all[0])
        candidate.end(try ticket(first), AttemptOutcome(failure: Failure(.notFound)), at: rig.now)
        rig.planner = RoutePlanner(Array(all.reversed()), settings(), board: rig.board)
        #expect(try rig.serve(20) == ["d1": 20])
    }
}
