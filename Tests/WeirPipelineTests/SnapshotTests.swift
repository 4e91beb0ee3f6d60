import Testing
import WeirCore
import WeirPipeline
import WeirTestKit

/// A new configuration while requests run.
struct SnapshotTests {
    @Test func `a request keeps what it began with to its last byte`() throws {
        let hall = try Hall()
        let reply = ScriptedReply.events([Script.role], ends: false)
        hall.upstream.answer(reply)
        let walk = try hall.start(Script.stream)
        hall.pipeline.snapshot = try Hall.snapshot([try Hall.openai(group: "other", price: nil)])
        for piece in [Script.text, Script.finish, Script.usage, Script.done] {
            reply.feed(piece)
            hall.bench.run()
        }
        reply.feed(.end)
        hall.bench.run()
        #expect(walk.outcome.isFinished)
        #expect(walk.heard.text == Script.heard(Script.role + Script.text + Script.finish + Script.done))
        let event = try hall.onlyEvent()
        #expect(event.deployment?.group == "gpt")
        #expect(event.cost == Money("0.00006"))
    }

    @Test func `the request after it gets the new one`() throws {
        let hall = try Hall()
        hall.pipeline.snapshot = try Hall.snapshot([try Hall.openai(group: "other")])
        #expect(try hall.walk(Script.chat).fault?.code == .modelUnknown)
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(#"{"model":"other"}"#).status == 200)
        #expect(hall.events.ended.count == 2)
    }

    @Test func `names of requests are random and of version 4`() throws {
        let hall = try Hall()
        let names = (0..<1000).map { _ in hall.pipeline.newCallID().text }
        #expect(Set(names).count == 1000)
        #expect(
            names.allSatisfy {
                $0.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil
            })
    }
}
