import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

struct LocalModelTests {
    /// The reply's bytes, to the end.
    private func heard(_ reply: LocalReply) async throws -> String {
        var text = ""
        while let piece = try await reply.next() { text += piece.text }
        return text
    }

    private func answer(
        _ model: LocalModel = .echo, _ body: String, _ operation: WeirCore.Operation = .chatCompletions
    ) async throws -> String {
        try await heard(model.reply(to: SampleCall.json(body, operation), id: "7", created: 1_700_000_000))
    }

    private func content(_ json: String, _ key: String = "content") throws -> String {
        let start = try #require(json.firstRange(of: "\"\(key)\":"))
        let end = try #require(json[start.upperBound...].firstRange(of: key == "text" ? ",\"finish" : "},\"finish"))
        return String(json[start.upperBound..<end.lowerBound])
    }

    @Test func `an echo answers a chat with its last word`() async throws {
        let body = #"{"model":"echo","messages":[{"role":"user","content":"Hello, river"}]}"#
        let tokens = (body.utf8.count + 3) / 4
        #expect(
            try await answer(body)
                == #"{"id":"chatcmpl-7","object":"chat.completion","created":1700000000,"model":"echo","#
                + #""choices":[{"index":0,"message":{"role":"assistant","content":"Hello, river"},"#
                + #""finish_reason":"stop"}],"usage":{"prompt_tokens":\#(tokens),"completion_tokens":4,"#
                + #""total_tokens":\#(tokens + 4)}}"#)
    }

    private func answer(_ body: String, _ operation: WeirCore.Operation = .chatCompletions) async throws -> String {
        try await answer(.echo, body, operation)
    }

