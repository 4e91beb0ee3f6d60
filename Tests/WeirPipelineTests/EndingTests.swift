import NIOCore
import Testing
import WeirCore
import WeirPipeline
import WeirProviders
import WeirTestKit

/// Every way in which a request can end: one event each time, and nothing left over.
struct EndingTests {
    private static let usage = Usage(promptTokens: 10, completionTokens: 5, totalTokens: 15)
    /// 10 tokens at 2 millionths of a dollar and 5 at 8.
    private static let cost = Money("0.00006")

    // MARK: Done

    @Test func `a whole reply is done`() throws {
        let hall = try Hall()
        hall.upstream.answer(.json(Script.reply, fields: "x-request-id: r1\r\n"))
        let heard = try hall.walk(Script.chat)
        #expect(heard.status == 200)
        #expect(heard.text == Script.heard(Script.reply))
        #expect(heard.fields.contains("x-request-id: r1\r\n"))
        let event = try hall.onlyEvent()
        #expect(event.ending == .complete)
        #expect(event.fault == nil)
        #expect(event.usage == Self.usage)
        #expect(event.cost == Self.cost)
        #expect(event.attempts == 1)
        #expect(event.requestedModel == "gpt")
        #expect(event.deployment?.id == "id-0")
        #expect(event.principal?.kind == .master)
        #expect(!event.streams)
    }

    @Test func `a stream is done`() throws {
        let hall = try Hall()
        hall.upstream.answer(.events([Script.role, Script.text, Script.finish, Script.usage, Script.done]))
        let heard = try hall.walk(Script.stream)
        #expect(heard.isEventStream)
        #expect(heard.text == Script.heard(Script.role + Script.text + Script.finish + Script.done))
        let event = try hall.onlyEvent()
        #expect(event.ending == .complete)
        #expect(event.usage == Self.usage)
        #expect(event.cost == Self.cost)
        #expect(event.streams)
        #expect(hall.upstream.texts[0].contains(#""stream_options":{"include_usage":true}"#))
    }

    @Test func `a client that asked for the usage sees it`() throws {
        let hall = try Hall()
        hall.upstream.answer(.events([Script.text + Script.finish + Script.usage + Script.done]))
        #expect(try hall.walk(Script.streamWithUsage).text.contains("prompt_tokens"))
        #expect(try hall.onlyEvent().usage == Self.usage)
    }

    @Test func `times are those of the clock`() throws {
        let hall = try Hall()
        let reply = ScriptedReply.events([], ends: false)
        hall.upstream.answer(reply)
        let walk = try hall.start(Script.stream)
        for (piece, wait) in [(Script.role, 10), (Script.text, 20), (Script.finish, 30), (Script.done, 40)] {
            hall.bench.clock.advance(milliseconds: UInt64(wait))
            reply.feed(piece)
            hall.bench.run()
        }
        hall.bench.clock.advance(milliseconds: 50)
        reply.feed(.end)
        hall.bench.run()
        #expect(walk.outcome.isFinished)
        // The walk itself spends 1 ms before the upstream is asked.
        let event = try hall.onlyEvent()
        #expect(event.timeToFirstByte == 11_000_000)
        #expect(event.timeToFirstToken == 31_000_000)
        #expect(event.upstreamDuration == 100_000_000)
        #expect(event.duration == 151_000_000)
    }

