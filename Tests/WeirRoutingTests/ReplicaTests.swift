import Testing
import WeirCoordination
import WeirCore
import WeirRouting

struct ReplicaTests {
    @Test func `what one replica knows the other one hears and forgets again`() throws {
        var settings = RoutingSettings()
        settings.strategy = .leastBusy
        let here = Rig(Sample.group(3), settings)
        let there = Rig(Sample.group(3), settings)
        let first = try #require(here.planner.candidate(of: Sample.deployment(0)))
        guard case .begun(let ticket) = first.begin(tokens: 0, at: here.now) else { return }
        first.end(ticket, AttemptOutcome(failure: Failure(.authentication)), at: here.now)
        let second = try #require(here.planner.candidate(of: Sample.deployment(1)))
        _ = second.begin(tokens: 0, at: here.now)
        let report = try #require(ReplicaReport(here.board.report(at: here.now).bytes))
        there.board.hear([report], at: there.now)
        #expect(there.state("d0").restRemaining(at: there.now) == 5 * .second)
        #expect(there.state("d1").remoteInFlight == 1)
        #expect(try there.serve(20) == ["d2": 20])
        there.board.hear([], at: there.now)
        #expect(try Set(there.serve(60).keys).count == 3)
    }

    @Test func `what was heard is not told on`() {
        let rig = Rig(Sample.group(1))
        rig.state("d0").tellRemote(inFlight: 5, restsUntil: rig.now + .second, tokens: 9, firstToken: 9, tokenTime: 9)
        #expect(rig.board.report(at: rig.now).values.isEmpty)
    }

    @Test func `absurd values of another replica do no harm`() throws {
        let rig = Rig(Sample.group(1))
        let report = ReplicaReport(["i:d0": .max, "c:d0": .max, "u:d0": .min, "f:d0": -1, "l:d0": .max])
        rig.board.hear([report, report], at: rig.now)
        #expect(try rig.run().served == "d0")
        #expect(rig.state("d0").restRemaining(at: rig.now) == 86_400 * .second - rig.duration)
    }
}