    @Test(arguments: [
        (#"[{"role":"user","content":"one"},{"role":"user","content":"two"}]"#, #""two""#),
        (#"[{"role":"user","content":"one"},{"role":"assistant","content":"two"}]"#, #""one""#),
        (#"[{"content":"late role","role":"user"}]"#, #""late role""#),
        (#"[{"role":"user","content":"a \"b\" \\ \u00e9\n"}]"#, #""a \"b\" \\ \u00e9\n""#),
        (#"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]"#, #""a\nb""#),
        (
            #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}},{"type":"text","text":"b"}]}]"#,
            #""b""#
        ),
        (#"[{"role":"user","content":""}]"#, #""""#), (#"[{"role":"user","content":null}]"#, #""""#),
        (#"[{"role":"user"}]"#, #""""#), (#"[{"role":"system","content":"x"}]"#, #""""#), ("[]", #""""#),
        (#"[1,null,"user",[]]"#, #""""#), (#""user""#, #""""#), ("{}", #""""#),
    ])
    func `the last user message is found in every form`(messages: String, expected: String) async throws {
        #expect(try content(await answer(#"{"model":"echo","messages":\#(messages)}"#)) == expected)
    }

    @Test func `a chat without messages is answered with nothing`() async throws {
        #expect(try content(await answer(#"{"model":"echo"}"#)) == #""""#)
    }

    @Test func `a completion repeats its prompt`() async throws {
        let json = try await answer(#"{"model":"echo","prompt":"Once \u0075pon"}"#, .completions)
        #expect(json.contains(#""object":"text_completion""#))
        #expect(json.hasPrefix(#"{"id":"cmpl-7""#))
        #expect(try content(json, "text") == #""Once \u0075pon""#)
    }

    @Test func `several prompts are joined`() async throws {
        let json = try await answer(#"{"model":"echo","prompt":["a","b"]}"#, .completions)
        #expect(try content(json, "text") == #""a\nb""#)
    }

    @Test func `a fixed text is the answer to everything`() async throws {
        let json = try await answer(.fixed("Say \"no\"\n"), #"{"model":"x","messages":[]}"#)
        #expect(try content(json) == #""Say \"no\"\n""#)
    }

    @Test func `a stream gives a word an event and ends`() async throws {
        let body = #"{"model":"echo","stream":true,"messages":[{"role":"user","content":"Hello, blue river"}]}"#
        let head = #"data: {"id":"chatcmpl-7","object":"chat.completion.chunk","created":1700000000,"model":"echo","#
        let choice = #""choices":[{"index":0,"delta":"#
        #expect(
            try await answer(body) == """
                \(head)\(choice){"role":"assistant","content":""},"finish_reason":null}]}

                \(head)\(choice){"content":"Hello,"},"finish_reason":null}]}

                \(head)\(choice){"content":" blue"},"finish_reason":null}]}

                \(head)\(choice){"content":" river"},"finish_reason":null}]}

                \(head)\(choice){},"finish_reason":"stop"}]}

                data: [DONE]


                """)
    }

    @Test func `a stream tells its usage when it was asked to`() async throws {
        let body = #"{"model":"e","stream":true,"stream_options":{"include_usage":true},"messages":[]}"#
        let tokens = (body.utf8.count + 3) / 4
        let end =
            #""choices":[],"usage":{"prompt_tokens":\#(tokens),"completion_tokens":1,"total_tokens":\#(tokens + 1)}}"#
        #expect(try await answer(body).hasSuffix(end + "\n\ndata: [DONE]\n\n"))
    }

    @Test func `a streamed completion carries text`() async throws {
        let heard = try await answer(#"{"model":"echo","stream":true,"prompt":"a b"}"#, .completions)
        #expect(heard.contains(#"{"index":0,"text":"a","finish_reason":null}"#))
        #expect(heard.contains(#"{"index":0,"text":" b","finish_reason":null}"#))
        #expect(heard.contains(#"{"index":0,"text":"","finish_reason":"stop"}"#))
        #expect(!heard.contains("delta"))
    }

    @Test(arguments: [
        #"[{"role":"user","content":"tail "}]"#, #"[{"role":"user","content":"  "}]"#,
        #"[{"role":"user","content":" a  b"}]"#, #"[{"role":"user","content":"\u0020\\ \""}]"#,
    ])
    func `the words of a stream together are the text`(messages: String) async throws {
        let whole = try content(await answer(#"{"model":"e","messages":\#(messages)}"#))
        let stream = try await answer(#"{"model":"e","stream":true,"messages":\#(messages)}"#)
        let words = stream.matches(of: /{"content":"((?:[^"\\]|\\.)*)"},/).map { String($0.1) }
        #expect("\"" + words.joined() + "\"" == whole)
    }

    @Test(arguments: WeirCore.Operation.allCases.filter { $0 != .chatCompletions && $0 != .completions })
    func `other operations are not served here`(operation: WeirCore.Operation) throws {
        let call = try SampleCall.json(#"{"model":"echo"}"#, operation)
        let fault = #expect(throws: GatewayFault.self) { try LocalModel.echo.reply(to: call, id: "7", created: 1) }
        #expect(fault?.code == .notSupported)
    }

    @Test func `the heads say what follows`() throws {
        let whole = try LocalModel.echo.reply(to: SampleCall.json(#"{"model":"e"}"#), id: "7", created: 1)
        #expect(whole.head.contentKind == .json)
        #expect(whole.head.contentLength != nil)
        let stream = try LocalModel.echo.reply(
            to: SampleCall.json(#"{"model":"e","stream":true}"#), id: "7", created: 1)
        #expect(stream.head.contentKind == .eventStream)
        #expect(stream.head.contentLength == nil)
        #expect(stream.head.fields.text == "content-type: text/event-stream; charset=utf-8\r\n")
    }

    @Test func `a cancelled answer ends`() async throws {
        let reply = try LocalModel.echo.reply(to: SampleCall.json(#"{"model":"e"}"#), id: "7", created: 1)
        reply.cancel()
        #expect(try await reply.next() == nil)
    }

    @Test func `a deployment echoes when it is told to, one with a text says it`() {
        let deployment = Deployment(index: 0, id: "1", group: "e", vendor: "echo", upstreamModel: "e", apiBase: "")
        var settings = ProviderSettings()
        #expect(PreparedDeployment(deployment, settings, basePath: nil).local == nil)
        settings.echoes = true
        #expect(PreparedDeployment(deployment, settings, basePath: nil).local == .echo)
        settings.mockText = "hello"
        #expect(PreparedDeployment(deployment, settings, basePath: nil).local == .fixed("hello"))
        #expect(
            PreparedDeployment(deployment, settings, basePath: nil).healthQuestions(
                endpoint: "/health", timeouts: UpstreamTimeouts()
            ).isEmpty)
    }
}
