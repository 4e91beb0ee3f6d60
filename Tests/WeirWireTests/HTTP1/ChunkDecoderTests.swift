import NIOCore
import Testing
import WeirCore
import WeirWire

struct ChunkDecoderTests {
    @Test(arguments: [
        ("0\r\n\r\n", "", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello", ""),
        ("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\nGET", "hello!", "GET"),
        ("0000000000000005\r\nhello\r\n000\r\n\r\n\r\n", "hello", "\r\n"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789", ""),
        ("a\r\n\r\n0\r\n\r\n012\r\n0\r\n\r\n", "\r\n0\r\n\r\n012", ""),
        ("1;a\r\nx\r\n0;b=c;d=\"e;\\\"\t\u{E4}\"\r\n\r\n", "x", ""),
        ("1;a=b;c\r\nx\r\n0\r\nT: v\r\nU:\r\n\r\nrest", "x", "rest"),
        ("0\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\nHost: a\r\n\r\n", "", ""), ("0;a=\"\"\r\n\r\n", "", ""),
    ])
    func `a body is taken out of its framing to its exact end`(framed: String, payload: String, rest: String) {
        let body = Unchunked(framed)
        #expect(body.violation == nil)
        #expect(body.isDone)
        #expect(body.text == payload)
        #expect(body.rest == Array(rest.utf8))
    }

    @Test(arguments: [
        "", "5", "5\r", "5\r\n", "5\r\nhell", "5\r\nhello", "5\r\nhello\r\n", "0\r\n", "0\r\n\r", "0\r\nA: b\r\n",
    ])
    func `a body that is cut off is never done`(framed: String) {
        let body = Unchunked(framed)
        #expect(body.violation == nil)
        #expect(!body.isDone)
    }

    @Test(arguments: [
        ("\r\n", HTTPFlaw.chunkSize), ("\n", .chunkSize), (";a\r\n", .chunkSize), ("0x5\r\n", .chunkSize),
        ("+5\r\n", .chunkSize),
        ("-5\r\n", .chunkSize), (" 5\r\n", .chunkSize), ("5 \r\n", .chunkSize), ("5 ;a\r\n", .chunkSize),
        ("g\r\n", .chunkSize),
        ("5g\r\n", .chunkSize), ("5\t\r\n", .chunkSize), ("00000000000000005\r\n", .chunkSize),
        ("10000000000000000\r\n", .chunkSize), ("ffffffffffffffff\r\n", .chunkSize),
        ("8000000000000000\r\n", .chunkSize),
        ("8000000000000000;", .chunkSize), ("5_0\r\n", .chunkSize), ("5,5\r\n", .chunkSize), ("\u{0}", .chunkSize),
        ("5\n", .chunkLineEnd), ("5\rx", .chunkLineEnd), ("5\r\r", .chunkLineEnd), ("5;a\n", .chunkLineEnd),
        ("5;a=\"\n", .chunkLineEnd), ("5;a=\n", .chunkLineEnd), ("5;a\rb", .chunkLineEnd),
        ("5;\r\n", .chunkExtension), ("5;;", .chunkExtension), ("5;=", .chunkExtension), ("5; a", .chunkExtension),
        ("5;a ", .chunkExtension), ("5;a=\r", .chunkExtension), ("5;a= ", .chunkExtension),
        ("5;a=\"b\"c", .chunkExtension),
        ("5;a=\"\r", .chunkExtension), ("5;a=\"\u{0}", .chunkExtension), ("5;a=\"\\\r", .chunkExtension),
        ("5;a\u{0}", .chunkExtension), ("5;a=b\"", .chunkExtension), ("5;a=b=", .chunkExtension),
        ("5;a=\"\u{7F}", .chunkExtension),
        ("1\r\nab", .chunkDataEnd), ("1\r\na\n", .chunkDataEnd), ("1\r\na\rb", .chunkDataEnd),
        ("1\r\na0\r\n\r\n", .chunkDataEnd),
        ("0\r\n\n", .trailer), ("0\r\n\rx", .trailer), ("0\r\n A: b\r\n", .trailer), ("0\r\nA : b\r\n", .trailer),
        ("0\r\n: b\r\n", .trailer), ("0\r\nA\r\n", .trailer), ("0\r\nA: b\n", .trailer), ("0\r\nA: b\rc", .trailer),
        ("0\r\nA: \u{0}\r\n", .trailer), ("0\r\nA: b\r\n c\r\n", .trailer),
    ])
    func `wrong framing is refused`(framed: String, flaw: HTTPFlaw) {
        #expect(Unchunked(framed).violation == .malformed(flaw))
        #expect(Unchunked("3\r\nabc\r\n" + framed).violation == .malformed(flaw))
    }

    @Test func `the largest chunk's size is accepted`() {
        #expect(Unchunked("7fffffffffffffff\r\nabc").violation == nil)
        #expect(Unchunked("7fffffffffffffff\r\nabc").text == "abc")
    }

    @Test func `extensions are bounded by their limit and the payload they come with`() {
        var limits = HTTPLimits()
        limits.chunkExtensionBytes = 8
        #expect(Unchunked("0;a=bcdef\r\n\r\n", limits: limits).violation == nil)
        #expect(Unchunked("0;a=bcdefg\r\n\r\n", limits: limits).violation == .malformed(.chunkExtensionsTooLong))
        // A byte of payload pays for a byte of extension: two such chunks are too much, with payload they are not.
        let tiny = "1;abcde\r\nx\r\n"
        #expect(Unchunked(tiny + tiny + "0\r\n\r\n", limits: limits).violation == .malformed(.chunkExtensionsTooLong))
        let rich = "20\r\n\(String(repeating: "x", count: 32))\r\n0;a=bcdefg\r\n\r\n"
        #expect(Unchunked(rich, limits: limits).violation == .malformed(.chunkExtensionsTooLong))
        let fair = "6;abcde\r\nxxxxxx\r\n"
        #expect(Unchunked(String(repeating: fair, count: 50) + "0\r\n\r\n", limits: limits).violation == nil)
    }

    @Test func `a trailer of exactly the limit is read, one byte more is not`() {
        var limits = HTTPLimits()
        limits.trailerBytes = 10
        #expect(Unchunked("0\r\nAB: cd\r\n\r\n", limits: limits).isDone)
        #expect(Unchunked("0\r\nAB: cde\r\n\r\n", limits: limits).violation == .malformed(.trailerTooLong))
    }

    @Test func `a violation stays one`() throws {
        var decoder = ChunkDecoder()
        var buffer = Bytes(string: "0\r\n\n")
        #expect(throws: HTTPViolation.malformed(.trailer)) { try decoder.decode(&buffer) }
        var valid = Bytes(string: "0\r\n\r\n")
        #expect(throws: HTTPViolation.malformed(.trailer)) { try decoder.decode(&valid) }
        #expect(!decoder.isDone)
    }

    @Test func `nothing is taken after the end`() throws {
        var decoder = ChunkDecoder()
        var buffer = Bytes(string: "0\r\n\r\nnext")
        #expect(try decoder.decode(&buffer) == nil)
        #expect(decoder.isDone && String(buffer: buffer) == "next")
        #expect(try decoder.decode(&buffer) == nil)
        #expect(String(buffer: buffer) == "next")
    }

    @Test func `payload stays in the storage it came in, and the storage others hold is not changed`() throws {
        let framed = "3\r\nabc\r\n3\r\ndef\r\n"
        func address(_ bytes: Bytes) -> UInt { bytes.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } }
        var decoder = ChunkDecoder()
        var one = Bytes(string: "3\r\nabc\r\n")
        let start = address(one)
        #expect(address(try #require(try decoder.decode(&one))) == start + 3)
        var two = Bytes(string: framed)
        let second = address(two)
        let payload = try #require(try decoder.decode(&two))
        #expect(address(payload) == second + 3)
        #expect(String(buffer: payload) == "abcdef")
        var shared = Bytes(string: framed)
        let other = shared
        #expect(try decoder.decode(&shared).map { String(buffer: $0) } == "abcdef")
        #expect(String(buffer: other) == framed)
    }
}
