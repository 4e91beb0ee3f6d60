import NIOCore
import Testing
import WeirCore
import WeirLimits
import WeirPipeline
import WeirRouting
import WeirTestKit

/// What the hall makes of a plan: failed attempts, other deployments, other groups, waits, limits.
struct ReroutingTests {
    private func hall(
        _ count: Int = 2, retries: Int = 2, limits: LimitsSettings = LimitsSettings(), explains: Bool = false,
        _ change: (inout RoutingSettings) -> Void = { _ in }
    ) throws -> Hall {
        var routing = Hall.routing(retries: retries)
        change(&routing)
        var deployments = try (0..<count).map { try Hall.openai($0) }
        deployments.append(try Hall.openai(count, group: "spare", model: "gpt-spare"))
        let hall = Hall(try Hall.snapshot(deployments, routing, limits: limits, explains: explains))
        hall.upstream.onPause = { hall.bench.clock.advance(nanoseconds: $0) }
        return hall
    }

    private static var down: ScriptedUpstream.Answer { .fault(GatewayFault(.upstreamRefused, "nobody listens")) }

    @Test func `a failed attempt goes to the other deployment, and the client hears of nothing`() throws {
        let hall = try hall()
        hall.upstream.answer(Self.down)
        hall.upstream.answer(.json(Script.reply))
        let heard = try hall.walk(Script.chat)
        #expect(heard.status == 200)
        let event = try hall.onlyEvent()
        #expect((event.attempts, event.retries, event.fallbacks) == (2, 1, 0))
        #expect(event.fault == nil)
        #expect(event.usage?.totalTokens == 15)
        #expect(hall.upstream.pauses.isEmpty)
    }

