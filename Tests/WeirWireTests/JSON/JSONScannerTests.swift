import NIOCore
import Testing
import WeirCore
import WeirWire

/// The outcome of a scan in a form that tests can compare: the texts of keys and values, or what was wrong and where.
private func scan(_ text: String, depth: Int = 512) -> Result<[[String]], JSONViolation> {
    scan(Array(text.utf8), depth: depth)
}

private func scan(_ bytes: [UInt8], depth: Int = 512) -> Result<[[String]], JSONViolation> {
    bytes.withUnsafeBytes { raw in
        do throws(JSONViolation) {
            let found = try JSONScanner.scan(raw, maximumDepth: depth)
            return .success(
                found.members.map { member in
                    [
                        String(decoding: raw[member.key], as: UTF8.self),
                        String(decoding: raw[member.value], as: UTF8.self),
                    ]
                })
        } catch {
            return .failure(error)
        }
    }
}

private func violation(_ bytes: [UInt8], depth: Int = 512) -> JSONViolation? {
    if case .failure(let violation) = scan(bytes, depth: depth) { violation } else { nil }
}

@Suite struct JSONScannerTests {
    @Test func `members are told in their order with the ranges of key and value`() throws {
        let text = #" { "model" : "gpt-4o" ,"n":1,"a":[1,{"b":"]}"}], "stream":true , "x":null,"":{}}"# + "\r\n\t "
        #expect(
            try scan(text).get() == [
                ["model", "\"gpt-4o\""], ["n", "1"], ["a", #"[1,{"b":"]}"}]"#], ["stream", "true"], ["x", "null"],
                ["", "{}"],
            ])
        #expect(try scan("{}").get() == [])
        #expect(try scan(" {\n} ").get() == [])
    }

    @Test func `a body's ranges count from its reader index`() throws {
        var body = Bytes(string: "junk{\"a\":\"x\\n\"}")
        body.moveReaderIndex(forwardBy: 4)
        let value = try #require(try JSONScanner.scan(body).members.first?.value)
        #expect(value == 5..<10)
        #expect(try JSONText.string(body, value) == "x\n")
        body.moveReaderIndex(forwardBy: 1)
        let violation = #expect(throws: JSONViolation(.notAnObject, at: 0)) { try JSONScanner.scan(body) }
        #expect(violation?.message(in: body).hasSuffix("(line 1, column 1).") == true)
    }

