import Testing
import WeirCore
import WeirHTTP
import WeirTestKit

/// How bodies are read, and what happens to those that are not wanted.
struct RequestBodyTests {
    private static let head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: weir\r\nAuthorization: Bearer \(Doorway.key)\r\n"

    private func chunks(_ parts: String...) -> String {
        parts.map { String($0.utf8.count, radix: 16) + "\r\n" + $0 + "\r\n" }.joined() + "0\r\n\r\n"
    }

    @Test func `a body in chunks is a body`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.json(Say.reply))
        let body = chunks(#"{"mod"#, #"el":"gpt","#, #""messages":[]}"#)
        let reply = try doorway.reply(to: Self.head + "Transfer-Encoding: chunked\r\n\r\n" + body)
        #expect(reply.status == 200)
        #expect(doorway.upstream.texts[0].hasSuffix(#"{"model":"gpt-4o","messages":[]}"#))
    }

    @Test func `what follows a body in chunks is the next request`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.json(Say.reply))
        let text =
            Self.head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(Say.chat) + Say.ask("GET /health/liveliness")
        #expect(try doorway.replies(to: text).map(\.status) == [200, 200])
    }

    @Test func `who expects to be told to go on is told`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.json(Say.reply))
        let client = try doorway.client()
        try client.send(Self.head + "Expect: 100-continue\r\nContent-Length: \(Say.chat.utf8.count)\r\n\r\n")
        #expect(client.replies().map(\.status) == [100])
        try client.send(Say.chat)
        #expect(client.replies().map(\.status) == [100, 200])
    }

    @Test func `who has sent his body already is not told to go on`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.json(Say.reply))
        #expect(try doorway.replies(to: Say.post(Say.chat, fields: "Expect: 100-continue\r\n")).map(\.status) == [200])
    }

    @Test func `a stranger who asks to go on is refused before he sends anything`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        try client.send(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: w\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n")
        #expect(client.replies().map(\.status) == [401])
        #expect(!client.isOpen)
    }

    @Test func `a body that is announced too large is refused unread`() throws {
        let doorway = try Doorway { $0.bodyBytes = 1 << 20 }
        let client = try doorway.client()
        try client.send(Self.head + "Content-Length: \((1 << 20) + 1)\r\n\r\n")
        let reply = try #require(client.replies().first)
        #expect(reply.status == 413)
        #expect(reply.body.contains("1 MiB"))
        #expect(reply.body.contains("max_request_size_mb"))
        #expect(!client.isOpen)
        #expect(try doorway.onlyEvent().fault == .bodyTooLarge)
    }

    @Test func `a body of just the size allowed is read`() throws {
        let doorway = try Doorway { $0.bodyBytes = 100 }
        doorway.upstream.answer(.json(Say.reply))
        let body = Say.chat + String(repeating: " ", count: 100 - Say.chat.utf8.count)
        #expect(try doorway.reply(to: Say.post(body)).status == 200)
    }

    @Test func `a body whose chunks grow too large is refused`() throws {
        let doorway = try Doorway { $0.bodyBytes = 100 }
        let client = try doorway.client()
        try client.send(Self.head + "Transfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<3 where client.isOpen { try client.send("28\r\n" + String(repeating: "x", count: 40) + "\r\n") }
        #expect(client.replies().map(\.status) == [413])
        #expect(!client.isOpen)
    }

    @Test(arguments: ["zz\r\n", "5\r\nhelloX\r\n", "-1\r\n", "\r\n", "5\nhello\r\n"])
    func `chunks that are garbled end the connection`(chunk: String) throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        try client.send(Self.head + "Transfer-Encoding: chunked\r\n\r\n" + chunk)
        #expect(client.replies().map(\.status) == [400])
        #expect(!client.isOpen)
        #expect(doorway.upstream.requests.isEmpty)
    }

    @Test func `after a refusal the body is skipped and the connection goes on`() throws {
        let doorway = try Doorway()
        let stranger = Say.post(Say.chat).replacing(Doorway.key, with: "sk-wrong")
        #expect(try doorway.replies(to: stranger + Say.ask("GET /health/liveliness")).map(\.status) == [401, 200])
    }

    @Test func `after a refusal a long body is not read`() throws {
        let doorway = try Doorway()
        let client = try doorway.client()
        try client.send(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: w\r\nContent-Length: 10000000\r\n\r\n{")
        #expect(client.replies().map(\.status) == [401])
        #expect(client.replies().map { $0["connection"] } == ["close"])
        #expect(!client.isOpen)
    }

    @Test func `a body nobody asked for is read and dropped`() throws {
        let doorway = try Doorway()
        let text = "GET /health/liveliness HTTP/1.1\r\nHost: w\r\nContent-Length: 5\r\n\r\nhello"
        #expect(try doorway.replies(to: text + text).map(\.status) == [200, 200])
    }

    // MARK: What is in it

    @Test(arguments: [
        ("", "request_body"), ("{", "request_body"), ("[]", "request_body"), (#"{"model":"gpt",}"#, "request_body"),
        (#"{"model":"gpt","model":"x"}"#, "request_body"), ("{}", "model"), (#"{"model":null}"#, "model"),
        (#"{"model":7}"#, "model"), (#"{"model":"gpt","stream":"yes"}"#, "stream"),
        (#"{"model":"gpt","stream":1}"#, "stream"), (#"{"model":"nobody"}"#, "model"),
    ])
    func `a body that cannot be used names what is wrong`(body: String, param: String) throws {
        let doorway = try Doorway()
        let reply = try doorway.reply(to: Say.post(body))
        #expect(reply.status == 400)
        #expect(reply.body.contains(#""param":"\#(param)""#))
        #expect(doorway.upstream.requests.isEmpty)
    }

    @Test(arguments: [
        "/v1/engines/gpt/chat/completions", "/engines/gpt/chat/completions", "/openai/deployments/gpt/chat/completions",
        "/openai/deployments/g%70t/chat/completions", "/chat/completions", "/v1/chat/completions?api-version=1",
    ])
    func `the path may name the model`(path: String) throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.json(Say.reply))
        let body = path.contains("/gpt/") || path.contains("%") ? #"{"model":"ignored"}"# : Say.chat
        #expect(try doorway.reply(to: Say.post(body, path)).status == 200)
        #expect(doorway.upstream.texts[0].contains(#""model":"gpt-4o""#))
    }

    @Test func `a transcription's form goes on with its boundary`() throws {
        let doorway = try Doorway()
        doorway.upstream.answer(.json(#"{"text":"hi"}"#))
        let call = SampleCall.transcription(model: "gpt")
        let text = Say.post(
            call.body.text, "/v1/audio/transcriptions", fields: "Content-Type: multipart/form-data; boundary=cut\r\n")
        #expect(try doorway.reply(to: text).body == #"{"text":"hi"}"#)
        #expect(doorway.upstream.texts[0].contains("content-type: multipart/form-data; boundary=cut\r\n"))
        #expect(doorway.upstream.texts[0].hasSuffix(SampleCall.transcription(model: "gpt-4o").body.text))
    }
}
