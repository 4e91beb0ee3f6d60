import NIOCore
import Testing
import WeirCore

@testable import WeirWire

/// Events that are like the one before are passed by comparing; the stream must come out as if each had been read.
@Suite struct EventTemplateTests {
    private static func event(_ delta: String, finish: String = "null", rest: String = "") -> String {
        #"{"id":"c-1","model":"gpt-x","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]\#(rest)}"#
    }

    /// Streams whose events are nearly alike, each in its own way.
    static let streams: [[String]] = [
        ["a", " b", #"\"quoted\""#, #"ends in a backslash \\"#, "", "é — 語", #"\u00e9"#].map {
            event(#"{"content":"\#($0)"}"#)
        } + [event("{}", finish: #""stop""#), "[DONE]"],
        ["x", "yy", "zzz", "a longer piece of padding"].map {
            event(#"{"content":"\#($0)"}"#, rest: #","obfuscation":"\#($0)\#($0)""#)
        } + ["[DONE]"],
        [#"{"a"#, #"\":1"#, "}"].map {
            event(#"{"tool_calls":[{"index":0,"function":{"arguments":"\#($0)"}}]}"#)
        } + [event("{}", finish: #""tool_calls""#), "[DONE]"],
        ["a", "b", "c"].map { #"{"choices":[{"text":"\#($0)"}],"model":"gpt-x"}"# } + ["[DONE]"],
        // What differs says something: a reason to finish, usage, an error, no choices.
        [
            event(#"{"content":"a"}"#), event(#"{"content":"a"}"#),
            event(#"{"content":"a"}"#, finish: #""stop""#),
            event(#"{"content":"a"}"#, rest: #","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}"#),
            event(#"{"content":"a"}"#, rest: #","error":{"message":"over"}"#),
            #"{"id":"c-1","model":"gpt-x","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#, "[DONE]",
        ],
        // More choices than one, models between the holes, other models.
        ["a", "b"].flatMap { text in
            (0...1).map { #"{"model":"gpt-x","choices":[{"index":\#($0),"delta":{"content":"\#(text)"}}]}"# }
        },
        ["a", "b"].map {
            #"{"obfuscation":"\#($0)","model":"gpt-x","choices":[{"delta":{"content":"\#($0)"}}]}"#
        },
        ["gpt-x", "gpt-y", "public", "public"].map { #"{"model":"\#($0)","choices":[{"delta":{"content":"a"}}]}"# },
        // Not JSON, or not quite.
        [
            event(#"{"content":"a"}"#), event("{\"content\":\"tab\t\"}"), event(#"{"content":"a"#),
            event(#"{"content":1}"#),
        ],
    ]

    @Test(arguments: streams, ["\n", "\r\n", "\r"])
    func `a stream comes out the same whether its events are compared or read`(_ data: [String], _ end: String) {
        let text = data.map { "data: \($0)\(end)\(end)" }.joined()
        for drops in [false, true] {
            for model in [nil, "\"public\""] as [String?] {
                let compared = Passed(text, model, drops, pieces: text.utf8.count)
                // In single bytes no event is ever there as a whole, so each is read.
                #expect(compared == Passed(text, model, drops, pieces: 1))
                for pieces in [7, 64, 150, 301] {
                    #expect(compared == Passed(text, model, drops, pieces: pieces))
                }
            }
        }
    }

    @Test func `an event that is alike is recognized, and where its model stands`() throws {
        let text = Array("data: \(Self.event(#"{"content":"one"}"#))\n\n".utf8)
        let other = Array("data: \(Self.event(#"{"content":"a \\\" b"}"#))\n\n".utf8)
        let model = try #require(String(decoding: text, as: UTF8.self).utf8Range(of: #""gpt-x""#))
        let template = try #require(
            text.withUnsafeBytes { EventTemplate($0, data: 6..<text.count - 2, edit: model) })
        let stream = [UInt8](" ".utf8) + other + other
        stream.withUnsafeBufferPointer { stream in
            guard let base = stream.baseAddress else { return }
            #expect(template.end(base, 1, stream.count) == 1 + other.count)
            #expect(template.end(base, 1 + other.count, stream.count) == stream.count)
            #expect(template.end(base, 0, stream.count) == nil)
            #expect(template.end(base, 1, other.count) == nil, "its last byte has not come")
        }
        #expect(template.edit(in: 1..<1 + other.count) == model.lowerBound + 1..<model.upperBound + 1)
    }

    @Test(arguments: [
        #"{"choices":[]}"#, #"{"choices":[{"delta":{"content":null}}]}"#, "[1]", "hello", #"{"choices":[1]}"#,
        #"{"choices":[{"delta":["1","2","3","4","5","6","7","8","9"]}]}"#,
    ])
    func `an event without texts to differ in is no template`(_ data: String) {
        let text = Array("data: \(data)\n\n".utf8)
        #expect(text.withUnsafeBytes { EventTemplate($0, data: 6..<text.count - 2, edit: nil) } == nil)
    }
}

private struct Passed: Equatable {
    var text = ""
    var usage: Usage?
    var flags: [Bool] = []
    var events = 0

    init(_ input: String, _ model: String?, _ drops: Bool, pieces: Int) {
        var editor = StreamEditor(model: model.map { Bytes(string: $0) }, dropsUsageChunk: drops)
        let bytes = Array(input.utf8)
        var out: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            let piece = Bytes(bytes: bytes[start..<min(start + pieces, bytes.count)])
            if let passed = editor.feed(piece) { out += passed.readableBytesView }
        }
        if let passed = editor.finish() { out += passed.readableBytesView }
        text = String(decoding: out, as: UTF8.self)
        usage = editor.usage
        flags = [editor.sawDone, editor.sawError, editor.sawContent, editor.isFinished]
        events = editor.eventCount
    }
}

extension String {
    /// Where `part` stands first, counted in bytes.
    fileprivate func utf8Range(of part: String) -> Range<Int>? {
        let (all, sought) = (Array(utf8), Array(part.utf8))
        return all.indices.first { all[$0...].starts(with: sought) }.map { $0..<$0 + sought.count }
    }
}