    @Test func `a model of the house answers without an upstream`() throws {
        let hall = Hall(try Hall.snapshot([Hall.echo()]))
        let heard = try hall.walk(#"{"model":"echo","messages":[{"role":"user","content":"Hi"}]}"#)
        #expect(heard.text.contains(#""content":"Hi""#))
        #expect(heard.text.contains(#""created":1700000000"#))
        let event = try hall.onlyEvent()
        #expect(event.attempts == 1)
        #expect(event.usage != nil)
        #expect(event.cost == nil)
        #expect(hall.upstream.requests.isEmpty)
    }

    @Test func `what a model of the house does not do is refused`() throws {
        let hall = Hall(try Hall.snapshot([Hall.echo()]))
        let call = try SampleCall.json(#"{"model":"echo","input":"x"}"#, .embeddings)
        let heard = Hall.Heard()
        try hall.bench.finish {
            await hall.walk(call, key: "sk-master", ruled: nil, customer: nil, nil, Abandonment(), heard)
        }
        #expect(heard.fault?.code == .notSupported)
        #expect(try hall.onlyEvent().ending == .complete)
    }

    @Test func `without a price there is usage and no cost`() throws {
        let hall = Hall(try Hall.snapshot([try Hall.openai(price: nil)]))
        hall.upstream.answer(.json(Script.reply))
        _ = try hall.walk(Script.chat)
        let event = try hall.onlyEvent()
        #expect(event.usage == Self.usage)
        #expect(event.cost == nil)
    }

    @Test func `a reply that is no JSON passes as it is`() throws {
        let hall = try Hall()
        let head = ReplyHead(
            status: 200, fields: Bytes(string: "content-type: audio/mpeg\r\n"), contentKind: .other, contentLength: 6)
        hall.upstream.answer(ScriptedReply(head, [.bytes(Bytes(string: "ID3")), .bytes(Bytes(string: "xyz")), .end]))
        #expect(try hall.walk(Script.chat).text == "ID3xyz")
        #expect(try hall.onlyEvent().usage == nil)
    }

    @Test func `a reply that is encoded passes unread`() throws {
        let hall = try Hall()
        let head = ReplyHead(
            status: 200, fields: Bytes(string: "content-encoding: gzip\r\n"), contentKind: .json, contentLength: nil,
            isEncoded: true)
        hall.upstream.answer(ScriptedReply(head, [.bytes(Bytes(string: Script.reply)), .end]))
        #expect(try hall.walk(Script.chat).text == Script.reply)
        #expect(try hall.onlyEvent().usage == nil)
    }

    @Test func `a JSON reply too large to be held passes whole`() throws {
        let hall = try Hall()
        let piece = String(repeating: "0,", count: 1 << 19)
        let head = ReplyHead(status: 200, fields: Bytes(), contentKind: .json, contentLength: nil)
        let pieces = ["[", piece, piece, piece, piece, piece, "1]"]
        hall.upstream.answer(ScriptedReply(head, pieces.map { .bytes(Bytes(string: $0)) } + [.end]))
        #expect(try hall.walk(Script.chat).text == pieces.joined())
        #expect(try hall.onlyEvent().ending == .complete)
    }

    // MARK: The upstream breaks

    @Test(arguments: [
        FaultCode.upstreamRefused, .upstreamReset, .upstreamTimeout, .upstreamGarbled,
    ])
    func `an upstream that breaks before its reply is the fault that is told`(code: FaultCode) throws {
        let hall = try Hall()
        hall.upstream.answer(.fault(GatewayFault(code, "gone")))
        #expect(try hall.walk(Script.chat).fault?.code == code)
        let event = try hall.onlyEvent()
        #expect(event.ending == .complete)
        #expect(event.fault == code)
        #expect(event.attempts == 1)
        #expect(event.deployment != nil)
        #expect(event.usage == nil)
    }

    @Test func `a whole reply that breaks in its middle is a fault and no cut`() throws {
        let hall = try Hall()
        let head = ReplyHead(status: 200, fields: Bytes(), contentKind: .json, contentLength: 100)
        hall.upstream.answer(
            ScriptedReply(head, [.bytes(Bytes(string: "{")), .fault(GatewayFault(.upstreamReset, "gone"))]))
        let heard = try hall.walk(Script.chat)
        #expect(heard.text.isEmpty)
        #expect(heard.fault?.code == .upstreamReset)
        #expect(try hall.onlyEvent().fault == .upstreamReset)
    }

    @Test func `a stream that breaks after its first byte says so`() throws {
        let hall = try Hall()
        let reply = ScriptedReply.events([Script.role, Script.text], ends: false)
        reply.feed(.fault(GatewayFault(.upstreamReset, "gone")))
        hall.upstream.answer(reply)
        let heard = try hall.walk(Script.stream)
        #expect(heard.text == Script.heard(Script.role + Script.text))
        let event = try hall.onlyEvent()
        #expect(event.ending == .upstreamBroke)
        #expect(event.fault == .upstreamReset)
    }

    @Test func `a stream that just stops is broken`() throws {
        let hall = try Hall()
        hall.upstream.answer(.events([Script.role, Script.text]))
        let heard = try hall.walk(Script.stream)
        #expect(heard.fault?.code == .upstreamReset)
        #expect(try hall.onlyEvent().ending == .upstreamBroke)
    }

    @Test func `a stream that breaks behind its usage is still counted`() throws {
        let hall = try Hall()
        let reply = ScriptedReply.events([Script.text, Script.finish, Script.usage], ends: false)
        reply.feed(.fault(GatewayFault(.upstreamReset, "gone")))
        hall.upstream.answer(reply)
        _ = try hall.walk(Script.stream)
        let event = try hall.onlyEvent()
        #expect(event.usage == Self.usage)
        #expect(event.cost == Self.cost)
    }

    @Test func `an error within a stream is noted`() throws {
        let hall = try Hall()
        hall.upstream.answer(.events([Script.text, #"data: {"error":{"message":"overloaded"}}"# + "\n\n"]))
        #expect(try hall.walk(Script.stream).text.hasSuffix("overloaded\"}}\n\n"))
        #expect(try hall.onlyEvent().fault == .upstreamError)
    }

    @Test func `an upstream's error keeps its status and words, without our key`() throws {
        let hall = try Hall()
        hall.upstream.answer(
            .json(#"{"error":{"message":"bad key sk-upstream"}}"#, status: 418, fields: "retry-after: 3\r\n"))
        let fault = try hall.walk(Script.chat).fault
        #expect(fault?.code == .upstreamError)
        #expect(fault?.upstream?.status == 418)
        #expect(fault?.upstream?.body.text == #"{"error":{"message":"bad key ***"}}"#)
        #expect(fault?.upstream?.fields.text.contains("retry-after: 3\r\n") == true)
        #expect(try hall.onlyEvent().fault == .upstreamError)
    }

    @Test func `a refusal of our key is never shown as one of the client's`() throws {
        let hall = try Hall()
        hall.upstream.answer(.json(#"{"error":{"message":"bad key sk-upstream"}}"#, status: 401))
        let fault = try hall.walk(Script.chat).fault
        #expect(fault?.code == .upstreamKeyRefused)
        #expect(fault?.upstream == nil)
        #expect(fault?.message.contains("id-0") == true)
    }

    @Test(arguments: [
        (#"{"error":{"message":"down","code":502}}"#, 502), (#"{"error":{"message":"down","code":"x"}}"#, 500),
        (#"{"error":"down"}"#, 500),
    ])
    func `an error inside of a success is an error`(body: String, status: Int) throws {
        let hall = try Hall()
        hall.upstream.answer(.json(body))
        let fault = try hall.walk(Script.chat).fault
        #expect(fault?.code == .upstreamError)
        #expect(fault?.upstream?.status == status)
        #expect(try hall.onlyEvent().fault == .upstreamError)
    }

    @Test func `a reply that has a null error is a reply`() throws {
        let hall = try Hall()
        hall.upstream.answer(.json(#"{"object":"x","error":null}"#))
        #expect(try hall.walk(Script.chat).status == 200)
    }

    @Test func `a stream that begins with an error is an error with a status`() throws {
        let hall = try Hall()
        let error = #"{"error":{"message":"bad sk-upstream","code":429}}"#
        hall.upstream.answer(.events(["data: \(error)\n\n"]))
        let heard = try hall.walk(Script.stream)
        #expect(heard.text.isEmpty)
        #expect(heard.fault?.upstream?.status == 429)
        #expect(heard.fault?.upstream?.body.text.contains("sk-upstream") == false)
        #expect(try hall.onlyEvent().ending == .complete)
    }

    @Test func `JSON that ends too early under no length is a fault`() throws {
        let hall = try Hall()
        let head = ReplyHead(status: 200, fields: Bytes(), contentKind: .json, contentLength: nil)
        hall.upstream.answer(ScriptedReply(head, [.bytes(Bytes(string: #"{"model":"gpt-4o","choi"#)), .end]))
        #expect(try hall.walk(Script.chat).fault?.code == .upstreamGarbled)
        _ = try hall.onlyEvent()
    }

    @Test func `what comes behind the end of a stream is not passed, and how it ends does not matter`() throws {
        let hall = try Hall()
        let reply = ScriptedReply.events([Script.text, Script.finish + Script.done + "data: more\n\n"], ends: false)
        reply.feed("data: and more\n\n")
        reply.feed(.fault(GatewayFault(.upstreamReset, "gone")))
        hall.upstream.answer(reply)
        let heard = try hall.walk(Script.stream)
        #expect(heard.fault == nil)
        #expect(heard.text == Script.heard(Script.text + Script.finish + Script.done))
        #expect(try hall.onlyEvent().ending == .complete)
    }

    @Test(arguments: ["api_base", "base_url", "api_key", "user_config", "aws_secret_access_key", "azure_ad_token"])
    func `a request that would choose its backend is refused before anybody is asked`(name: String) throws {
        let snapshots = [try Hall.snapshot([try Hall.openai()]), try Hall.snapshot([Hall.echo()])]
        for (snapshot, model) in zip(snapshots, ["gpt", "echo"]) {
            let hall = Hall(snapshot)
            let heard = try hall.walk(#"{"model":"\#(model)","\#(name)":"http://evil/"}"#)
            #expect(heard.fault?.code == .credentialsInBody)
            #expect(heard.fault?.param == name)
            #expect(hall.upstream.requests.isEmpty)
        }
    }

    @Test(arguments: [199, 300, 302, 304, 400, 404, 429, 500, 503])
    func `only a status of success is a reply`(status: Int) throws {
        let hall = try Hall()
        hall.upstream.answer(.json("{}", status: status))
        #expect(try hall.walk(Script.chat).fault?.upstream?.status == status)
        #expect(try hall.onlyEvent().ending == .complete)
    }

    @Test func `an error without end is read so far and then closed`() throws {
        let hall = try Hall()
        let head = ReplyHead(status: 500, fields: Bytes(), contentKind: .other, contentLength: nil)
        let piece = Bytes(string: String(repeating: "x", count: 1 << 19))
        let reply = ScriptedReply(head, [.bytes(piece), .bytes(piece), .bytes(piece), .bytes(piece)])
        hall.upstream.answer(reply)
        #expect(try hall.walk(Script.chat).fault?.code == .upstreamError)
        #expect(reply.isCancelled)
        _ = try hall.onlyEvent()
    }

    // MARK: The client leaves

    @Test func `a client that leaves while the upstream is waited for`() throws {
        let hall = try Hall()
        hall.upstream.answer(.silence)
        let abandonment = Abandonment()
        let walk = try hall.start(Script.chat, abandonment)
        #expect(!walk.outcome.isFinished)
        #expect(hall.events.ended.isEmpty)
        hall.bench.clock.advance(milliseconds: 7)
        abandonment.abandon()
        hall.bench.run()
        #expect(walk.outcome.isFinished)
        let event = try hall.onlyEvent()
        #expect(event.ending == .clientLeft)
        #expect(event.fault == .clientLeft)
        #expect(event.upstreamDuration == 7_000_000)
    }

    @Test func `a client that leaves in the middle of a stream`() throws {
        let hall = try Hall()
        let reply = ScriptedReply.events([Script.role, Script.text], ends: false)
        hall.upstream.answer(reply)
        let abandonment = Abandonment()
        let walk = try hall.start(Script.stream, abandonment)
        #expect(!walk.outcome.isFinished)
        abandonment.abandon()
        hall.bench.run()
        #expect(walk.outcome.isFinished)
        #expect(try hall.onlyEvent().ending == .clientLeft)
    }

    @Test func `a request that is dropped without a word counts as one whose client left`() throws {
        let hall = try Hall()
        do {
            let event = RequestEvent(callID: "x", route: "/", clientAddress: "", startedAt: 0)
            let meter = RequestMeter(event, since: hall.bench.clock.now, hall.events, hall.bench.clock.source)
            meter.firstByteSent()
        }
        #expect(try hall.onlyEvent().ending == .clientLeft)
    }

    @Test func `a request ends once however often it is said`() throws {
        let hall = try Hall()
        do {
            let event = RequestEvent(callID: "x", route: "/", clientAddress: "", startedAt: 0)
            let meter = RequestMeter(event, since: hall.bench.clock.now, hall.events, hall.bench.clock.source)
            meter.finish(.complete)
            meter.finish(.upstreamBroke)
        }
        #expect(try hall.onlyEvent().ending == .complete)
    }

    // MARK: A room refuses

    @Test(arguments: [(nil, FaultCode.keyMissing), ("sk-wrong", .keyUnknown), ("wrong", .keyMalformed)])
    func `a stranger gets no further than the first room`(key: String?, code: FaultCode) throws {
        let hall = try Hall()
        #expect(try hall.walk(Script.chat, key: key).fault?.code == code)
        #expect(hall.upstream.requests.isEmpty)
        let event = try hall.onlyEvent()
        #expect(event.principal == nil)
        #expect(event.deployment == nil)
        #expect(event.attempts == 0)
        #expect(event.fault == code)
    }

    @Test func `a model that nobody knows is refused before anybody is asked`() throws {
        let hall = try Hall()
        #expect(try hall.walk(#"{"model":"gtp"}"#).fault?.code == .modelUnknown)
        #expect(hall.upstream.requests.isEmpty)
        let event = try hall.onlyEvent()
        #expect(event.requestedModel == "gtp")
        #expect(event.deployment == nil)
        #expect(event.attempts == 0)
    }

    @Test func `a header's rule chooses another model and the client keeps its name`() throws {
        let hall = Hall(try Hall.snapshot([try Hall.openai(), try Hall.openai(1, group: "big", model: "gpt-5")]))
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(Script.chat, ruled: "big").text == Script.heard(Script.reply))
        #expect(hall.upstream.texts[0].hasSuffix(#"{"model":"gpt-5","messages":[]}"#))
        let event = try hall.onlyEvent()
        #expect(event.requestedModel == "gpt")
        #expect(event.deployment?.group == "big")
    }

    @Test func `a wildcard sends what was asked for`() throws {
        let hall = Hall(try Hall.snapshot([try Hall.openai(group: "openai/*", model: "*")]))
        hall.upstream.answer(.json(Script.reply))
        #expect(try hall.walk(#"{"model":"openai/o3"}"#).text.contains(#""model":"openai/o3""#))
        #expect(hall.upstream.texts[0].hasSuffix(#"{"model":"o3"}"#))
    }
}

extension EndingTests {
    @Test func `a long prompt costs what the provider asks for long prompts`() throws {
        let dear = TokenPrice(input: Money(attodollars: 20_000_000_000_000), output: .zero)
        let hall = Hall(try Hall.snapshot([try Hall.openai(longPromptPrices: [(above: 9, price: dear)])]))
        hall.upstream.answer(.json(Script.reply))
        _ = try hall.walk(Script.chat)
        #expect(try hall.onlyEvent().cost == Money("0.0002"))
    }
}
