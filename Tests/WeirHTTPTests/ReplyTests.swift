import NIOCore
import Testing
import WeirCore
import WeirHTTP
import WeirTestKit

/// Replies of upstreams on their way to the client.
struct ReplyTests {
    // MARK: Fields

    @Test func `a reply carries what LiteLLM's clients look for`() throws {
        let doorway = try Doorway()
        let reply = try doorway.chat(.reply(.json(Say.reply)))
        #expect(reply.status == 200)
        #expect(reply.body == Say.heard)
        #expect(reply["content-length"] == String(Say.heard.utf8.count))
        #expect(reply["x-litellm-version"] == "1.2.3")
        #expect(reply["x-litellm-model-id"] == "id-0")
        #expect(reply["x-litellm-model-group"] == "gpt")
        #expect(reply["x-litellm-model-api-base"] == "https://api.openai.com/v1")
        #expect(reply["x-litellm-response-cost"] == "0.00002")
        #expect(reply["x-litellm-attempted-retries"] == "0")
        #expect(reply["x-litellm-attempted-fallbacks"] == "0")
        #expect(reply["x-litellm-response-duration-ms"] == "0.000")
        #expect(reply["x-litellm-overhead-duration-ms"] == "0.000")
        let event = try doorway.onlyEvent()
        #expect(reply["x-litellm-call-id"] == event.callID)
        #expect(event.status == 200)
        #expect(event.route == "/v1/chat/completions")
        #expect(event.clientAddress == "192.0.2.7")
        #expect(event.bytesOut > Say.heard.utf8.count)
        #expect(event.cost == Money("0.00002"))
    }

