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

    // MARK: Budgets

    private static func board(_ name: String) -> DeploymentBoard {
        let store = MemorySharedState { 0 }
        return DeploymentBoard(limiters: LimiterBoard(shared: SharedLink(store: store, replica: name) { 0 }))
    }

    private static func report(_ board: DeploymentBoard, at now: UInt64) throws -> ReplicaReport {
        try #require(ReplicaReport(board.report(at: now).bytes))
    }

    @Test func `what replicas spend at a vendor is one sum, exact to the last decimal`() throws {
        let boards = ["a", "b", "c"].map(Self.board)
        let hour: UInt64 = 3600 * .second
        let budgets = boards.map {
            $0.budget(of: "openai", limit: Money("20") ?? .zero, period: hour, at: 100 * .second)
        }
        let parts = ["12.000000000000000001", "0.000000000000000002", "7.9"].compactMap { Money($0) }
        for (budget, part) in zip(budgets, parts) { budget.spend(part, at: 100 * .second) }
        let reports = try boards.map { try Self.report($0, at: 101 * .second) }
        for (index, board) in boards.enumerated() {
            board.hear(reports.indices.filter { $0 != index }.map { reports[$0] }, at: 101 * .second)
            #expect(budgets[index].spent(at: 101 * .second) == Money("19.900000000000000003"))
            #expect(!budgets[index].isExhausted(at: 101 * .second))
        }
        budgets[1].spend(Money("0.1") ?? .zero, at: 102 * .second)
        #expect(budgets[1].isExhausted(at: 102 * .second))
        boards[0].hear([try Self.report(boards[1], at: 102 * .second)], at: 102 * .second)
        #expect(budgets[0].isExhausted(at: 102 * .second))
        // Everybody's period is the one that began first.
        #expect(budgets[0].isExhausted(at: 3699 * .second) && !budgets[0].isExhausted(at: 3700 * .second))
    }

    @Test func `what a replica spent that is gone stays counted, and is told to those who come later`() throws {
        let (gone, first, late) = (Self.board("gone"), Self.board("first"), Self.board("late"))
        let day: UInt64 = 86_400 * .second
        let budgets = [gone, first, late].map {
            $0.budget(of: "azure", limit: Money("5") ?? .zero, period: day, at: .second)
        }
        budgets[0].spend(Money("3") ?? .zero, at: .second)
        first.hear([try Self.report(gone, at: 2 * .second)], at: 2 * .second)
        first.hear([], at: 60 * .second)
        late.hear([try Self.report(first, at: 61 * .second)], at: 61 * .second)
        #expect(budgets[2].spent(at: 61 * .second) == Money("3"))
        // Told twice, by two, in any order: counted once.
        late.hear([try Self.report(gone, at: 2 * .second), try Self.report(first, at: 61 * .second)], at: 62 * .second)
        #expect(budgets[2].spent(at: 62 * .second) == Money("3"))
    }

    @Test func `absurd amounts of another replica do no harm`() throws {
        let board = Self.board("a")
        let budget = board.budget(of: "x", limit: Money("1") ?? .zero, period: 3600 * .second, at: .second)
        let reports = [
            ["b:x": Int64.min, "d:x:b": Int64.min], ["b:x": .max, "d:x:b": 5], ["b:x": 0, "a:x:": 1, "d:x:c": -1],
            ["d:x:d": 5],
        ].map { ReplicaReport($0) }
        board.hear(reports, at: 5 * .second)
        #expect(budget.spent(at: 5 * .second) == Money(attodollars: 1))
    }
}
