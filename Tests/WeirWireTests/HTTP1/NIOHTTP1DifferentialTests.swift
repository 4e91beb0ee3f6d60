import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing
import WeirCore
import WeirWire

/// The same bytes for our readers and for those of SwiftNIO (llhttp): what we accept they accept, and understand alike.
///
/// We refuse more. What more is listed in `stricter`; any other refusal of a message that llhttp takes fails the test.
struct NIOHTTP1DifferentialTests {
    /// A message as a reader understood it.
    struct Message: Equatable, CustomStringConvertible {
        var line = ""
        var minorVersion = 0
        var fields: [String] = []
        var body: [UInt8] = []
        var isComplete = false
        /// What was read behind the message's end.
        var next: String?

        var description: String { "\(line) 1.\(minorVersion) \(fields) \(body) \(isComplete) \(next ?? "-")" }
    }

    /// Where we are stricter than llhttp on purpose.
    static let stricter: [HTTPViolation: String] = [
        .malformed(.hostMissing): "RFC 9112, section 3.2, demands it; llhttp leaves it to the server",
        .malformed(.hostRepeated): "the same",
        .malformed(.hostInvalid): "the same",
        .malformed(.credentialRepeated): "two readers could take different ones",
        .malformed(.contentTypeRepeated): "two readers could take different ones",
        .malformed(.contentEncodingRepeated): "two readers could take different ones",
        .malformed(.authority): "llhttp does not look into the target's authority",
        .malformed(.target): "llhttp accepts more forms, and bytes from 0x80 on",
        .malformed(.fragment): "llhttp takes fragments, which must not be sent",
        .malformed(.method): "llhttp skips any number of empty lines",
        .malformed(.bareCarriageReturn): "llhttp skips CR before a message",
        .malformed(.transferCodingBeforeHTTP11): "RFC 9112, section 6.1: such a message's framing is faulty",
        .malformed(.requestLine): "llhttp skips more than one space",
        .malformed(.statusLine): "llhttp takes more bytes in a reason",
        .malformed(.chunkExtension): "llhttp takes an extension without a name, or more behind a value",
        .unsupportedTransferCoding: "llhttp reads a body of another coding to the connection's end",
        .unsupportedExpectation: "llhttp leaves it to the server",
    ]

    /// Where llhttp is stricter, and a message that it refuses is read in no other way by anyone.
    static func isLooser(_ message: Message, _ text: String) -> Bool {
        // A server must be able to answer 405 or 501 to any method; llhttp has a closed list of them.
        let method = message.line.prefix { $0 != " " }
        if method.first?.isNumber == false, !HTTPMethod.allCases.contains(where: { "\($0)".uppercased() == method }) {
            return true
        }
        // RFC 9110, section 5.6.3, allows a tab around every value, a length too.
        let lines = text.lowercased().split(separator: "\\r\\n")
        if lines.contains(where: { $0.hasPrefix("content-length:") && $0.contains("\\t") }) { return true }
        // Some servers pad the status line.
        return text.hasPrefix("\"HTTP/1.1  ") || text.hasPrefix("\"HTTP/1.0  ")
    }

    @Test func `requests that we accept are read alike by NIOHTTP1`() {
        var generator = MessageGenerator(seed: 1)
        var tally = Tally()
        for _ in 0..<6_000 {
            let bytes = generator.request()
            tally.compare(bytes, DifferentialReading.ours(request: bytes), DifferentialReading.theirs(request: bytes))
        }
        tally.check()
    }

    @Test func `replies that we accept are read alike by NIOHTTP1`() {
        var generator = MessageGenerator(seed: 2)
        var tally = Tally()
        for _ in 0..<6_000 {
            let bytes = generator.response()
            tally.compare(bytes, DifferentialReading.ours(response: bytes), DifferentialReading.theirs(response: bytes))
        }
        tally.check()
    }

    @Test func `chunked bodies that we accept are read alike by NIOHTTP1`() {
        var generator = MessageGenerator(seed: 3)
        var tally = Tally()
        for _ in 0..<6_000 {
            let text = generator.chunks()
            let head = Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
            let bytes = head + generator.mangled(text)
            tally.compare(bytes, DifferentialReading.ours(request: bytes), DifferentialReading.theirs(request: bytes))
        }
        tally.check()
    }

    /// Counts what happened, so that a generator that only makes rubbish is noticed.
    struct Tally {
        var accepted = 0, refused = 0, incomplete = 0
        var unexpected: [String] = []

        mutating func compare(_ bytes: [UInt8], _ ours: Result<Message, HTTPViolation>, _ theirs: Message?) {
            let text = String(decoding: bytes, as: UTF8.self).debugDescription
            var theirs = theirs
            if case .success(let message) = ours, message.next == nil { theirs?.next = nil }
            switch ours {
            case .success(let message) where message.isComplete:
                accepted += 1
                if theirs == nil, NIOHTTP1DifferentialTests.isLooser(message, text) { return }
                if theirs != message {
                    unexpected.append("\(text)\n  ours: \(message)\n  theirs: \(theirs.map(String.init) ?? "refused")")
                }
            case .success:
                incomplete += 1
                if let theirs, theirs.isComplete { unexpected.append("\(text)\n  incomplete; theirs: \(theirs)") }
            case .failure(let violation):
                refused += 1
                if let theirs, theirs.isComplete, NIOHTTP1DifferentialTests.stricter[violation] == nil {
                    unexpected.append("\(text)\n  refused: \(violation)\n  theirs: \(theirs)")
                }
            }
        }

        func check() {
            #expect(unexpected.isEmpty, "\(unexpected.count):\n\(unexpected.prefix(12).joined(separator: "\n"))")
            #expect(accepted > 1_000)
            #expect(refused > 1_000)
            #expect(incomplete > 50)
        }
    }
}
