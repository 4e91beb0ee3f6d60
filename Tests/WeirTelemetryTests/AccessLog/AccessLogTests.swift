import Foundation
import Testing
import WeirCore
import WeirTelemetry

@Suite struct AccessLogTests {
    private let pipe = Pipe()
    private var readEnd: Int32 { pipe.fileHandleForReading.fileDescriptor }
    private var writeEnd: Int32 { pipe.fileHandleForWriting.fileDescriptor }

    private static let time = TimeSource(
        monotonic: {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
        }, wall: { 0 })

    /// What the log says of `events`.
    private func lines(_ events: [RequestEvent]) throws -> [String] {
        let writer = try AccessLogWriter(descriptor: writeEnd, time: Self.time)
        let buffer = writer.makeBuffer()
        for event in events { buffer.append(event) }
        try writer.start()
        #expect(writer.stop())
        try pipe.fileHandleForWriting.close()
        let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func object(_ event: RequestEvent) throws -> [String: Any] {
        let line = try #require(try lines([event]).first)
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return try #require(object as? [String: Any])
    }

    @Test func `a line tells all of a request`() throws {
        let event = Sample.served()
        event.streams = true
        event.timeToFirstToken = 31_234_567
        #expect(
            try lines([event]) == [
                #"{"time":"2026-02-28T23:59:59.123Z","id":"call-1","route":"/v1/chat/completions","#
                    + #""key":"0123456789ab","key_alias":"team blue","client":"192.0.2.7","model":"gpt","group":"gpt","#
                    + #""deployment":"dep-1","vendor":"openai","user_agent":"tester/1.0","ending":"complete","#
                    + #""status":200,"stream":true,"attempts":1,"prompt_tokens":12,"completion_tokens":8,"#
                    + #""cached_tokens":4,"cost":0.0000204,"first_byte_ms":30.000,"first_token_ms":31.234,"#
                    + #""upstream_ms":59.980,"total_ms":60.000,"bytes_in":300,"bytes_out":4000}"#
            ])
    }

    @Test func `a refused request is told with its fault and without what it never had`() throws {
        let object = try object(Sample.refused())
        #expect(object["fault"] as? String == "keyMissing")
        #expect(object["source"] as? String == "client")
        #expect(object["status"] as? Int == 401)
        #expect(object["model"] as? String == "whatever \"he\" liked")
        for absent in ["key", "key_alias", "deployment", "cost", "upstream_ms", "first_byte_ms", "user_agent"] {
            #expect(object[absent] == nil, "\(absent)")
        }
    }

    @Test func `what a client writes stays one line of valid JSON`() throws {
        let event = Sample.served()
        event.userAgent = "a\"b\\c\nd\re\u{1B}[31m\u{0}\u{7F}\u{85}\u{9B}é日本🦆\u{A0}"
        event.requestedModel = String(decoding: [0x61, 0xFF, 0xC2], as: UTF8.self)
        let line = try #require(try lines([event]).first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["user_agent"] as? String == event.userAgent)
        #expect(object["model"] as? String == "a\u{FFFD}\u{FFFD}")
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
    }

    @Test func `long texts are cut between characters`() throws {
        let event = Sample.served()
        event.userAgent = "x" + String(repeating: "é", count: 200)
        #expect(try object(event)["user_agent"] as? String == "x" + String(repeating: "é", count: 127))
    }

    @Test func `the longest line fits`() throws {
        let nasty = String(repeating: "\u{1}", count: 1_000)
        let event = RequestEvent(callID: nasty, route: nasty, clientAddress: nasty, startedAt: UInt64.max)
        event.principal = Principal(kind: .master, keyHash: nasty, alias: nasty, index: 0)
        event.deployment = Deployment(
            index: 0, id: nasty, group: nasty, vendor: nasty, upstreamModel: nasty, apiBase: nasty)
        event.userAgent = nasty
        event.requestedModel = nasty
        event.endUser = nasty
        event.fault = .malformedRequest
        event.usage = Usage(promptTokens: Int.min, completionTokens: Int.min, cachedTokens: Int.min)
        event.cost = Money(attodollars: Int128.min)
        event.status = Int.min
        event.attempts = Int.max
        event.bytesIn = Int.min
        event.bytesOut = Int.min
        event.duration = UInt64.max
        event.timeToFirstByte = UInt64.max
        event.timeToFirstToken = UInt64.max
        event.upstreamDuration = UInt64.max
        let line = try #require(try lines([event]).first)
        #expect(line.utf8.count > 14_500)
        #expect(line.utf8.count < 18_944)
        #expect(line.contains(#""cost":-170141183460469231731.687303715884105728,"#))
        #expect(line.contains(#""time":"2554-07-21T23:34:33.709Z""#))
    }

    @Test func `the customer is named where he was asked for`() throws {
        let event = Sample.served()
        event.endUser = "ada"
        let lines = try lines([event, Sample.served()])
        #expect(lines.count == 2)
        #expect(lines.first?.contains(#""end_user":"ada","#) == true)
        #expect(lines.last?.contains("end_user") == false)
    }

    @Test func `no key is written, only the beginning of its digest`() throws {
        let line = try #require(try lines([Sample.served()]).first)
        #expect(!line.contains(Sample.key.keyHash))
        #expect(line.contains(#""key":"0123456789ab","#))
    }

    @Test(arguments: [
        ("0", "0"), ("1", "1"), ("-0.5", "-0.5"), ("0.000000000000000001", "0.000000000000000001"),
        ("1234567.891", "1234567.891"), ("0.100", "0.1"),
    ])
    func `costs are plain decimals`(cost: String, expected: String) throws {
        let event = Sample.served()
        event.cost = Money(cost)
        #expect(try #require(try lines([event]).first).contains("\"cost\":\(expected),"))
    }

    @Test(arguments: [
        (UInt64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
        (1_709_251_199_999_999_999, "2024-02-29T23:59:59.999Z"),
        (1_735_689_600_000_000_000, "2025-01-01T00:00:00.000Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
    ])
    func `times are RFC 3339 in UTC`(nanoseconds: UInt64, expected: String) throws {
        let event = Sample.served()
        event.startedAt = nanoseconds
        #expect(try #require(try lines([event]).first).hasPrefix("{\"time\":\"\(expected)\","))
    }
}
