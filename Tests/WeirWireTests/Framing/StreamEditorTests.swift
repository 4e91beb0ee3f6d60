import NIOCore
import Testing
import WeirCore
import WeirWire

/// What a stream became and what was noted of it, for any cut into pieces.
private struct Outcome: Equatable {
    var text: [UInt8] = []
    var usage: Usage?
    var sawDone = false
    var sawError = false
    var sawContent = false
    var isFinished = false
    var eventCount = 0

    init(
        _ input: [UInt8], cuts: [Int], model: String? = nil, drops: Bool = false, limit: Int = StreamEditor.maximumEvent
    ) {
        var editor = StreamEditor(model: model.map { Bytes(string: $0) }, dropsUsageChunk: drops, maximumEvent: limit)
        var from = 0
        for cut in cuts + [input.count] {
            if let out = editor.feed(Bytes(bytes: input[from..<cut])) { text += Array(out.readableBytesView) }
            from = cut
        }
        if let out = editor.finish() { text += Array(out.readableBytesView) }
        usage = editor.usage
        sawDone = editor.sawDone
        sawError = editor.sawError
        sawContent = editor.sawContent
        isFinished = editor.isFinished
        eventCount = editor.eventCount
    }

    init(_ input: String, model: String? = nil, drops: Bool = false, limit: Int = StreamEditor.maximumEvent) {
        self.init(Array(input.utf8), cuts: [], model: model, drops: drops, limit: limit)
    }
}

@Suite struct StreamEditorTests {
    @Test(arguments: StreamFixture.all)
    func `a stream is edited as it should`(_ fixture: StreamFixture) {
        let outcome = Outcome(fixture.input, model: "\"public\"", drops: true)
        #expect(String(decoding: outcome.text, as: UTF8.self) == fixture.edited)
    }

    @Test(arguments: StreamFixture.all)
    func `a stream passes as it came when nothing is to be edited`(_ fixture: StreamFixture) {
        #expect(Outcome(fixture.input).text == Array(fixture.input.utf8))
    }

    @Test(arguments: StreamFixture.all)
    func `every cut into two or three or single bytes gives the same`(_ fixture: StreamFixture) {
        let input = Array(fixture.input.utf8)
        for (model, drops) in [(nil, false), ("\"public\"", true), (nil, true), ("\"public\"", false)]
            as [(String?, Bool)]
        {
            let whole = Outcome(input, cuts: [], model: model, drops: drops)
            for cut in 0...input.count {
                #expect(Outcome(input, cuts: [cut], model: model, drops: drops) == whole)
                let third = min(input.count, cut + 1 + cut % 7)
                #expect(Outcome(input, cuts: [cut, third], model: model, drops: drops) == whole)
            }
            #expect(Outcome(input, cuts: Array(0..<input.count), model: model, drops: drops) == whole)
        }
    }

