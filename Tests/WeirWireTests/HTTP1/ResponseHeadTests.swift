import NIOCore
import Testing
import WeirCore
import WeirWire

struct ResponseHeadTests {
    private struct Refusal: Error { let verdict: Verdict<ResponseHead> }

    private func head(_ text: String, toHead: Bool = false) throws -> ResponseHead {
        let verdict = HTTP1Reading.response(text, toHead: toHead)
        guard case .head(let head) = verdict else { throw Refusal(verdict: verdict) }
        return head
    }

    @Test func `a usual reply is read with all its parts`() throws {
        let text = """
            HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-type: text/plain\r
            Content-Encoding: gzip\r\nRETRY-AFTER: 20\r\nretry-after: 30\r\nContent-Length: 2\r\n\r\n{}
            """
        let head = try head(text)
        #expect(head.status == 429 && head.minorVersion == 1 && head.contentLength == 2)
        #expect(head.keepsAlive && !head.isChunked && !head.isBodyless && !head.endsAtClose)
        #expect(head.contentType?.text(in: text) == "application/json")
        #expect(head.contentEncoding?.text(in: text) == "gzip")
        #expect(head.retryAfter?.text(in: text) == "20")
        #expect((head.end..<text.utf8.count).text(in: text) == "{}")
        #expect(head.fields.text(in: text).hasPrefix("Content-Type") && head.fields.text(in: text).hasSuffix(": 2\r\n"))
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK", 200), ("HTTP/1.1 200", 200), ("HTTP/1.1 200 ", 200), ("HTTP/1.1   200   all  well ", 200),
        ("HTTP/1.0 503 \u{E4}\t!", 503), ("HTTP/1.1 999 x", 999), ("HTTP/1.1 100 x", 100),
    ])
    func `a status line may lack its reason and have more spaces`(line: String, status: Int) throws {
        #expect(try head(line + "\r\n\r\n").status == status)
    }

    @Test(arguments: [
        ("HTTP/1.1 20 OK", HTTPFlaw.status), ("HTTP/1.1 2000", .statusLine), ("HTTP/1.1 099 x", .status),
        ("HTTP/1.1 2a0 x", .status), ("HTTP/1.1 +20 x", .status), ("HTTP/1.1\t200 OK", .statusLine),
        ("HTTP/1.1 200\tOK", .statusLine), ("HTTP/1.1 ", .statusLine), ("HTTP/1.1 20", .statusLine),
        ("HTTP/1.1    ", .statusLine), ("HTTP/1.1200 OK", .statusLine), ("HTTP/11 200 OK", .statusLine),
        ("http/1.1 200 OK", .statusLine), ("ICY 200 OK", .statusLine), (" HTTP/1.1 200 OK", .statusLine),
        ("HTTP/1.1 200 O\u{0}K", .statusLine), ("HTTP/1.1 200 O\rK", .statusLine),
        ("HTTP/1.1 200 OK\nA: b", .bareLineFeed),
        ("\r\nHTTP/1.1 200 OK", .statusLine), ("HTTP/1.1 200 O\u{7F}", .statusLine),
    ])
    func `a wrong status line is refused as soon as it is complete`(line: String, flaw: HTTPFlaw) {
        #expect(HTTP1Reading.response(line + "\r\n") == .violation(.malformed(flaw)))
        #expect(HTTP1Reading.response(line + "\r\nA: b\r\n\r\n") == .violation(.malformed(flaw)))
    }

    @Test(arguments: ["HTTP/2.0", "HTTP/1.2", "HTTP/0.9"])
    func `another version is refused`(version: String) {
        #expect(HTTP1Reading.response("\(version) 200 OK\r\n\r\n") == .violation(.unsupportedVersion))
    }

    @Test(arguments: [
        ("A : b", HTTPViolation.malformed(.spaceBeforeColon)), (" a: b", .malformed(.foldedLine)),
        (": b", .malformed(.emptyName)), ("a: b\nc: d", .malformed(.bareLineFeed)),
        ("a: \u{0}", .malformed(.valueByte)),
        ("a: b\rc", .malformed(.bareCarriageReturn)), ("Content-Length: +5", .malformed(.lengthInvalid)),
        ("Content-Length: 5, 5", .malformed(.lengthInvalid)), ("Content-Length:", .malformed(.lengthInvalid)),
        ("Content-Length: 5\r\nContent-Length: 5", .malformed(.lengthRepeated)),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", .malformed(.lengthWithTransferCoding)),
        ("Transfer-Encoding: gzip, chunked", .unsupportedTransferCoding),
        ("Transfer-Encoding: gzip", .unsupportedTransferCoding),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .unsupportedTransferCoding),
        ("Content-Encoding: gzip\r\nContent-Encoding: br", .malformed(.contentEncodingRepeated)),
    ])
    func `framing is as strict as for requests`(lines: String, violation: HTTPViolation) {
        #expect(HTTP1Reading.response("HTTP/1.1 200 OK\r\n\(lines)\r\n\r\n") == .violation(violation))
    }

    @Test func `chunks in HTTP 1.0 and bodies of interim replies are refused`() {
        let old = HTTP1Reading.response("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(old == .violation(.malformed(.transferCodingBeforeHTTP11)))
        for line in ["Transfer-Encoding: chunked", "Content-Length: 1"] {
            let interim = HTTP1Reading.response("HTTP/1.1 103 Early Hints\r\n\(line)\r\n\r\n")
            #expect(interim == .violation(.malformed(.framingOfInterimReply)))
        }
    }

    struct Ending: Sendable {
        let text: String
        var toHead = false
        var isBodyless = false
        var keepsAlive = true
        var endsAtClose = false
    }

    @Test(arguments: [
        Ending(text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        Ending(text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n"),
        Ending(text: "HTTP/1.1 200 OK\r\n\r\n", keepsAlive: false, endsAtClose: true),
        Ending(text: "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\n", keepsAlive: false, endsAtClose: true),
        Ending(text: "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", keepsAlive: false),
        Ending(text: "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", keepsAlive: false),
        Ending(text: "HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"),
        Ending(text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", toHead: true, isBodyless: true),
        Ending(text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", toHead: true, isBodyless: true),
        Ending(text: "HTTP/1.1 200 OK\r\n\r\n", toHead: true, isBodyless: true),
        Ending(text: "HTTP/1.1 100 Continue\r\n\r\n", isBodyless: true),
        Ending(text: "HTTP/1.1 101 Switching\r\nContent-Length: 0\r\n\r\n", isBodyless: true),
        Ending(text: "HTTP/1.1 204 No Content\r\n\r\n", isBodyless: true),
        Ending(text: "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", isBodyless: true),
        Ending(text: "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", isBodyless: true, keepsAlive: false),
        Ending(text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", isBodyless: true),
    ])
    func `where the reply ends and whether the connection stays is known`(ending: Ending) throws {
        let head = try head(ending.text, toHead: ending.toHead)
        #expect(head.isBodyless == ending.isBodyless)
        #expect(head.keepsAlive == ending.keepsAlive)
        #expect(head.endsAtClose == ending.endsAtClose)
    }

    private func endToEnd(_ fields: String) throws -> String {
        let text = "HTTP/1.1 200 OK\r\n\(fields)\r\nrest"
        let head = try head(text)
        var output = Bytes(string: "before|")
        Array(text.utf8).withUnsafeBytes { head.copyEndToEndFields(from: $0, into: &output) }
        return String(buffer: output)
    }

    @Test func `fields that concern one connection, the framing and cookies are left out`() throws {
        let copied = try endToEnd(
            """
            Date: now\r\nConnection: x-one, Close\r\nKeep-Alive: timeout=5\r\nX-One: 1\r\nx-two:2 \r\nProxy-Authenticate: a\r
            PROXY-Connection: a\r\nTE: trailers\r\nTrailer: x\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r
            Set-Cookie: a=b\r\nproxy: kept\r\nconnection: ,X-TWO\r\nx-three: 3\r\nEmpty:\r\nset-cookie: c\r\n
            """)
        #expect(copied == "before|Date: now\r\nproxy: kept\r\nx-three: 3\r\nEmpty:\r\n")
        #expect(try endToEnd("Content-Length: 4\r\nA: b\r\n") == "before|A: b\r\n")
        #expect(try endToEnd("A: b\r\nContent-Length: 4\r\n") == "before|A: b\r\n")
        #expect(try endToEnd("A: b\r\nC: d\r\n") == "before|A: b\r\nC: d\r\n")
        #expect(try endToEnd("Content-Length: 4\r\n") == "before|")
        #expect(try endToEnd("") == "before|")
    }

    @Test func `options that only resemble a name drop nothing`() throws {
        let copied = try endToEnd("Connection: keep-alive, x-on, x-onee, x\u{2D}one\u{7E}\r\nX-One: 1\r\n")
        #expect(copied == "before|X-One: 1\r\n")
    }
}
