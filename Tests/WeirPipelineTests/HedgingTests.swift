import NIOCore
import Testing
import WeirCoordination
import WeirCore
import WeirLimits
import WeirPipeline
import WeirRouting
import WeirTestKit

/// `hedge_after`: a second attempt beside a first one whose first token does not come. In these tests the time is over at
/// once, or never.
struct HedgingTests {
    private func hall(
        _ count: Int = 2, retries: Int = 0, limits: LimitsSettings = LimitsSettings(), parallel: Int = 0,
        _ change: (inout RoutingSettings) -> Void = { _ in }
    ) throws -> Hall {
        var routing = Hall.routing(retries: retries)
        change(&routing)
        var traits = DeploymentTraits()
        traits.hedgeAfter = 1_000_000_000
        traits.maxParallelRequests = parallel
        return Hall(
            try Hall.snapshot(
                (0..<count).map { try Hall.openai($0, traits: traits) }, routing, limits: limits, explains: true))
    }

    private func inFlight(_ hall: Hall) -> Int {
        hall.pipeline.snapshot.planner.allGroups.flatMap(\.candidates).reduce(0) { $0 + $1.state.inFlight }
    }

    private static let answer = [Script.role, Script.text, Script.finish, Script.usage, Script.done]
    private static let heardAnswer = Script.heard(Script.role + Script.text + Script.finish + Script.done)

    private static func answers() -> ScriptedReply { .events(answer) }
    private static func stalls(_ pieces: String...) -> ScriptedReply { .events(pieces, ends: false) }

    @Test func `the one whose first token comes first goes on, and the other one is closed at once`() throws {
        let hall = try hall()
        let slow = Self.stalls(Script.role)
        hall.upstream.answer(slow)
        hall.upstream.answer(Self.answers())
        let heard = try hall.walk(Script.stream)
        #expect(heard.text == Self.heardAnswer)
        #expect(slow.isCancelled || slow.isOver)
        let event = try hall.onlyEvent()
        #expect((event.attempts, event.retries, event.fallbacks) == (2, 0, 0))
        #expect(event.usage?.totalTokens == 15 && event.fault == nil && event.ending == .complete)
        #expect(event.decisions.contains("; hedge gpt/"))
        #expect(hall.upstream.pauses == [1_000_000_000])
        #expect(inFlight(hall) == 0)
    }

    @Test func `the first one may still be the faster`() throws {
        let hall = try hall()
        let (first, second) = (Self.stalls(Script.role), Self.stalls())
        hall.upstream.answer(first)
        hall.upstream.answer(second)
        let (heard, outcome) = try hall.start(Script.stream)
        #expect(hall.upstream.requests.count == 2 && inFlight(hall) == 2)
        for piece in Self.answer.dropFirst() { first.feed(piece) }
        first.feed(.end)
        hall.bench.run()
        try outcome.get()
        #expect(heard.text == Self.heardAnswer)
        #expect(second.isOver)
        #expect(inFlight(hall) == 0)
        _ = try hall.onlyEvent()
    }

    @Test func `nobody else is asked when the first token comes in time`() throws {
        let hall = try hall()
        hall.upstream.holdsPauses = true
        hall.upstream.answer(Self.answers())
        #expect(try hall.walk(Script.stream).text == Self.heardAnswer)
        #expect(hall.upstream.requests.count == 1)
        #expect(try hall.onlyEvent().attempts == 1)
        #expect(inFlight(hall) == 0)
    }

    @Test func `a failure before the time is a failure as any other`() throws {
        let hall = try hall(retries: 1)
        hall.upstream.holdsPauses = true
        hall.upstream.answer(.json("{}", status: 503))
        hall.upstream.answer(Self.answers())
        #expect(try hall.walk(Script.stream).text == Self.heardAnswer)
        let event = try hall.onlyEvent()
        #expect((event.attempts, event.retries) == (2, 1))
    }

    @Test(arguments: [0, 1]) func `one of two may fail, and the other one serves`(failing: Int) throws {
        let hall = try hall()
        let replies = [Self.stalls(), Self.stalls()]
        for reply in replies { hall.upstream.answer(reply) }
        let (heard, outcome) = try hall.start(Script.stream)
        replies[failing].feed(.fault(GatewayFault(.upstreamReset, "gone")))
        hall.bench.run()
        #expect(!outcome.isFinished && inFlight(hall) == 1)
        for piece in Self.answer { replies[1 - failing].feed(piece) }
        replies[1 - failing].feed(.end)
        hall.bench.run()
        try outcome.get()
        #expect(heard.text == Self.heardAnswer)
        #expect(try hall.onlyEvent().fault == nil)
        let records = hall.pipeline.snapshot.planner.allGroups[0].candidates.map {
            $0.state.record(at: hall.bench.clock.now)
        }
        #expect(records.map(\.failed).sorted() == [0, 1] && records.map(\.succeeded).sorted() == [0, 1])
    }