    @Test func `a lone deployment is tried again after a wait`() throws {
        let hall = try hall(1)
        hall.upstream.answer(.json("{}", status: 503))
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat).status == 200)
        #expect(hall.upstream.pauses.count == 1)
        #expect(try hall.onlyEvent().retries == 1)
    }

    @Test func `a client's mistake is not repeated`() throws {
        let hall = try hall()
        hall.upstream.answer(.json(#"{"error":{"message":"bad"}}"#, status: 400))
        #expect(try hall.walk(Script.chat).fault?.upstream?.status == 400)
        #expect(hall.upstream.requests.count == 1)
    }

    @Test func `a group that fails goes to its fallback, and the client is told how often`() throws {
        let hall = try hall(1, retries: 0) { $0.fallbacks.rules = [.init(primary: "gpt", backups: ["spare"])] }
        hall.upstream.answer(.json("{}", status: 500))
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat).status == 200)
        let event = try hall.onlyEvent()
        #expect(event.deployment?.group == "spare")
        #expect((event.attempts, event.retries, event.fallbacks) == (2, 0, 1))
        #expect(hall.upstream.texts[1].contains(#""model":"gpt-spare""#))
    }

    @Test func `when all fail the client hears of the model that it asked for`() throws {
        let hall = try hall(1, retries: 0) { $0.fallbacks.rules = [.init(primary: "gpt", backups: ["spare"])] }
        hall.upstream.answer(.json(#"{"error":{"message":"first"}}"#, status: 500))
        hall.upstream.answer(.json(#"{"error":{"message":"second"}}"#, status: 503))
        #expect(try hall.walk(Script.chat).fault?.upstream?.body.text.contains("first") == true)
        _ = try hall.onlyEvent()
    }

    // MARK: Streams

    @Test(arguments: [
        [Script.role], [], [Script.role + #"data: {"error":{"message":"no"}}"# + "\n\n" + Script.done],
        [Script.role, #"data: {"error":{"message":"no"}}"# + "\n\n"],
    ])
    func `a stream that fails before its first token leaves no trace`(_ pieces: [String]) throws {
        let hall = try hall()
        hall.upstream.answer(.events(pieces))
        hall.upstream.answer(.events([Script.role, Script.text, Script.finish, Script.usage, Script.done]))
        let heard = try hall.walk(Script.stream)
        #expect(heard.text == Script.heard(Script.role + Script.text + Script.finish + Script.done))
        let event = try hall.onlyEvent()
        #expect(event.retries == 1)
        #expect(event.fault == nil)
    }

    @Test func `after the first token nothing is tried again`() throws {
        let hall = try hall()
        hall.upstream.answer(.events([Script.role, Script.text]))
        let heard = try hall.walk(Script.stream)
        #expect(heard.fault?.code == .upstreamReset)
        #expect(hall.upstream.requests.count == 1)
        #expect(try hall.onlyEvent().ending == .upstreamBroke)
    }

    @Test func `without another place to go a stream's head does not wait for its first token`() throws {
        let hall = try hall(1, retries: 0)
        let reply = ScriptedReply.events([Script.role], ends: false)
        hall.upstream.answer(reply)
        let walk = try hall.start(Script.stream)
        #expect(walk.heard.text == Script.heard(Script.role))
        for piece in [Script.text, Script.finish, Script.done] { reply.feed(piece) }
        reply.feed(.end)
        hall.bench.run()
        _ = try hall.onlyEvent()
    }

    // MARK: What is held

    @Test func `a deployment is busy until its reply has been sent, whatever becomes of it`() throws {
        let hall = try hall(1, retries: 0)
        let state = try #require(hall.pipeline.snapshot.planner.group(named: "gpt")?.candidates.first?.state)
        let reply = ScriptedReply.events([Script.text], ends: false)
        hall.upstream.answer(reply)
        let walk = try hall.start(Script.stream)
        #expect(state.inFlight == 1)
        reply.feed(.fault(GatewayFault(.upstreamReset, "gone")))
        hall.bench.run()
        #expect(walk.outcome.isFinished)
        #expect(state.inFlight == 0)
        #expect(state.record(at: hall.bench.clock.now).failed == 1)
    }

    @Test func `a client who leaves says nothing of the deployment`() throws {
        let hall = try hall(1, retries: 0)
        let state = try #require(hall.pipeline.snapshot.planner.group(named: "gpt")?.candidates.first?.state)
        hall.upstream.answer(.silence)
        let abandonment = Abandonment()
        _ = try hall.start(Script.chat, abandonment)
        #expect(state.inFlight == 1)
        abandonment.abandon()
        hall.bench.run()
        #expect(state.inFlight == 0)
        #expect(state.record(at: hall.bench.clock.now) == (0, 0))
    }

    @Test func `what a request holds is free before its last byte is sent`() throws {
        let hall = try hall(1, retries: 0)
        let state = try #require(hall.pipeline.snapshot.planner.group(named: "gpt")?.candidates.first?.state)
        for (reply, body) in [
            (ScriptedReply.json(Script.reply), Script.chat),
            (ScriptedReply.events([Script.text, Script.finish, Script.usage + Script.done]), Script.stream),
        ] {
            hall.upstream.answer(reply)
            var busy: [Int] = []
            hall.onPiece = { busy.append(state.inFlight) }
            _ = try hall.walk(body)
            #expect(busy.last == 0)
        }
    }

    // MARK: Limits

    @Test func `a limit of requests lets in as many as it says, and tells when the next may come`() throws {
        var limits = LimitsSettings()
        limits.defaultPrincipal.requestsPerMinute = 2
        let hall = try hall(1, limits: limits)
        for _ in 0..<2 {
            hall.upstream.answer(.json(Script.reply))
            #expect(try hall.walk(Script.chat).status == 200)
        }
        let fault = try hall.walk(Script.chat).fault
        #expect(fault?.code == .rateLimited)
        #expect(fault?.retryAfter ?? 0 > 59_000_000_000)
        #expect(hall.upstream.requests.count == 2)
        hall.bench.clock.advance(milliseconds: 60_250)
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat).status == 200)
    }

    @Test func `tokens that were reserved and not used can be used by others`() throws {
        var limits = LimitsSettings()
        limits.global.tokensPerMinute = 1200
        let hall = try hall(1, limits: limits)
        // Each reserves more than 1,000 and uses 15.
        for _ in 0..<5 {
            hall.upstream.answer(.json(Script.reply))
            #expect(try hall.walk(Script.chat).status == 200)
        }
    }

    @Test func `a place among parallel requests comes back when the request ends in any way`() throws {
        var limits = LimitsSettings()
        limits.global.parallel = 1
        let hall = try hall(1, retries: 0, limits: limits)
        hall.upstream.answer(.silence)
        let abandonment = Abandonment()
        _ = try hall.start(Script.chat, abandonment)
        #expect(try hall.walk(Script.chat).fault?.code == .rateLimited)
        abandonment.abandon()
        hall.bench.run()
        hall.upstream.answer(.json("{}", status: 500))
        #expect(try hall.walk(Script.chat).fault?.upstream?.status == 500)
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat).status == 200)
    }

    // MARK: Explained

    @Test func `an account of the decisions is kept only when somebody wants it`() throws {
        for (explains, expected) in [(false, ""), (true, "attempt gpt/")] {
            let hall = try hall(explains: explains)
            hall.upstream.answer(.json(Script.reply))
            _ = try hall.walk(Script.chat)
            #expect(try hall.onlyEvent().decisions.hasPrefix(expected))
            #expect(try hall.onlyEvent().decisions.isEmpty == !explains)
        }
    }
}
