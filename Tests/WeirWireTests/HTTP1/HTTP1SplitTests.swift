import Testing
import WeirWire

/// However the bytes of a message arrive, what is read from them is the same.
struct HTTP1SplitTests {
    private static let fields = [
        "Host: a.example\r\n\r\n", "Host: a\r\nContent-Length: 5\r\n\r\nhello", "\r\n", "Host: a\r\n\n",
        "Host: a\n\r\n\r\n",
        "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Host: a\r\n b\r\n\r\n", "Host: a\r\nB : c\r\n\r\n",
        "Host: a\r\nHost: b\r\n\r\n", "Host: a\r\nb: c\rd\r\n\r\n", "Host: a\r\nb: \u{0}\r\n\r\n",
        "Host: a\r\nb: c\r\n\r\r\n",
        "Connection: close, x\r\nHost: a\r\n", "Host: a\r\n: b\r\n\r\n", "Host: a\r\nContent-Length: 5x\r\n\r\n",
        "Host: a\r\nb: 12345678901234567890\t1234567890\r\nExpect: 100-continue\r\n\r\n", "\n", "\n\n", "Host\r\n\r\n",
        "Host: a\r\nExpect: x\r\n\r\n", "Host: a\r\nTransfer-Encoding: gzip\r\n\r\n", "Host: a\r\nä: b\r\n\r\n",
    ]
    private static let requestLines = [
        "GET / HTTP/1.1\r\n", "\r\nPOST /v1/chat/completions?a HTTP/1.0\r\n", "GET / HTTP/1.1\n", "GET /\r\n",
        "\r\n\r\n",
        "GET http://b/c HTTP/1.1\r\n", "GET / HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}",
        "GET / #\r\n",
    ]
    private static let statusLines = [
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 204\r\n", "HTTP/1.0 304 \r\n", "HTTP/1.1 20\r\n", "HTTP/1.1 200 OK\n",
        "HTTP/2 200\r\n",
        "SSH-2.0-x\r\n", "HTTP/1.1  100 Go on\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n",
    ]

    @Test(arguments: requestLines)
    func `a request is the same at every split`(line: String) {
        for fields in HTTP1SplitTests.fields {
            let bytes = Array((line + fields).utf8)
            let whole = HTTP1Reading.request(bytes)
            #expect(HTTP1Reading.request(bytes, pieces: 1...bytes.count) == whole, "byte by byte: \(line + fields)")
            for at in 1..<bytes.count where HTTP1Reading.request(bytes, pieces: [at, bytes.count]) != whole {
                Issue.record("\(line + fields) differs when split at \(at)")
            }
        }
    }

    @Test(arguments: statusLines)
    func `a reply is the same at every split`(line: String) {
        for fields in HTTP1SplitTests.fields {
            let bytes = Array((line + fields).utf8)
            let whole = HTTP1Reading.response(bytes, pieces: [bytes.count])
            #expect(HTTP1Reading.response(bytes, pieces: 1...bytes.count) == whole, "byte by byte: \(line + fields)")
            for at in 1..<bytes.count where HTTP1Reading.response(bytes, pieces: [at, bytes.count]) != whole {
                Issue.record("\(line + fields) differs when split at \(at)")
            }
        }
    }

    @Test(arguments: [
        "5\r\nhello\r\n10\r\n0123456789abcdef\r\n1\r\n!\r\n0\r\n\r\nGET / HTTP/1.1\r\n", "0\r\n\r\n",
        "0\r\nA: b\r\nC:\r\n\r\nrest",
        "1;a=b;c=\"d\\\"\"\r\nx\r\n0;e\r\n\r\n", "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n2\r\nd\n\r\n0\r\n\r\n",
        "2\r\nabc\r\n0\r\n\r\n",
        "2\r\nab\r\n\r\n", "2\r\nab\r\nx\r\n", "1\r\na\r\n1\r\nb\r\n00\r\nA\r\n\r\n", "3\r\nab",
    ])
    func `a chunked body is the same at every two splits`(text: String) {
        let bytes = Array(text.utf8)
        let whole = Unchunked(bytes)
        func differs(_ pieces: [Int]) -> Bool {
            var split = Unchunked(bytes, pieces: pieces)
            // Payload in front of a violation is given or not, as it arrived.
            if whole.violation != nil { split.payload = whole.payload }
            return split != whole
        }
        #expect(!differs(Array(repeating: 1, count: bytes.count)))
        for first in 1..<bytes.count {
            for second in 1...(bytes.count - first) where differs([first, second]) {
                Issue.record("\(text) differs when split after \(first) and \(second) bytes")
            }
        }
    }
}
