import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

struct StreamDecoderTests {
    private static let text = #"data: {"model":"gpt-4o","choices":[{"delta":{"content":"Hi"}}]}"# + "\n\n"
    private static let finish = #"data: {"model":"gpt-4o","choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    private static let usage =
        #"data: {"model":"gpt-4o","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#
        + "\n\n"
    private static let done = "data: [DONE]\n\n"

    private func decoder(
        _ operation: WeirCore.Operation = .chatCompletions, dropsUsage: Bool = false
    ) -> StreamDecoder {
        StreamDecoder(for: operation, clientModel: WholeDecoder.text(of: "gpt"), dropsUsage: dropsUsage)
    }

    private func run(_ decoder: StreamDecoder, _ pieces: String...) -> String {
        let fed = pieces.compactMap { decoder.feed(Bytes(string: $0))?.text }.joined()
        return fed + (decoder.finish()?.text ?? "")
    }

    @Test func `a whole stream passes with the client's name for the model`() {
        let decoder = decoder()
        let heard = run(decoder, Self.text, Self.finish, Self.usage, Self.done)
        #expect(heard == (Self.text + Self.finish + Self.usage + Self.done).replacing("gpt-4o", with: "gpt"))
        #expect(decoder.usage?.totalTokens == 5)
        #expect(!decoder.isBroken)
        #expect(decoder.sawContent)
    }

    @Test func `usage that only we asked for is counted and not shown`() {
        let decoder = decoder(dropsUsage: true)
        let heard = run(decoder, Self.text, Self.finish, Self.usage, Self.done)
        #expect(heard == (Self.text + Self.finish + Self.done).replacing("gpt-4o", with: "gpt"))
        #expect(decoder.usage?.promptTokens == 3)
    }

    @Test func `a stream that finished gets the last line that it forgot`() {
        let decoder = decoder()
        #expect(run(decoder, Self.text, Self.finish).hasSuffix("\n\ndata: [DONE]\n\n"))
        #expect(!decoder.isBroken)
    }

    @Test func `a stream that stopped in the middle is broken and ends without that line`() {
        let decoder = decoder()
        #expect(!run(decoder, Self.text).contains("[DONE]"))
        #expect(decoder.isBroken)
    }

    @Test func `an empty stream is broken`() {
        let decoder = decoder()
        #expect(run(decoder) == "")
        #expect(decoder.isBroken)
    }

    @Test func `a last event without its blank line is still read`() {
        let decoder = decoder()
        let heard = run(decoder, Self.text, Self.finish, "data: [DONE]")
        #expect(!decoder.isBroken)
        #expect(heard.ranges(of: "[DONE]").count == 1)
    }

    @Test(arguments: 0..<13)
    func `a stream that is cut within its last line gets that line once`(count: Int) {
        let cut = String(Self.done.prefix(count))
        for model in [WholeDecoder.text(of: "gpt-4o"), nil] {
            for pieces in [
                [Self.text + Self.finish + cut], [Self.text + Self.finish, cut], (Self.finish + cut).map(String.init),
            ] {
                let decoder = StreamDecoder(for: .chatCompletions, clientModel: model, dropsUsage: false)
                var heard = pieces.compactMap { decoder.feed(Bytes(string: $0))?.text }.joined()
                heard += decoder.finish()?.text ?? ""
                #expect(heard.hasSuffix(Self.finish + Self.done), "\(heard.suffix(40))")
                #expect(heard.ranges(of: "[DONE]").count == 1)
                #expect(!decoder.isBroken)
            }
        }
    }

    @Test(arguments: ["data: {", "data: [NOT", "dat@", "x"])
    func `a stream that is cut within another line is broken`(cut: String) {
        let decoder = decoder()
        #expect(!run(decoder, Self.text, Self.finish + cut).contains("[DONE]"))
        #expect(decoder.isBroken)
    }

    @Test func `an error in the stream ends it honestly`() {
        let decoder = decoder()
        let heard = run(decoder, Self.text, #"data: {"error":{"message":"overloaded"}}"# + "\n\n")
        #expect(decoder.sawError)
        #expect(!decoder.isBroken)
        #expect(!heard.contains("[DONE]"))
    }

    @Test func `streams of other operations need no last line`() {
        let decoder = decoder(.responses)
        #expect(!run(decoder, "event: response.created\ndata: {\"type\":\"response.created\"}\n\n").contains("[DONE]"))
        #expect(!decoder.isBroken)
    }

    @Test func `a role alone is no content`() {
        let decoder = decoder()
        _ = decoder.feed(Bytes(string: #"data: {"choices":[{"delta":{"role":"assistant","content":""}}]}"# + "\n\n"))
        #expect(decoder.sawEvent)
        #expect(!decoder.sawContent)
        _ = decoder.feed(Bytes(string: Self.text))
        #expect(decoder.sawContent)
    }
}
