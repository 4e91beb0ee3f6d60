import Testing
import WeirCore
import WeirWire

private func value<T>(_ text: String, _ read: (UnsafeRawBufferPointer, Range<Int>) throws -> T) rethrows -> T {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBytes { try read($0, 0..<bytes.count) }
}

@Suite struct JSONTextTests {
    @Test(arguments: [
        (#""""#, ""), (#""abc é—😀""#, "abc é—😀"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""a\ud83d\ude00b""#, "a😀b"), (#""\ud83d""#, "\u{FFFD}"),
        (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"), (#""\ud83dx\ude00""#, "\u{FFFD}x\u{FFFD}"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\u0000""#, "\0"),
    ])
    func `escapes are undone`(_ text: String, _ expected: String) throws {
        #expect(try value(text, { bytes, range in try JSONText.string(bytes, range) }) == expected)
    }

    @Test(arguments: ["1", "null", "\"", "\"abc", #""\x""#, #""\u12""#, #""\u12x4""#, #""\""#])
    func `what is no string is not read as one`(_ text: String) {
        #expect(throws: JSONViolation.self) { try value(text, { bytes, range in try JSONText.string(bytes, range) }) }
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("12", 12), ("-7", -7), ("9223372036854775807", Int.max),
        ("-9223372036854775808", Int.min),
        ("9223372036854775808", nil), ("-9223372036854775809", nil), ("12.0", 12), ("1e3", 1000), ("1.5", nil),
        ("true", nil), ("\"1\"", nil), ("-", nil), ("99999999999999999999999999999999999999999999", nil), ("--1", nil),
    ])
    func `whole numbers are read however they are written`(_ text: String, _ expected: Int?) {
        #expect(value(text, JSONText.int) == expected)
    }

    @Test func `truth values are read as they are written`() {
        #expect(value("true", JSONText.bool) == true)
        #expect(value("false", JSONText.bool) == false)
        #expect(value("1", JSONText.bool) == nil)
        #expect(value("\"true\"", JSONText.isTrue) == false)
        #expect(value("null", JSONText.isNull))
    }

    @Test func `nested values are found and their ranges stay inside`() {
        let text =
            #"{"metadata":{"tags":["a","b\"",{"x":1}],"n":{"deep":[1,2]}},"stream_options":{ "include_usage" : true }}"#
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { raw in
            func text(_ range: Range<Int>?) -> String? { range.map { String(decoding: raw[$0], as: UTF8.self) } }
            let all = 0..<raw.count
            let metadata = JSONScanner.member(of: all, named: "metadata", in: raw)
            let tags = metadata.flatMap { JSONScanner.member(of: $0, named: "tags", in: raw) }
            #expect(text(tags) == #"["a","b\"",{"x":1}]"#)
            #expect(JSONScanner.elements(of: tags ?? 0..<0, in: raw).map(text) == ["\"a\"", #""b\"""#, #"{"x":1}"#])
            #expect(JSONScanner.elements(of: tags ?? 0..<0, in: raw, limit: 1).count == 1)
            let options = JSONScanner.member(of: all, named: "stream_options", in: raw) ?? 0..<0
            #expect(text(JSONScanner.member(of: options, named: "include_usage", in: raw)) == "true")
            #expect(JSONScanner.member(of: options, named: "include", in: raw) == nil)
            #expect(JSONScanner.member(of: tags ?? 0..<0, named: "x", in: raw) == nil)
            #expect(JSONScanner.members(of: all, in: raw).map { text($0.key) } == ["metadata", "stream_options"])
            #expect(JSONScanner.member(of: 5..<raw.count + 1, named: "x", in: raw) == nil)
        }
    }

    @Test func `looking into any bytes ends and stays inside`() {
        var chance = Chance(7)
        let alphabet = Array("{}[]\",:\\ a1".utf8) + [0xFF]
        for _ in 0..<5000 {
            let bytes = (0..<chance.below(60)).map { _ in alphabet[chance.below(alphabet.count)] }
            bytes.withUnsafeBytes { raw in
                for member in JSONScanner.members(of: 0..<raw.count, in: raw) {
                    #expect(member.key.upperBound <= raw.count && member.value.upperBound <= raw.count)
                }
                for element in JSONScanner.elements(of: 0..<raw.count, in: raw) {
                    #expect(!element.isEmpty && element.upperBound <= raw.count)
                }
                _ = UsageReader.usage(inReply: raw)
                if let range = UsageReader.modelRange(inReply: raw) { #expect(range.upperBound <= raw.count) }
            }
        }
    }
}