    @Test(arguments: StreamFixture.all)
    func `a limit on events cuts at the same place however the stream is cut`(_ fixture: StreamFixture) {
        let input = Array(fixture.input.utf8)
        for limit in [0, 1, 20, 60, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100] {
            let whole = Outcome(input, cuts: [], model: "\"public\"", drops: true, limit: limit)
            for cut in 0...input.count {
                #expect(Outcome(input, cuts: [cut], model: "\"public\"", drops: true, limit: limit) == whole)
            }
            #expect(
                Outcome(input, cuts: Array(0..<input.count), model: "\"public\"", drops: true, limit: limit) == whole)
        }
    }

    @Test func `what a whole stream tells is noted`() {
        let outcome = Outcome(StreamFixture.all[0].input)
        #expect(outcome.usage == Usage(promptTokens: 3, completionTokens: 4, totalTokens: 7))
        #expect(outcome.sawDone && outcome.sawContent && outcome.isFinished && !outcome.sawError)
        #expect(outcome.eventCount == 5)
    }

    @Test func `a stream of the Responses API is understood`() throws {
        let fixture = try #require(StreamFixture.all.last)
        let outcome = Outcome(fixture.input)
        #expect(outcome.usage == Usage(promptTokens: 3, completionTokens: 4, totalTokens: 7))
        #expect(outcome.isFinished && outcome.sawContent && !outcome.sawDone && !outcome.sawError)
    }

    @Test(arguments: [
        (#"{"role":"assistant","content":""}"#, false), (#"{"role":"assistant"}"#, false), ("{}", false),
        ("null", false),
        (#"{"content":null}"#, false), (#"{"content":[]}"#, false), (#"{"content":"","tool_calls":[]}"#, false),
        (#"{"content":"a"}"#, true), (#"{"reasoning_content":"a"}"#, true), (#"{"reasoning":"a"}"#, true),
        (#"{"refusal":"a"}"#, true), (#"{"tool_calls":[{"index":0}]}"#, true),
        (#"{"role":"assistant","content":" "}"#, true),
    ])
    func `content is more than a role and empty values`(_ delta: String, _ expected: Bool) {
        #expect(Outcome("data: \(StreamFixture.chunk(delta))\n\n").sawContent == expected)
    }

    @Test(arguments: [
        (#"{"choices":[{"text":"a","index":0}]}"#, true), (#"{"choices":[{"text":""}]}"#, false),
        (#"{"type":"response.created","response":{}}"#, false),
        (#"{"type":"response.function_call_arguments.delta"}"#, true),
        ("[DONE]", false), ("hello", false), (#"{"choices":[]}"#, false), (#"{"choices":null}"#, false),
    ])
    func `content is seen in the other kinds of streams`(_ data: String, _ expected: Bool) {
        #expect(Outcome("data: \(data)\n\n").sawContent == expected)
    }

    @Test(arguments: [
        (#""stop""#, true), (#""""#, false), ("null", false), (#""eos""#, true), (#""error""#, true),
    ])
    func `a finish reason counts when it says something`(_ reason: String, _ expected: Bool) {
        #expect(Outcome("data: \(StreamFixture.chunk("{}", finish: reason))\n\n").isFinished == expected)
        let second = #"{"choices":[{"finish_reason":null},{"finish_reason":\#(reason)}]}"#
        #expect(Outcome("data: \(second)\n\n").isFinished == expected)
    }

    @Test(arguments: [
        (#"data: {"error":{"message":"x"}}"#, true), (#"data: {"error":"x"}"#, true), (#"data: {"error":null}"#, false),
        (#"data: {"choices":[{"delta":{"content":"\"error\""}}]}"#, false), ("event: error\ndata: oops", true),
        (#"data: {"type":"error","message":"x"}"#, true), (#"data: {"type":"response.failed","response":{}}"#, true),
        (#"data: {"x_groq":{"error":"over"}}"#, true), (": error", false),
    ])
    func `an error in the stream is seen`(_ event: String, _ expected: Bool) {
        #expect(Outcome("\(event)\n\n").sawError == expected)
    }

    @Test func `usage that grows is told by its last event`() {
        let data = (1...3).map { #"{"choices":[{"delta":{}}],"usage":{"prompt_tokens":1,"completion_tokens":\#($0)}}"# }
        #expect(Outcome(StreamFixture.events(data)).usage?.completionTokens == 3)
    }

    @Test func `without edits the very buffer comes back at once`() throws {
        var editor = StreamEditor()
        let part = Bytes(string: "data: {\"choices\":[{\"del")
        let fed = editor.feed(part)
        let out = try #require(fed)
        let address = { (bytes: Bytes) in bytes.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } }
        #expect(address(out) == address(part) && out == part)
        #expect(editor.feed(Bytes()) == nil)
        #expect(editor.finish() == nil)
    }

    @Test func `events that need no edit share storage with what was fed`() throws {
        var editor = StreamEditor(dropsUsageChunk: true)
        let bytes = Bytes(string: StreamFixture.events([StreamFixture.hello, StreamFixture.stop, StreamFixture.usage]))
        let comment = editor.feed(Bytes(string: ": x\n\n"))
        #expect(comment == Bytes(string: ": x\n\n"))
        var second = bytes
        let usage = "data: \(StreamFixture.usage)\n\n".utf8.count
        second.moveReaderIndex(to: bytes.writerIndex - usage)
        #expect(editor.feed(second) == nil)
        let first = try #require(bytes.getSlice(at: 0, length: bytes.readableBytes - usage))
        let third = editor.feed(first)
        let passed = try #require(third)
        let address = { (bytes: Bytes) in bytes.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } }
        #expect(address(passed) == address(first))
    }

    @Test func `with edits an event is held until it is complete, and no longer`() {
        var editor = StreamEditor(model: Bytes(string: "\"public\""))
        #expect(editor.feed(Bytes(string: "data: {\"model\":\"u")) == nil)
        #expect(editor.feed(Bytes(string: "p\"}\n")) == nil)
        #expect(
            editor.feed(Bytes(string: "\ndata: {")).map { String(buffer: $0) } == "data: {\"model\":\"public\"}\n\n")
        #expect(editor.finish().map { String(buffer: $0) } == "data: {")
        #expect(editor.finish() == nil)
    }

    @Test func `an event above the limit passes raw, the next one is edited again`() {
        let long = "data: {\"model\":\"up\",\"x\":\"\(String(repeating: "y", count: 2 << 20))\"}\n\n"
        let input = Array((long + "data: {\"model\":\"up\"}\n\n").utf8)
        let expected = Array((long + "data: {\"model\":\"public\"}\n\n").utf8)
        #expect(Outcome(input, cuts: [], model: "\"public\"").text == expected)
        let cuts = Array(stride(from: 1, to: input.count, by: 60_000))
        let outcome = Outcome(input, cuts: cuts, model: "\"public\"")
        #expect(outcome.text == expected)
        #expect(outcome.eventCount == 2 && outcome.sawContent)
        var editor = StreamEditor(model: Bytes(string: "\"public\""))
        var most = 0
        var fed = 0
        var given = 0
        for (from, to) in zip([0] + cuts, cuts + [input.count]) {
            fed += to - from
            given += editor.feed(Bytes(bytes: input[from..<to]))?.readableBytes ?? 0
            most = max(most, fed - given)
        }
        #expect(most <= StreamEditor.maximumEvent + 60_000)
    }

    @Test func `random streams of odd pieces do not depend on their cuts`() {
        var chance = Chance(11)
        let parts = [
            "data", ":", " ", "\n", "\r", "\r\n", "\n\n", "\r\r", "{\"model\":\"up\"}", StreamFixture.usage, "[DONE]",
            "event: error", "{", "\"",
            "\u{FEFF}", "data: {\"model\":\ndata:\"up\"", "é", ":",
        ]
        for _ in 0..<1500 {
            let input = Array((0..<chance.below(14)).map { _ in parts[chance.below(parts.count)] }.joined().utf8)
            let limit = chance.below(3) == 0 ? chance.below(40) : 1 << 20
            let whole = Outcome(input, cuts: [], model: "\"public\"", drops: true, limit: limit)
            let cuts = (0..<chance.below(6)).map { _ in chance.below(input.count + 1) }.sorted()
            #expect(Outcome(input, cuts: cuts, model: "\"public\"", drops: true, limit: limit) == whole)
            #expect(
                Outcome(input, cuts: Array(0..<input.count), model: "\"public\"", drops: true, limit: limit) == whole)
            #expect(Outcome(input, cuts: cuts).text == input)
        }
    }
}