    @Test func `a reply's bytes in and out are counted`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.json(Say.reply))
        let client = try doorway.client()
        let text = Say.post(Say.chat)
        try client.send(text)
        let heard = client.text
        let event = try doorway.onlyEvent()
        #expect(event.bytesIn == text.utf8.count)
        #expect(event.bytesOut == heard.utf8.count)
    }

    @Test func `an upstream's own fields are renamed unless clients need them`() throws {
        let fields =
            "X-Request-ID: r\r\nserver: cloudflare\r\nOpenAI-Processing-Ms: 5\r\nx-ratelimit-remaining: 1\r\n"
            + "set-cookie: a=b\r\nDate: today\r\nretry-after-ms: 3\r\ncache-control: no-store\r\n"
        let reply = try Doorway().chat(.reply(.json(Say.reply, fields: fields)))
        let passed = [
            "x-request-id", "openai-processing-ms", "x-ratelimit-remaining", "retry-after-ms", "cache-control",
        ]
        for name in passed { #expect(reply.count(of: name) == 1, "\(name)") }
        for name in ["server", "set-cookie", "date"] {
            #expect(reply[name] == nil, "\(name)")
            #expect(reply["llm_provider-\(name)"] != nil, "\(name)")
        }
    }

    @Test func `a client's own call id comes back`() throws {
        let doorway = try Doorway()
        let reply = try doorway.chat(.reply(.json(Say.reply)), fields: "x-litellm-call-id: mine-1\r\n")
        #expect(reply["x-litellm-call-id"] == "mine-1")
        #expect(try doorway.onlyEvent().callID == "mine-1")
    }

    @Test(arguments: ["two words", String(repeating: "x", count: 257), "ümlaut"])
    func `a call id that could do harm is replaced`(id: String) throws {
        let reply = try Doorway().chat(.reply(.json(Say.reply)), fields: "x-litellm-call-id: \(id)\r\n")
        #expect(reply["x-litellm-call-id"]?.utf8.count == 36)
    }

    @Test func `the client's fields for vendors and tracing go on, its keys do not`() throws {
        let doorway = try Doorway()
        let fields =
            "OpenAI-Beta: b\r\nanthropic-version: 1\r\ntraceparent: 00-a\r\ntracestate: x=1\r\nX-Team: t\r\n"
            + "Cookie: c\r\nx-litellm-tags: t\r\nUser-Agent: ua\r\n"
        _ = try doorway.chat(.reply(.json(Say.reply)), fields: fields)
        let sent = doorway.upstream.texts[0]
        for line in ["OpenAI-Beta: b", "anthropic-version: 1", "traceparent: 00-a", "tracestate: x=1"] {
            #expect(sent.contains("\r\n\(line)\r\n"), "\(line)")
        }
        for text in ["X-Team", "Cookie", "x-litellm", Doorway.key, "user-agent: ua", "User-Agent"] {
            #expect(!sent.contains(text), "\(text)")
        }
        #expect(try doorway.onlyEvent().userAgent == "ua")
    }

    @Test func `fields that begin with x go on when the configuration says so, keys and addresses never`() throws {
        let doorway = try Doorway { $0.forwardsClientFields = true }
        let fields = "X-Team: t\r\nX-Api-Key: k-9\r\nx-forwarded-for: 1.2.3.4\r\nX-Real-IP: 1\r\nX-LiteLLM-Tags: q\r\n"
        _ = try doorway.chat(.reply(.json(Say.reply)), fields: fields)
        let sent = doorway.upstream.texts[0]
        #expect(sent.contains("\r\nX-Team: t\r\n"))
        for text in ["k-9", "1.2.3.4", "Real-IP", "Tags"] { #expect(!sent.contains(text), "\(text)") }
    }

    // MARK: Bodies

    @Test func `a large reply is whole`() throws {
        let long = #"{"model":"gpt-4o","x":""# + String(repeating: "ab", count: 200_000) + #""}"#
        let reply = try Doorway().chat(.reply(.json(long)))
        #expect(reply.body == long.replacing("gpt-4o", with: "gpt"))
        #expect(reply.isComplete)
    }

    @Test func `a reply of no known length and kind is sent in chunks`() throws {
        let head = ReplyHead(
            status: 200, fields: Bytes(string: "content-type: audio/mpeg\r\n"), contentKind: .other, contentLength: nil)
        let steps: [ScriptedReply.Step] = ["ID3", "abc", ""].map { .bytes(Bytes(string: $0)) } + [.end]
        let reply = try Doorway().chat(.reply(ScriptedReply(head, steps)))
        #expect(reply["transfer-encoding"] == "chunked")
        #expect(reply["content-length"] == nil)
        #expect(reply.body == "ID3abc")
        #expect(reply.isComplete)
    }

    @Test func `a reply of a known length keeps it`() throws {
        let head = ReplyHead(
            status: 200, fields: Bytes(string: "content-type: audio/mpeg\r\n"), contentKind: .other, contentLength: 6)
        let steps: [ScriptedReply.Step] = ["ID3", "abc"].map { .bytes(Bytes(string: $0)) } + [.end]
        let reply = try Doorway().chat(.reply(ScriptedReply(head, steps)))
        #expect(reply["content-length"] == "6")
        #expect(reply["transfer-encoding"] == nil)
        #expect(reply.isComplete)
    }

    @Test func `a reply that breaks off under its length ends the connection early`() throws {
        let head = ReplyHead(status: 200, fields: Bytes(), contentKind: .other, contentLength: 6)
        let doorway = try Doorway()
        let fault = GatewayFault(.upstreamReset, "gone")
        doorway.upstream.answer(ScriptedReply(head, [.bytes(Bytes(string: "ID3")), .fault(fault)]))
        let client = try doorway.client()
        try client.send(Say.post(Say.chat))
        #expect(client.replies().map(\.isComplete) == [false])
        #expect(!client.isOpen)
        #expect(try doorway.onlyEvent().ending == .upstreamBroke)
    }

    // MARK: Streams

    @Test func `a stream passes piece by piece`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([], ends: false)
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        #expect(client.text.isEmpty)
        stream.feed(Say.text)
        doorway.bench.run()
        #expect(client.replies().map(\.body) == [Say.text])
        #expect(client.replies().map(\.isComplete) == [false])
        stream.feed(Say.finish)
        doorway.bench.run()
        #expect(client.replies().map(\.body) == [Say.text + Say.finish])
        stream.feed(Say.done)
        stream.feed(.end)
        doorway.bench.run()
        let reply = client.replies()[0]
        #expect(reply.body == Say.text + Say.finish + Say.done)
        #expect(reply.isComplete)
        #expect(reply["content-type"] == "text/event-stream")
        #expect(reply["x-litellm-response-duration-ms"] == nil)
        #expect(client.isOpen)
    }

    @Test func `a stream that breaks before its first byte has a true status`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([], ends: false)
        stream.feed(.fault(GatewayFault(.upstreamReset, "gone")))
        let reply = try doorway.chat(.reply(stream), Say.stream)
        #expect(reply.status == 500)
        #expect(reply["content-type"] == "application/json")
        let event = try doorway.onlyEvent()
        #expect(event.ending == .complete)
        #expect(event.fault == .upstreamReset)
    }

    @Test func `a stream that breaks tells so in an event and ends the connection`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([Say.text], ends: false)
        stream.feed(.fault(GatewayFault(.upstreamReset, "gone")))
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        let reply = try #require(client.replies().first)
        #expect(
            reply.body == Say.text
                + #"data: {"error":{"message":"litellm.InternalServerError: InternalServerError: OpenAIException - "#
                + #"Connection error. gone","type":"internal_server_error","param":null,"code":"500"}}"# + "\n\n")
        #expect(reply.isComplete)
        #expect(!reply.body.contains("[DONE]"))
        #expect(!client.isOpen)
        let event = try doorway.onlyEvent()
        #expect(event.ending == .upstreamBroke)
        #expect(event.status == 200)
        #expect(event.fault == .upstreamReset)
    }

    @Test(arguments: ["\n", "\n\n", "\r\n", "\r\n\r\n", ""])
    func `an event that was cut is ended before the error`(end: String) throws {
        // A stream that is not edited passes byte for byte, so that it can break within an event.
        let doorway = try Doorway()
        let stream = ScriptedReply.events(["data: {\"x\":1}" + end], ends: false)
        stream.feed(.fault(GatewayFault(.upstreamReset, "gone")))
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream, "/v1/responses"))
        let body = try #require(client.replies().first).body
        let lines = body.replacing("\r\n", with: "\n").split(separator: /\n\n+/)
        #expect(lines.count == 2)
        #expect(lines.first == "data: {\"x\":1}")
        #expect(lines.last?.hasPrefix("data: {\"error\":{") == true)
        #expect(body.hasSuffix("\n\n"))
    }

    @Test func `a half-closed client of a stream is probed with a comment between two events`() throws {
        let doorway = try Doorway()
        let stream = ScriptedReply.events([Say.text], ends: false)
        doorway.upstream.answer(stream)
        let client = try doorway.client()
        try client.send(Say.post(Say.stream))
        client.closeInput()
        #expect(client.replies().first?.body == Say.text + ":\n\n")
        stream.feed(Say.finish)
        stream.feed(.end)
        doorway.bench.run()
        #expect(client.replies().first?.body == Say.text + ":\n\n" + Say.finish + Say.done)
        #expect(client.replies().first?.isComplete == true)
    }
}
