import Testing
import WeirWire

struct HTTPLimitsTests {
    private func limits(head: Int = 65_536, fields: Int = 100, line: Int = 8_192) -> HTTPLimits {
        var limits = HTTPLimits()
        limits.headBytes = head
        limits.fieldCount = fields
        limits.requestLineBytes = line
        return limits
    }

    private func isHead<Head>(_ verdict: Verdict<Head>) -> Bool {
        if case .head = verdict { true } else { false }
    }

    @Test func `a head of exactly the limit is read, one byte more is not`() {
        let request = Array("GET / HTTP/1.1\r\nHost: a\r\nb: ccccccccccc\r\n\r\n".utf8)
        let size = request.count
        for pieces in [[size], Array(1...size)] {
            #expect(isHead(HTTP1Reading.request(request, pieces: pieces, limits: limits(head: size))))
            let refused = HTTP1Reading.request(request, pieces: pieces, limits: limits(head: size - 1))
            #expect(refused == .violation(.headTooLarge))
        }
        let reply = Array("HTTP/1.1 200 OK\r\nb: ccccccccccc\r\n\r\n".utf8)
        for pieces in [[reply.count], Array(1...reply.count)] {
            #expect(isHead(HTTP1Reading.response(reply, pieces: pieces, limits: limits(head: reply.count))))
            let refused = HTTP1Reading.response(reply, pieces: pieces, limits: limits(head: reply.count - 1))
            #expect(refused == .violation(.headTooLarge))
        }
    }

    @Test func `a head that never ends is refused once it is too large`() {
        let start = Array("GET / HTTP/1.1\r\nHost: a\r\nb: ".utf8)
        let endless = start + [UInt8](repeating: 0x63, count: 65_537 - start.count)
        #expect(HTTP1Reading.request(Array(endless.dropLast())) == .incomplete)
        #expect(HTTP1Reading.request(endless) == .violation(.headTooLarge))
        #expect(HTTP1Reading.request(endless, pieces: [100, 65_536, 65_537]) == .violation(.headTooLarge))
        let reply = Array("HTTP/1.1 200 OK\r\na: ".utf8) + [UInt8](repeating: 0x63, count: 65_536)
        #expect(HTTP1Reading.response(reply, pieces: [65_536]) == .incomplete)
        #expect(HTTP1Reading.response(reply, pieces: [65_537]) == .violation(.headTooLarge))
    }

    @Test func `a request line of exactly the limit is read, one byte more is not`() {
        let line = "GET /12345 HTTP/1.1"
        for start in ["", "\r\n"] {
            let text = Array("\(start)\(line)\r\nHost: a\r\n\r\n".utf8)
            for pieces in [[text.count], Array(1...text.count)] {
                #expect(isHead(HTTP1Reading.request(text, pieces: pieces, limits: limits(line: line.utf8.count))))
                let refused = HTTP1Reading.request(text, pieces: pieces, limits: limits(line: line.utf8.count - 1))
                #expect(refused == .violation(.requestLineTooLong))
            }
        }
        #expect(HTTP1Reading.request("GET /" + String(repeating: "a", count: 8_188)) == .incomplete)
        #expect(HTTP1Reading.request("GET /" + String(repeating: "a", count: 8_189)) == .violation(.requestLineTooLong))
    }

    @Test func `a status line of exactly the limit is read, one byte more is not`() {
        let reply = Array("HTTP/1.1 200 Splendid\r\n\r\n".utf8)
        for pieces in [[reply.count], Array(1...reply.count)] {
            #expect(isHead(HTTP1Reading.response(reply, pieces: pieces, limits: limits(line: reply.count - 4))))
            let refused = HTTP1Reading.response(reply, pieces: pieces, limits: limits(line: reply.count - 5))
            #expect(refused == .violation(.headTooLarge))
        }
    }

    @Test func `as many fields as the limit are read, one more is not`() {
        let lines = String(repeating: "a: b\r\n", count: 4)
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"
        #expect(isHead(HTTP1Reading.request(request, limits: limits(fields: 5))))
        #expect(HTTP1Reading.request(request, limits: limits(fields: 4)) == .violation(.tooManyFields))
        let reply = "HTTP/1.1 200 OK\r\n\(lines)\r\n"
        #expect(isHead(HTTP1Reading.response(reply, limits: limits(fields: 4))))
        #expect(HTTP1Reading.response(reply, limits: limits(fields: 3)) == .violation(.tooManyFields))
    }

    @Test func `every violation has its status and a sentence of its own`() {
        let statuses: [(HTTPViolation, Int)] = [
            (.headTooLarge, 431), (.tooManyFields, 431), (.requestLineTooLong, 414), (.unsupportedTransferCoding, 501),
            (.unsupportedVersion, 505), (.unsupportedExpectation, 417), (.malformed(.target), 400),
        ]
        for (violation, status) in statuses { #expect(violation.status == status) }
        let sentences = statuses.map(\.0.reason) + HTTPFlaw.allCases.filter { $0 != .target }.map(\.sentence)
        #expect(Set(sentences).count == sentences.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") && $0.count > 20 })
    }
}
