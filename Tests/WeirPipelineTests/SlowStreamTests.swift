import NIOCore
import Testing
import WeirCore
import WeirPipeline
import WeirRouting
import WeirTestKit

/// `min_tokens_per_second`: a stream that becomes slower is given up with an error.
struct SlowStreamTests {
    private static let second: UInt64 = 1_000

    private func hall(_ least: Double) throws -> Hall {
        var traits = DeploymentTraits()
        traits.slowestStream = least
        return Hall(try Hall.snapshot([try Hall.openai(traits: traits)]))
    }

    /// Feeds `count` tokens, one every so many milliseconds. True when the stream goes on after them.
    private func play(
        _ hall: Hall, _ reply: ScriptedReply, _ outcome: Outcome<Void>, _ count: Int, every milliseconds: UInt64,
        _ piece: String = Script.text
    ) -> Bool {
        for _ in 0..<count where !outcome.isFinished {
            hall.bench.clock.advance(milliseconds: milliseconds)
            reply.feed(piece)
            hall.bench.run()
        }
        return !outcome.isFinished
    }

    @Test(arguments: [(5.0, 190, true), (5.0, 210, false), (0.1, 9_000, true), (0.1, 11_000, false), (50.0, 19, true)])
    func `the bound is the number of tokens a second`(least: Double, pause: Int, goesOn: Bool) throws {
        let hall = try hall(least)
        let reply = ScriptedReply.events([Script.role], ends: false)
        hall.upstream.answer(reply)
        let (heard, outcome) = try hall.start(Script.stream)
        #expect(play(hall, reply, outcome, 400, every: UInt64(pause)) == goesOn)
        if goesOn {
            for piece in [Script.finish, Script.usage, Script.done] { reply.feed(piece) }
            reply.feed(.end)
            hall.bench.run()
            #expect(heard.fault == nil && outcome.isFinished)
            return
        }
        #expect(heard.text.contains("Hi"))
        #expect(heard.fault?.code == .upstreamTimeout)
        #expect(heard.fault?.message.contains("slower than") == true)
        #expect(reply.isCancelled)
        let event = try hall.onlyEvent()
        #expect(event.ending == .upstreamBroke && event.fault == .upstreamTimeout)
        let state = try #require(hall.pipeline.snapshot.planner.allGroups.first?.candidates.first?.state)
        #expect(state.inFlight == 0 && state.record(at: hall.bench.clock.now).failed == 1)
    }

    @Test func `time before the first token does not count`() throws {
        let hall = try hall(5)
        let reply = ScriptedReply.events([Script.role], ends: false)
        hall.upstream.answer(reply)
        let (_, outcome) = try hall.start(Script.stream)
        #expect(play(hall, reply, outcome, 20, every: 3 * Self.second, ": working\n\n"))
        #expect(play(hall, reply, outcome, 200, every: 100))
    }

    @Test func `a client who reads slowly does the upstream no harm`() throws {
        let hall = try hall(5)
        hall.onPiece = { hall.bench.clock.advance(milliseconds: 30 * Self.second) }
        hall.upstream.answer(.events([Script.role, Script.text, Script.text, Script.text, Script.finish, Script.done]))
        #expect(try hall.walk(Script.stream).fault == nil)
    }

    @Test func `several tokens in one event count as several`() throws {
        let long =
            #"data: {"model":"gpt-4o-2024","choices":[{"delta":{"content":"\#(String(repeating: "word ", count: 20))"}}]}"#
        let hall = try hall(5)
        let reply = ScriptedReply.events([Script.role, Script.text], ends: false)
        hall.upstream.answer(reply)
        let (_, outcome) = try hall.start(Script.stream)
        // 20 words and more every 2 s.
        #expect(play(hall, reply, outcome, 30, every: 2 * Self.second, long + "\n\n"))
        #expect(!play(hall, reply, outcome, 30, every: 2 * Self.second))
    }

    @Test func `comments are no tokens`() throws {
        let hall = try hall(1)
        let reply = ScriptedReply.events([Script.role, Script.text], ends: false)
        hall.upstream.answer(reply)
        let (_, outcome) = try hall.start(Script.stream)
        #expect(!play(hall, reply, outcome, 20, every: 500, ": ping\n\n"))
    }
}
