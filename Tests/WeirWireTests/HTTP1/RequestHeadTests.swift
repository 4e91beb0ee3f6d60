import Testing
import WeirWire

struct RequestHeadTests {
    private func head(_ text: String, limits: HTTPLimits = HTTPLimits()) throws -> RequestHead {
        guard case .head(let head) = HTTP1Reading.request(text, limits: limits) else {
            throw Refusal(verdict: HTTP1Reading.request(text, limits: limits))
        }
        return head
    }

    private struct Refusal: Error { let verdict: Verdict<RequestHead> }

    @Test func `a usual request is read with all its parts`() throws {
        let text = """
            POST /v1/chat/completions?a=b?c HTTP/1.1\r
            Host: gateway.example:4000\r
            user-AGENT: \t curl/8.5 (x) \t\r
            Accept:*/*\r
            Accept: text/plain\r
            Authorization: Bearer sk-1\r
            API-Key: one\r
            X-API-Key: two\r
            X-LiteLLM-API-Key: three\r
            x-litellm-call-id: 4711\r
            Content-Type: application/json\r
            Content-Length: 0012\r
            Empty:\r
            \r
            {"model":"a"}
            """
        let head = try head(text)
        #expect(head.method == .post)
        #expect(head.methodRange.text(in: text) == "POST")
        #expect(head.target.text(in: text) == "/v1/chat/completions?a=b?c")
        #expect(head.path.text(in: text) == "/v1/chat/completions")
        #expect(head.query?.text(in: text) == "a=b?c")
        #expect(head.host?.text(in: text) == "gateway.example:4000")
        #expect(head.userAgent?.text(in: text) == "curl/8.5 (x)")
        #expect(head.accept?.text(in: text) == "*/*")
        #expect(head.authorization?.text(in: text) == "Bearer sk-1")
        #expect(head.apiKey?.text(in: text) == "one")
        #expect(head.xAPIKey?.text(in: text) == "two")
        #expect(head.litellmAPIKey?.text(in: text) == "three")
        #expect(head.callID?.text(in: text) == "4711")
        #expect(head.contentType?.text(in: text) == "application/json")
        #expect(head.contentLength == 12)
        #expect(head.minorVersion == 1)
        #expect(head.keepsAlive && !head.isChunked && !head.expectsContinue && head.hasForwardableFields)
        #expect((head.end..<text.utf8.count).text(in: text) == #"{"model":"a"}"#)
        #expect(head.fields.text(in: text).hasPrefix("Host: ") && head.fields.text(in: text).hasSuffix("Empty:\r\n"))
    }

    @Test func `a request with the least is read`() throws {
        let head = try head("GET / HTTP/1.0\r\n\r\n")
        #expect(head.method == .get && head.minorVersion == 0 && head.end == 18 && head.fields.isEmpty)
        #expect(head.host == nil && head.query == nil && head.contentLength == nil && head.contentType == nil)
        #expect(!head.keepsAlive && !head.hasForwardableFields)
    }

    @Test(arguments: [
        ("GET", HTTPMethod.get), ("POST", .post), ("PUT", .put), ("PATCH", .patch), ("DELETE", .delete),
        ("HEAD", .head), ("OPTIONS", .options), ("TRACE", .trace), ("get", .other), ("GETS", .other), ("G", .other),
        ("PROPFIND", .other), ("P*ST", .other), ("CONNECTS", .other), ("OPTION5", .other), ("PU|", .other),
    ])
    func `the method is known by its exact name`(name: String, method: HTTPMethod) throws {
        let text = "\(name) / HTTP/1.1\r\nHost: a\r\n\r\n"
        let head = try head(text)
        #expect(head.method == method)
        #expect(head.methodRange.text(in: text) == name)
    }

    @Test(arguments: [
        ("http://b.example/p?q", "/p", "q", "b.example"), ("HTTPS://b:1", "", nil, "b:1"),
        ("http://b?x/y", "", "x/y", "b"), ("http://[::1]:80/", "/", nil, "[::1]:80"), ("/p?", "/p", "", "a"),
        ("//evil/x", "//evil/x", nil, "a"), ("/http://b/", "/http://b/", nil, "a"), ("/%2e%2E/", "/%2e%2E/", nil, "a"),
    ])
    func `a target gives path, query and host`(target: String, path: String, query: String?, host: String) throws {
        let text = "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
        let head = try head(text)
        #expect(head.target.text(in: text) == target)
        #expect(head.path.text(in: text) == path)
        #expect(head.query?.text(in: text) == query)
        #expect(head.host?.text(in: text) == host)
    }

