import NIOCore
import Testing
import WeirCore
import WeirPipeline
import WeirTestKit

/// Requests that find every deployment full, where the configuration lets them wait.
struct WaitingLineTests {
    private func hall(limit: Int = 10) throws -> Hall {
        var traits = DeploymentTraits()
        traits.maxParallelRequests = 1
        let snapshot = try Hall.snapshot(
            [try Hall.openai(traits: traits)], queue: QueueSettings(timeout: 5_000_000_000, limit: limit))
        let hall = Hall(snapshot)
        hall.upstream.holdsPauses = true
        return hall
    }

    private static let model = #"{"model":"gpt","messages":[]}"#

    @Test func `the one who matters more goes first, then the one who came first`() throws {
        let hall = try hall()
        let running = ScriptedReply.json(Script.reply, ends: false)
        hall.upstream.answer(running)
        let first = try hall.start(Self.model)
        let waiting = try [5, 5, 1].map { try hall.start(Self.model, priority: $0) }
        #expect(hall.pipeline.line.count == 3)
        #expect(hall.upstream.requests.count == 1)
        let replies = (0..<3).map { _ in ScriptedReply.json(Script.reply, ends: false) }
        for reply in replies { hall.upstream.answer(reply) }
        var order: [Int] = []
        running.feed(.end)
        hall.bench.run()
        #expect(first.outcome.isFinished)
        for (number, reply) in replies.enumerated() {
            #expect(hall.upstream.requests.count == 2 + number)
            reply.feed(.end)
            hall.bench.run()
            order.append(waiting.indices.first { waiting[$0].outcome.isFinished && !order.contains($0) } ?? -1)
        }
        #expect(order == [2, 0, 1])
        #expect(hall.pipeline.line.count == 0)
    }

    @Test func `a line that is full refuses, and so does one whose time is over`() throws {
        let hall = try hall(limit: 1)
        hall.upstream.answer(ScriptedReply.json(Script.reply, ends: false))
        _ = try hall.start(Self.model)
        let waiting = try hall.start(Self.model)
        #expect(hall.pipeline.line.count == 1)
        let crowded = try hall.walk(Self.model).fault
        #expect(crowded?.code == .noDeployment)
        #expect(crowded?.retryAfter != nil)
        hall.bench.clock.advance(milliseconds: 5001)
        hall.pipeline.line.call("gpt")
        hall.bench.run()
        #expect(waiting.outcome.isFinished)
        #expect(waiting.heard.fault?.code == .noDeployment)
        #expect(hall.pipeline.line.count == 0)
    }

    @Test func `a client who leaves while waiting leaves the line`() throws {
        let hall = try hall()
        hall.upstream.answer(ScriptedReply.json(Script.reply, ends: false))
        _ = try hall.start(Self.model)
        let abandonment = Abandonment()
        let waiting = try hall.start(Self.model, abandonment)
        #expect(hall.pipeline.line.count == 1)
        abandonment.abandon()
        hall.bench.run()
        #expect(waiting.heard.fault?.code == .clientLeft)
        #expect(hall.pipeline.line.count == 0)
    }
}
