import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

struct WholeDecoderTests {
    private func renamed(_ text: String, to name: String = "gpt") -> String {
        WholeDecoder.renamed(Bytes(string: text), WholeDecoder.text(of: name)).map(\.text).joined()
    }

    @Test(arguments: [
        (#"{"id":"1","model":"gpt-4o-2024","choices":[]}"#, #"{"id":"1","model":"gpt","choices":[]}"#),
        (#"{"choices":[{"model":"x"}], "model" : "y"}"#, #"{"choices":[{"model":"x"}], "model" : "gpt"}"#),
        (#"{"id":"1"}"#, #"{"id":"1"}"#), (#"{"model":null}"#, #"{"model":null}"#), ("[]", "[]"), ("", ""),
        ("not json", "not json"),
    ])
    func `the reply names the model as the client did`(text: String, expected: String) {
        #expect(renamed(text) == expected)
    }

    @Test func `a name that needs escapes is written with them`() {
        #expect(renamed(#"{"model":"x"}"#, to: "a\"b\n") == #"{"model":"a\"b\n"}"#)
    }

    @Test func `a model named behind a long reply is found`() {
        let long = String(repeating: "0.125,", count: 2000)
        #expect(renamed(#"{"data":[\#(long)1],"model":"x"}"#) == #"{"data":[\#(long)1],"model":"gpt"}"#)
    }

    @Test func `usage is read`() {
        let text =
            #"{"model":"x","usage":{"prompt_tokens":12,"completion_tokens":8,"total_tokens":20,"#
            + #""prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}}"#
        let expected = Usage(
            promptTokens: 12, completionTokens: 8, cachedTokens: 4, reasoningTokens: 2, totalTokens: 20)
        #expect(WholeDecoder.usage(in: Bytes(string: text)) == expected)
    }

    @Test(arguments: ["", "{}", "[]", "null", #"{"usage":null}"#, #"{"usage":{}}"#, #"{"usage":"#, #"{"usage":[1]}"#])
    func `a reply without usage has none`(text: String) {
        #expect(WholeDecoder.usage(in: Bytes(string: text)) == nil)
    }
}