    @Test func `when both fail another one is tried, and each failure counts once`() throws {
        let hall = try hall(3, retries: 1)
        hall.upstream.answer(.json("{}", status: 503))
        hall.upstream.answer(.json("{}", status: 500))
        hall.upstream.answer(Self.answers())
        #expect(try hall.walk(Script.stream).text == Self.heardAnswer)
        let event = try hall.onlyEvent()
        #expect((event.attempts, event.retries) == (3, 1))
        let failed = hall.pipeline.snapshot.planner.allGroups[0].candidates.map {
            $0.state.record(at: hall.bench.clock.now).failed
        }
        #expect(failed.sorted() == [0, 1, 1])
    }

    @Test func `a client who leaves closes both`() throws {
        let hall = try hall()
        let replies = [Self.stalls(Script.role), Self.stalls()]
        for reply in replies { hall.upstream.answer(reply) }
        let abandonment = Abandonment()
        let (heard, outcome) = try hall.start(Script.stream, abandonment)
        abandonment.abandon()
        hall.bench.run()
        try outcome.get()
        #expect(heard.fault?.code == .clientLeft)
        #expect(replies.count { $0.isOver } == 2)
        #expect(try hall.onlyEvent().ending == .clientLeft)
        #expect(inFlight(hall) == 0)
    }

    @Test func `a client who leaves after the first token closes the one that goes on`() throws {
        let hall = try hall()
        let winner = Self.stalls(Script.role, Script.text)
        hall.upstream.answer(Self.stalls())
        hall.upstream.answer(winner)
        let abandonment = Abandonment()
        let (heard, outcome) = try hall.start(Script.stream, abandonment)
        #expect(heard.text.contains("Hi") && !winner.isOver)
        abandonment.abandon()
        hall.bench.run()
        try outcome.get()
        #expect(winner.isOver && inFlight(hall) == 0)
        #expect(try hall.onlyEvent().ending == .clientLeft)
    }

    @Test func `what the loser was sent counts for the client's limits`() throws {
        var limits = LimitsSettings()
        limits.global = LimitSet(requestsPerMinute: 10, tokensPerMinute: 100_000)
        let hall = try hall(limits: limits)
        hall.upstream.answer(Self.stalls())
        hall.upstream.answer(Self.answers())
        _ = try hall.walk(Script.stream)
        let event = try hall.onlyEvent()
        let principal = try #require(event.principal)
        let readings = hall.pipeline.snapshot.limits.readings(principal, group: "gpt", at: hall.bench.clock.now)
        let lost = hall.pipeline.snapshot.estimate.prompt(bytes: Script.stream.utf8.count)
        #expect(lost > 0)
        #expect(readings.tokens?.used == 15 + lost)
        #expect(readings.requests?.used == 1)
    }

    @Test func `limits of the other deployment hold`() throws {
        let hall = try hall(parallel: 1)
        let first = Self.stalls()
        let second = Self.stalls()
        hall.upstream.answer(first)
        hall.upstream.answer(second)
        let (_, earlier) = try hall.start(Script.stream)
        #expect(hall.upstream.requests.count == 2)
        let (later, refused) = try hall.start(Script.stream)
        #expect(refused.isFinished && later.fault?.code == .noDeployment)
        for piece in Self.answer { first.feed(piece) }
        first.feed(.end)
        hall.bench.run()
        #expect(earlier.isFinished && inFlight(hall) == 0)
    }

    @Test func `second attempts take from the retries of the group`() throws {
        let hall = try hall {
            $0.retries.budgetFloor = 1
            $0.retries.budgetPercent = 0
        }
        hall.upstream.answer(Self.stalls())
        hall.upstream.answer(Self.answers())
        #expect(try hall.walk(Script.stream).text == Self.heardAnswer)
        let lone = Self.stalls()
        hall.upstream.answer(lone)
        let (_, outcome) = try hall.start(Script.stream)
        #expect(hall.upstream.requests.count == 3)
        lone.feed(.fault(GatewayFault(.upstreamReset, "gone")))
        hall.bench.run()
        #expect(outcome.isFinished)
    }

    @Test func `one that was too slow is not taken for one that was never used`() throws {
        let hall = try hall { $0.strategy = .latencyBased }
        hall.upstream.onPause = { hall.bench.clock.advance(nanoseconds: $0) }
        hall.upstream.answer(Self.stalls())
        hall.upstream.answer(Self.answers())
        _ = try hall.walk(Script.stream)
        let winner = hall.events.ended.last?.deployment?.id
        hall.upstream.onPause = { _ in }
        for _ in 0..<10 {
            hall.upstream.holdsPauses = true
            hall.upstream.answer(Self.answers())
            _ = try hall.walk(Script.stream)
            #expect(hall.events.ended.last?.deployment?.id == winner)
        }
    }

    @Test(arguments: [1, 2]) func `whole replies and lone deployments are not hedged`(count: Int) throws {
        let hall = try hall(count)
        hall.upstream.answer(count == 1 ? Self.answers() : .json(Script.reply))
        #expect(try hall.walk(count == 1 ? Script.stream : Script.chat).status == 200)
        #expect(hall.upstream.pauses.isEmpty)
        #expect(try hall.onlyEvent().attempts == 1)
    }
}