    @Test func `a member is found by its name`() throws {
        let bytes = Array(#"{"model":"m","stream":false}"#.utf8)
        try bytes.withUnsafeBytes { raw in
            let found = try JSONScanner.scan(raw)
            #expect(found.value(of: "stream", in: raw) == 22..<27)
            #expect(found.value(of: "strea", in: raw) == nil)
        }
    }

    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "1.5", "1.0e5", "1E+5", "1e-5", "123456789012345678901234567890", "1e99999", "true",
        "false", "null", #""""#, #""\"\\\/\b\f\n\r\t""#, #""\u0041\uABCD\uabcd""#, #""\ud83d\ude00""#, #""\ud800""#,
        #""\udc00x""#, "\"é—😀\u{10FFFF}\u{7F}\"", "[]", "[ ]", "{}", "{ }", "[1 , 2]", "[[],[[]],{}]",
        #"{"a":1,"a":2}"#, #"{"\u0061":1}"#, "\"0123456789abcdef0123456789abcdef\"", "[\"\u{2028}\"]",
    ])
    func `every value of the standard passes`(_ value: String) throws {
        // At every alignment to the sixteen bytes that are looked at together, and right before the end of the text.
        for shift in 0..<20 {
            let space = String(repeating: " ", count: shift)
            #expect(try scan("{\(space)\"k\":\(value)}").get() == [["k", value]])
            #expect(try scan("{\"k\":[\(value)\(space)]}").get() == [["k", "[\(value)\(space)]"]])
        }
    }

    @Test(arguments: [
        // text, reason, offset
        ("", JSONViolation.Reason.empty, 0), ("  ", .empty, 2), ("[]", .notAnObject, 0), ("\"a\"", .notAnObject, 0),
        ("\u{FEFF}{}", .byteOrderMark, 0), ("{", .truncated, 1), ("{\"a\"", .truncated, 4), ("{\"a\":", .truncated, 5),
        ("{\"a\":1", .truncated, 6), ("{\"a\":\"x", .truncated, 7), ("{\"a\":\"x\\", .truncated, 8),
        ("{\"a\":[1", .truncated, 7), ("{\"a\":{\"b\"", .truncated, 9), ("{\"a\":1,", .truncated, 7),
        ("{\"a\":1,}", .expectedKey, 7), ("{,}", .expectedKey, 1), ("{a:1}", .expectedKey, 1),
        ("{'a':1}", .expectedKey, 1),
        ("{\"a\" 1}", .expectedColon, 5), ("{\"a\"=1}", .expectedColon, 4), ("{\"a\":}", .expectedValue, 5),
        ("{\"a\":[1,]}", .expectedValue, 8), ("{\"a\":[,1]}", .expectedValue, 6), ("{\"a\":+1}", .expectedValue, 5),
        ("{\"a\":.5}", .expectedValue, 5), ("{\"a\":1 2}", .expectedCommaOrEnd, 7),
        ("{\"a\":[1 2]}", .expectedCommaOrEnd, 8),
        ("{\"a\":[1}]", .expectedCommaOrEnd, 7), ("{\"a\":{\"b\":1]}", .expectedCommaOrEnd, 11),
        ("{\"a\":{\"b\",1}}", .expectedColon, 9), ("{\"a\":{1}}", .expectedKey, 6), ("{\"a\":01}", .malformedNumber, 5),
        ("{\"a\":-}", .malformedNumber, 5), ("{\"a\":1.}", .malformedNumber, 5), ("{\"a\":1e}", .malformedNumber, 5),
        ("{\"a\":1e+}", .malformedNumber, 5), ("{\"a\":-01}", .malformedNumber, 5),
        ("{\"a\":True}", .malformedLiteral, 5),
        ("{\"a\":tru}", .malformedLiteral, 5), ("{\"a\":nul", .malformedLiteral, 5),
        ("{\"a\":NaN}", .malformedLiteral, 5),
        ("{\"a\":truex}", .expectedCommaOrEnd, 9), ("{\"a\":\"\\x\"}", .malformedEscape, 6),
        ("{\"a\":\"\\u12g4\"}", .malformedEscape, 6), ("{\"a\":\"\\u12\"}", .malformedEscape, 6),
        ("{\"a\":\"\\'\"}", .malformedEscape, 6), ("{\"a\":\"\n\"}", .controlCharacter, 6),
        ("{\"a\":\"\u{0}\"}", .controlCharacter, 6), ("{\"a\":\"\u{1F}\"}", .controlCharacter, 6),
        ("{} {}", .trailingBytes, 3), ("{}x", .trailingBytes, 2), ("{}\u{0}", .trailingBytes, 2),
        ("{}\u{FEFF}", .trailingBytes, 2),
        ("{\u{A0}\"a\":1}", .expectedKey, 1), ("{\u{0C}}", .expectedKey, 1), ("{/*c*/}", .expectedKey, 1),
        ("{\"a\":1,\"b\":2,\"a\":3}", .duplicateKey("a"), 14), ("{\"\":1,\"\":2}", .duplicateKey(""), 7),
        ("{\"mod\\u0065l\":1}", .escapedKey("mod\\u0065l"), 2), ("{\"a\\/b\":1}", .escapedKey("a\\/b"), 2),
    ])
    func `what the standard or the rules refuse is refused with its place`(
        _ text: String, _ reason: JSONViolation.Reason, _ offset: Int
    ) {
        #expect(violation(Array(text.utf8)) == JSONViolation(reason, at: offset))
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused wherever they stand`(_ sequence: [UInt8]) {
        for shift in 0..<34 {
            let head = Array("{\"k\":\"".utf8) + [UInt8](repeating: 0x61, count: shift)
            #expect(violation(head + sequence + Array("\"}".utf8))?.reason == .invalidUTF8)
            #expect(violation(Array("{\"é".utf8) + sequence + Array("\":1}".utf8))?.reason == .invalidUTF8)
            #expect(violation(head + sequence + Array("aaaaaaaaaaaaaaaaaaaaaaaaa\"}".utf8))?.reason == .invalidUTF8)
        }
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `only the nine escapes of the standard pass`(_ byte: UInt8) {
        let head = Array("{\"k\":\"\\".utf8) + [byte]
        let known = Array("\"\\/bfnrt".utf8).contains(byte)
        // Within the bytes that are looked at together, and right before the end of the text.
        for tail in ["0041 and more text behind\"}", "0041\"}"] where byte != UInt8(ascii: "u") && byte != 0x22 {
            let found = violation(head + Array(tail.utf8))
            #expect(found == (known ? nil : JSONViolation(.malformedEscape, at: 6)))
        }
    }

    @Test func `every scalar of Unicode passes`() {
        for scalar in stride(from: UInt32(0x20), to: 0x11_0000, by: 61).compactMap(Unicode.Scalar.init)
        where scalar != "\"" && scalar != "\\" {
            #expect(violation(Array("{\"k\":\"\(Character(scalar))\"}".utf8)) == nil)
        }
    }

    @Test(arguments: [1, 2, 63, 64, 65, 127, 128, 129, 130, 511])
    func `brackets of both kinds are told apart at every depth`(_ count: Int) {
        let kinds = (0..<count).map { $0 % 3 == 0 || $0 % 7 == 2 }
        let open = kinds.map { $0 ? "{\"a\":" : "[" }.joined()
        let close = kinds.reversed().map { $0 ? "}" : "]" }
        #expect(violation(Array("{\"k\":\(open)1\(close.joined())}".utf8)) == nil)
        for wrong in close.indices {
            var other = close
            other[wrong] = other[wrong] == "}" ? "]" : "}"
            let found = violation(Array("{\"k\":\(open)1\(other.joined())}".utf8))
            #expect(found == JSONViolation(.expectedCommaOrEnd, at: 6 + open.utf8.count + wrong))
        }
    }

    @Test func `nesting ends at the limit and never at the stack`() {
        let deep = { (count: Int) in
            Array(("{\"k\":" + String(repeating: "[", count: count) + String(repeating: "]", count: count) + "}").utf8)
        }
        #expect(violation(deep(511)) == nil)
        #expect(violation(deep(512)) == JSONViolation(.tooDeep(limit: 512), at: 516))
        #expect(violation(deep(2), depth: 3) == nil)
        #expect(violation(deep(3), depth: 3) == JSONViolation(.tooDeep(limit: 3), at: 7))
        #expect(violation(deep(0) + [], depth: 1)?.reason == .expectedValue)
        #expect(violation(deep(1_000_000), depth: 2_000_000) == nil)
        let open = Array(("{\"k\":" + String(repeating: "[", count: 1_000_000)).utf8)
        #expect(violation(open, depth: 2_000_000)?.reason == .truncated)
        #expect(violation(open)?.reason == .tooDeep(limit: 512))
    }

    @Test func `a key that comes back is found among few and many`() {
        for count in [2, 23, 24, 25, 26, 60, 500] {
            let members = (0..<count).map { "\"key\($0)\":\($0)" }
            #expect(violation(Array("{\(members.joined(separator: ","))}".utf8)) == nil)
            for again in [0, count / 2, count - 1] {
                let text = "{" + (members + [members[again]]).joined(separator: ",") + "}"
                #expect(violation(Array(text.utf8))?.reason == .duplicateKey("key\(again)"))
            }
        }
    }

    @Test func `more members than the limit are refused`() {
        let members = (0...JSONScanner.maximumMembers).map { "\"\($0)\":0" }
        #expect(violation(Array("{\(members.dropLast().joined(separator: ","))}".utf8)) == nil)
        #expect(
            violation(Array("{\(members.joined(separator: ","))}".utf8))?.reason
                == .tooManyMembers(limit: JSONScanner.maximumMembers))
    }

    @Test func `every beginning of a text is refused and none is read beyond`() {
        let text = Array(
            #"{"a":[1,-2.5e+3,"x\u00e9\n—é😀"],"b":{"c":true,"d":null},"longer key than sixteen bytes":false}"#.utf8)
        for end in 0..<text.count { #expect(violation(Array(text[..<end])) != nil) }
        #expect(violation(text) == nil)
    }

    @Test func `a message names line and column`() {
        let bytes = Array("{\n  \"a\": 1,\n  \"b\": x\n}".utf8)
        let message = bytes.withUnsafeBytes { violation(bytes)?.message(in: $0) }
        #expect(
            message
                == "The body is not valid JSON: only true, false and null may be written without quotes (line 3, column 8)."
        )
    }

    @Test(arguments: [
        JSONViolation.Reason.duplicateKey("a"), .tooDeep(limit: 3), .tooManyMembers(limit: 5), .escapedKey("k"),
    ])
    func `a sentence names what is at fault`(_ reason: JSONViolation.Reason) {
        let sentence = JSONViolation(reason, at: 0).sentence
        #expect(["\"a\"", "3", "5", "\"k\""].contains { sentence.contains($0) })
    }
}
