import NIOCore
import Testing
import WeirCore
import WeirPipeline
import WeirProviders
import WeirTestKit

/// The first calls to a server that was named without a path.
struct BasePathDiscoveryTests {
    private let memory = BasePathMemory()

    private func hall() throws -> Hall {
        Hall(try Hall.snapshot([try Hall.openai(base: "http://10.0.0.5:8000", memory: memory)]))
    }

    private func paths(_ hall: Hall) -> [String] {
        hall.upstream.texts.map { String($0.split(separator: " ")[1]) }
    }

    @Test func `a server that has v1 is asked there from then on`() throws {
        let hall = try hall()
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat).status == 200)
        #expect(paths(hall) == ["/v1/chat/completions"])
        #expect(memory.choice == .version)
        #expect(try hall.onlyEvent().attempts == 1)
    }

    @Test func `a server that answers at its root is found within the first request`() throws {
        let hall = try hall()
        hall.upstream.answer(.json("{}", status: 404))
        hall.upstream.answer(.json(Script.reply))
        let heard = try hall.walk(Script.chat)
        #expect(heard.status == 200)
        #expect(heard.text == Script.heard(Script.reply))
        #expect(paths(hall) == ["/v1/chat/completions", "/chat/completions"])
        #expect(memory.choice == .root)
        #expect(try hall.onlyEvent().attempts == 1)
        hall.upstream.answer(.json(Script.reply))
        _ = try hall.walk(Script.chat)
        #expect(paths(hall).last == "/chat/completions")
        #expect(hall.upstream.requests.count == 3)
    }

    @Test func `a server that knows neither is asked again the next time, and its first word is told`() throws {
        let hall = try hall()
        hall.upstream.answer(.json(#"{"error":{"message":"first"}}"#, status: 404))
        hall.upstream.answer(.json(#"{"error":{"message":"second"}}"#, status: 404))
        let fault = try hall.walk(Script.chat).fault
        #expect(fault?.upstream?.status == 404)
        #expect(fault?.upstream?.body.text.contains("first") == true)
        #expect(memory.choice == .unknown)
        #expect(try hall.onlyEvent().fault == .upstreamError)
    }

    @Test func `an error at the root is the root's answer`() throws {
        let hall = try hall()
        hall.upstream.answer(.json("{}", status: 404))
        hall.upstream.answer(.json("{}", status: 400))
        #expect(try hall.walk(Script.chat).fault?.upstream?.status == 400)
        #expect(memory.choice == .root)
        _ = try hall.onlyEvent()
    }

    @Test func `an error other than not found means that v1 is right`() throws {
        let hall = try hall()
        hall.upstream.answer(.json("{}", status: 400))
        #expect(try hall.walk(Script.chat).fault?.upstream?.status == 400)
        #expect(memory.choice == .version)
        #expect(hall.upstream.requests.count == 1)
    }

    @Test func `a server that breaks while it is found out is unknown still`() throws {
        let hall = try hall()
        hall.upstream.answer(.json("{}", status: 404))
        hall.upstream.answer(.fault(GatewayFault(.upstreamReset, "gone")))
        #expect(try hall.walk(Script.chat).fault?.code == .upstreamReset)
        #expect(memory.choice == .unknown)
        _ = try hall.onlyEvent()
    }

    @Test func `a server whose refusal breaks while it is found out is unknown still`() throws {
        let hall = try hall()
        let head = ReplyHead(status: 404, fields: Bytes(), contentKind: .json, contentLength: 9)
        hall.upstream.answer(ScriptedReply(head, [.fault(GatewayFault(.upstreamReset, "gone"))]))
        _ = try hall.walk(Script.chat)
        #expect(memory.choice == .unknown)
    }
}
