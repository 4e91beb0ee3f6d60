import Foundation
import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

/// Plays what was said between a client, Weir and an upstream: one folder each in `Tests/Transcripts/openai`.
///
/// `request.json` is the client's; `upstream-request.txt` is what goes on, with plain line ends; `upstream.sse` or
/// `upstream.json` is the answer, `reply.sse` or `reply.json` what the client gets, `usage.txt` what is counted.
struct TranscriptTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Transcripts/openai")
    static let scenarios: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }()

    private func file(_ scenario: String, _ name: String) -> String? {
        try? String(contentsOf: Self.folder.appending(path: "\(scenario)/\(name)"), encoding: .utf8)
    }

    private func call(_ scenario: String) throws -> ModelCall {
        let text = try #require(file(scenario, "request.json"))
        return try SampleCall.json(text, text.contains("\"prompt\"") ? .completions : .chatCompletions)
    }

    private func target() throws -> PreparedDeployment { try Prepared.deployment("openai", model: "gpt-4o-mini") }

    /// `prompt completion cached reasoning total`, or `none`.
    private func numbers(_ usage: Usage?) -> String {
        guard let usage else { return "none" }
        return [
            usage.promptTokens, usage.completionTokens, usage.cachedTokens, usage.reasoningTokens, usage.totalTokens,
        ].map(String.init).joined(separator: " ")
    }

    @Test func `there are transcripts`() {
        #expect(Self.scenarios.count >= 5)
    }

    @Test(arguments: TranscriptTests.scenarios)
    func `the upstream gets what is written`(scenario: String) throws {
        let request = try target().request(for: call(scenario), model: nil, forwarded: Bytes())
        #expect(try Prepared.text(of: request) == file(scenario, "upstream-request.txt"))
    }

    @Test(arguments: TranscriptTests.scenarios, [Int.max, 1, 7, 64])
    func `the client gets what is written however the stream is cut`(scenario: String, size: Int) throws {
        guard let text = file(scenario, "upstream.sse") else { return }
        let (call, target) = (try call(scenario), try target())
        let decoder = StreamDecoder(
            for: call.operation, clientModel: WholeDecoder.text(of: call.model), dropsUsage: target.asksForUsage(call))
        var rest = Bytes(string: text)
        var heard = ""
        var bytes: [UInt8] = []
        while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
            if let part = decoder.feed(piece) { bytes += part.readableBytesView }
        }
        if let part = decoder.finish() { bytes += part.readableBytesView }
        heard = String(decoding: bytes, as: UTF8.self)
        #expect(heard == file(scenario, "reply.sse"))
        #expect(numbers(decoder.usage) + "\n" == file(scenario, "usage.txt"))
        #expect(decoder.isBroken == scenario.hasPrefix("cut-"))
    }

    @Test(arguments: TranscriptTests.scenarios)
    func `a whole reply is what is written`(scenario: String) throws {
        guard let text = file(scenario, "upstream.json") else { return }
        let name = WholeDecoder.text(of: try call(scenario).model)
        let heard = WholeDecoder.renamed(Bytes(string: text), name).map(\.text).joined()
        #expect(heard == file(scenario, "reply.json"))
        #expect(numbers(WholeDecoder.usage(in: Bytes(string: text))) + "\n" == file(scenario, "usage.txt"))
    }
}