    @Test func `OPTIONS may have an asterisk and CONNECT has an authority`() throws {
        let options = try head("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(options.method == .options && options.path == 8..<9)
        let connect = try head("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n")
        #expect(connect.method == .connect && connect.target == 8..<21 && connect.path.isEmpty)
    }

    @Test(arguments: [
        ("GET /\tHTTP/1.1", HTTPFlaw.target), ("GET\t/ HTTP/1.1", .requestLine), ("GET  / HTTP/1.1", .requestLine),
        ("GET /  HTTP/1.1", .requestLine), ("GET / HTTP/1.1 ", .requestLine), (" GET / HTTP/1.1", .method),
        ("GET /a b HTTP/1.1", .requestLine), ("GET /", .requestLine), ("GET", .requestLine), ("GET ", .requestLine),
        ("GET / ", .version), ("GE(T / HTTP/1.1", .requestLine), ("(GET / HTTP/1.1", .method),
        ("GET / http/1.1", .version), ("GET / HTTP/11", .version), ("GET / HTTP/1.10", .version),
        ("GET / HTTP/1,1", .version), ("GET / HTTP/a.1", .version), ("GET / XTTP/1.1", .version),
        ("GET /a#b HTTP/1.1", .fragment), ("GET /\u{7F} HTTP/1.1", .target), ("GET /\u{0} HTTP/1.1", .target),
        ("GET /ä HTTP/1.1", .target), ("GET /a\rb HTTP/1.1", .target), ("GET * HTTP/1.1", .target),
        ("OPTIONS ** HTTP/1.1", .target), ("GET a HTTP/1.1", .target), ("GET ftp://a/ HTTP/1.1", .target),
        ("GET http:/a HTTP/1.1", .target), ("GET http:///a HTTP/1.1", .authority),
        ("GET http://u@a/ HTTP/1.1", .authority), ("GET http://a:x/ HTTP/1.1", .authority),
        ("CONNECT / HTTP/1.1", .authority), ("CONNECT a HTTP/1.1", .authority), ("CONNECT a:1/ HTTP/1.1", .authority),
        ("CONNECT http://a:1/ HTTP/1.1", .authority), ("POST a:1 HTTP/1.1", .target),
        ("GET / HTTP/1.1\nHost: b", .bareLineFeed), ("GET / HTTP/1.1\n\r\n", .bareLineFeed),
        ("\nGET / HTTP/1.1", .method),
        ("\r\rGET / HTTP/1.1", .bareCarriageReturn), ("\r\n\r\nGET / HTTP/1.1", .method),
        ("\r\n\nGET / HTTP/1.1", .bareLineFeed),
    ])
    func `a wrong request line is refused as soon as it is complete`(line: String, flaw: HTTPFlaw) {
        #expect(HTTP1Reading.request(line + "\r\n") == .violation(.malformed(flaw)))
        #expect(HTTP1Reading.request(line + "\r\nHost: a\r\n\r\n") == .violation(.malformed(flaw)))
    }

    @Test(arguments: ["HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/3.1"])
    func `another version is told apart from a wrong one`(version: String) {
        #expect(HTTP1Reading.request("GET / \(version)\r\nHost: a\r\n\r\n") == .violation(.unsupportedVersion))
    }

    @Test func `one empty line before the request line is skipped`() throws {
        let text = "\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n"
        let head = try head(text)
        #expect(head.target.text(in: text) == "/x" && head.end == text.utf8.count)
        #expect(HTTP1Reading.request("\r\n") == .incomplete)
        #expect(HTTP1Reading.request("\r\n\r\nGET / HTTP/1.1\r\n") == .violation(.malformed(.method)))
    }

    @Test func `one who speaks another protocol is told at the first byte`() {
        #expect(HTTP1Reading.request([0x16, 0x03, 0x01]) == .violation(.malformed(.method)))
        #expect(HTTP1Reading.request([]) == .incomplete)
    }

    @Test(arguments: [
        ("Host : a", HTTPFlaw.spaceBeforeColon), ("Host\t: a", .spaceBeforeColon), (": a", .emptyName),
        (":", .emptyName), (" a: b", .foldedLine), ("\ta: b", .foldedLine), ("a: b\r\n c", .foldedLine),
        ("a", .lineWithoutColon), ("a b: c", .spaceBeforeColon), ("a(b: c", .nameByte), ("ä: c", .nameByte),
        ("a\u{0}b: c", .nameByte), ("a\"b: c", .nameByte), ("a: \u{0}", .valueByte), ("a: b\u{1}c", .valueByte),
        ("a: b\u{7F}", .valueByte), ("a: \u{1B}[0m", .valueByte), ("a: b\nc: d", .bareLineFeed),
        ("a: b\n", .bareLineFeed),
        ("a: b\rc", .bareCarriageReturn), ("a: b\r\r\n", .bareCarriageReturn), ("a\rb: c", .bareCarriageReturn),
        ("a\nb: c", .bareLineFeed), ("\nb: c", .bareLineFeed), ("\r", .bareCarriageReturn),
        ("a: 12345678901234567890\u{1F}", .valueByte), ("a: 1234567\u{7F}", .valueByte),
    ])
    func `a wrong header line is refused`(line: String, flaw: HTTPFlaw) {
        let verdict = HTTP1Reading.request("GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n")
        #expect(verdict == .violation(.malformed(flaw)))
    }

    @Test(arguments: ["a\tb", "\u{80}\u{FF} ä", "(\"<>@,;:\\/[]?={}", "12345678\t12345678\tx", "~"])
    func `a value may hold tabs, spaces, visible and undefined bytes`(value: String) throws {
        let text = "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent:   \(value)\t \r\n\r\n"
        #expect(try head(text).userAgent?.text(in: text) == value)
    }

    @Test(arguments: [
        "a", "a.b.example", "A-b_c~d", "1.2.3.4:80", "a:0", "a:65535", "[::1]", "[::1]:8080", "[::ffff:1.2.3.4]",
    ])
    func `a host with or without a port is accepted`(host: String) throws {
        let text = "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        #expect(try head(text).host?.text(in: text) == host)
    }

    @Test(arguments: [
        "", "a b", "a,b", "a/b", "u@a", "a:", "a:x", "a:123456", ":80", "a:1:2", "[::1", "::1", "[]", "[1.2.3.4]",
        "[g::1]",
        "[::1]80", "[::1]:", "a%20", "ä", "a\"", "a\tb", "http://a", "a\\b", "a?b", "a#b",
    ])
    func `a wrong host is refused`(host: String) {
        let fields = "Host: \(host)\r\n\r\n"
        #expect(HTTP1Reading.request("GET / HTTP/1.1\r\n" + fields) == .violation(.malformed(.hostInvalid)))
        #expect(HTTP1Reading.request("GET / HTTP/1.0\r\n" + fields) == .violation(.malformed(.hostInvalid)))
        #expect(HTTP1Reading.request("GET http://b/ HTTP/1.1\r\n" + fields) == .violation(.malformed(.hostInvalid)))
    }

    @Test(arguments: [
        ("Host: a", HTTPViolation.malformed(.hostRepeated)), ("host: b", .malformed(.hostRepeated)),
        ("Authorization: b", .malformed(.credentialRepeated)), ("api-key: b", .malformed(.credentialRepeated)),
        ("x-api-key: b", .malformed(.credentialRepeated)), ("x-litellm-api-key: b", .malformed(.credentialRepeated)),
        ("Content-Type: b", .malformed(.contentTypeRepeated)), ("Content-Length: 5", .malformed(.lengthRepeated)),
        ("Content-Length: 6", .malformed(.lengthRepeated)),
    ])
    func `a second field of which only one can count is refused`(line: String, violation: HTTPViolation) {
        let once = """
            GET / HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nApi-Key: a\r\nX-Api-Key: a\r\nX-Litellm-Api-Key: a\r
            Content-Type: a\r\nContent-Length: 5\r\n
            """
        #expect(HTTP1Reading.request(once + line + "\r\n\r\n") == .violation(violation))
    }

    @Test func `HTTP 1.1 needs a host, in an absolute target too`() {
        let missing = Verdict<RequestHead>.violation(.malformed(.hostMissing))
        #expect(HTTP1Reading.request("GET / HTTP/1.1\r\n\r\n") == missing)
        #expect(HTTP1Reading.request("GET http://a/ HTTP/1.1\r\nHosts: a\r\n\r\n") == missing)
    }

    @Test(arguments: [
        "+5", "-1", "0x5", "5 5", "5,5", "5, 5", "", "1234567890123456789", "5a", "5.0", "٥", "1_0", "\"5\"",
    ])
    func `a length that is not plain digits is refused`(length: String) {
        let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n"
        #expect(HTTP1Reading.request(text) == .violation(.malformed(.lengthInvalid)))
    }

    @Test(arguments: [("0", 0), ("00", 0), ("123456789012345678", 123_456_789_012_345_678), ("\t 7 ", 7)])
    func `a length of plain digits is read`(length: String, number: Int) throws {
        #expect(try head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\(length)\r\n\r\n").contentLength == number)
    }

    @Test(arguments: [
        ("Transfer-Encoding: gzip", HTTPViolation.unsupportedTransferCoding),
        ("Transfer-Encoding: chunked, gzip", .unsupportedTransferCoding),
        ("Transfer-Encoding: gzip, chunked", .unsupportedTransferCoding),
        ("Transfer-Encoding: chunked, chunked", .unsupportedTransferCoding),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .unsupportedTransferCoding),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", .unsupportedTransferCoding),
        ("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", .unsupportedTransferCoding),
        ("Transfer-Encoding:", .unsupportedTransferCoding), ("Transfer-Encoding: \u{B}chunked", .malformed(.valueByte)),
        ("Transfer-Encoding: xchunked", .unsupportedTransferCoding),
        ("Transfer-Encoding: chunked;a=b", .unsupportedTransferCoding),
        ("Transfer-Encoding: \"chunked\"", .unsupportedTransferCoding),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5", .malformed(.lengthWithTransferCoding)),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", .malformed(.lengthWithTransferCoding)),
        ("Content-Length: 0\r\nTransfer-Encoding: chunked", .malformed(.lengthWithTransferCoding)),
    ])
    func `a body that can be framed in two ways is refused`(lines: String, violation: HTTPViolation) {
        #expect(HTTP1Reading.request("POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n") == .violation(violation))
    }

    @Test func `chunked is the one transfer coding, and none before HTTP 1.1`() throws {
        let head = try head("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \tChunKed \r\n\r\n")
        #expect(head.isChunked && head.contentLength == nil)
        let old = HTTP1Reading.request("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(old == .violation(.malformed(.transferCodingBeforeHTTP11)))
    }

    @Test(arguments: [
        ("1.1", "", true), ("1.0", "", false), ("1.1", "Connection: close\r\n", false),
        ("1.1", "Connection: CLOSE\r\n", false), ("1.1", "Connection: a ,\tclose\t, b\r\n", false),
        ("1.1", "Connection: closed\r\n", true), ("1.1", "Connection: not-close\r\n", true),
        ("1.1", "Connection: a\r\nConnection: close\r\n", false), ("1.1", "Connection:\r\n", true),
        ("1.0", "Connection: Keep-Alive\r\n", true), ("1.0", "Connection: ,,x,keep-alive\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false),
        ("1.1", "Connection: close\r\nConnection: keep-alive\r\n", false),
        ("1.1", "Keep-Alive: close\r\n", true),
    ])
    func `the connection's options say whether it is kept`(version: String, fields: String, keeps: Bool) throws {
        #expect(try head("GET / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n").keepsAlive == keeps)
    }

    @Test func `only 100-continue can be expected`() throws {
        #expect(try head("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n").expectsContinue)
        #expect(try !head("PUT / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expectsContinue)
        for other in ["", "200-ok", "100-continue, x", "100-continu"] {
            let verdict = HTTP1Reading.request("PUT / HTTP/1.1\r\nHost: a\r\nExpect: \(other)\r\n\r\n")
            #expect(verdict == .violation(.unsupportedExpectation))
        }
    }

    @Test(arguments: [
        ("x-a", true), ("X-", true), ("OpenAI-Organization", true), ("Anthropic-Version", true), ("traceparent", true),
        ("TraceState", true), ("Accept", true), ("X-Api-Key", true), ("x-litellm-call-id", true), ("x", false),
        ("openai", false), ("anthropic", false), ("accept-encoding", false), ("xx-a", false), ("api-key", false),
        ("tracepare-t", false), ("o", false), ("anthropic_version", false),
    ])
    func `a field that may go on to an upstream is noticed`(name: String, isForwardable: Bool) throws {
        #expect(try head("GET / HTTP/1.1\r\nHost: a\r\n\(name): b\r\n\r\n").hasForwardableFields == isForwardable)
    }

    @Test func `names that are nearly known are not mistaken`() throws {
        let text = """
            GET / HTTP/1.1\r\nHost: a\r\nauthorizatiom: a\r\naut-orization: a\r\ncontent-lengtn: x\r\ncontent_length: x\r
            transfer-encodin_: x\r\nTransfer_Encoding: chunked\r\nhos: b\r\nhost_: b\r\nhosu: b\r\nExpecu: b\r\n\r\n
            """
        let head = try head(text)
        #expect(head.authorization == nil && head.contentLength == nil && !head.isChunked && !head.expectsContinue)
    }

    @Test func `what is behind the head is not looked at`() throws {
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n\u{0}\n\nGET"
        #expect(try head(text).end == 27)
    }
}
