import Testing
import WeirCore
import WeirWire

private func usage(_ text: String) -> Usage? { Array(text.utf8).withUnsafeBytes { UsageReader.usage(inReply: $0) } }

private func model(_ text: String) -> String? {
    Array(text.utf8).withUnsafeBytes { raw in
        UsageReader.modelRange(inReply: raw).map { String(decoding: raw[$0], as: UTF8.self) }
    }
}

@Suite struct UsageReaderTests {
    @Test(arguments: [
        // OpenAI chat
        (
            #"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,"#
                + #""prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"#
                + #""completion_tokens_details":{"reasoning_tokens":7}}}"#,
            Usage(promptTokens: 10, completionTokens: 20, cachedTokens: 4, reasoningTokens: 7, totalTokens: 30)
        ),
        // Responses
        (
            #"{"object":"response","usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":2},"#
                + #""output_tokens":6,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":11}}"#,
            Usage(promptTokens: 5, completionTokens: 6, cachedTokens: 2, reasoningTokens: 1, totalTokens: 11)
        ),
        // DeepSeek
        (
            #"{"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":1}}"#,
            Usage(promptTokens: 9, completionTokens: 1, cachedTokens: 8, totalTokens: 10)
        ),
        // xAI: reasoning beside the completion
        (
            #"{"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":115,"completion_tokens_details":{"reasoning_tokens":100}}}"#,
            Usage(promptTokens: 10, completionTokens: 105, reasoningTokens: 100, totalTokens: 115)
        ),
        // Embeddings, rerank
        (#"{"data":[],"usage":{"prompt_tokens":8,"total_tokens":8}}"#, Usage(promptTokens: 8, totalTokens: 8)),
        (#"{"results":[],"usage":{"total_tokens":15}}"#, Usage(promptTokens: 15, totalTokens: 15)),
        (
            #"{"results":[],"meta":{"billed_units":{"input_tokens":3.0,"output_tokens":1.0,"search_units":1}}}"#,
            Usage(promptTokens: 3, completionTokens: 1, totalTokens: 4)
        ),
        (
            #"{"meta":{"tokens":{"input_tokens":7},"billed_units":{"input_tokens":3}}}"#,
            Usage(promptTokens: 7, totalTokens: 7)
        ),
        (
            #"{"usage":null,"x_groq":{"id":"r","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}}"#,
            Usage(promptTokens: 1, completionTokens: 2, totalTokens: 3)
        ),
        // The total is never less than its parts.
        (
            #"{"usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":0}}"#,
            Usage(promptTokens: 5, completionTokens: 5, totalTokens: 10)
        ),
        (#"{"usage":{"completion_tokens":5,"total_tokens":9}}"#, Usage(completionTokens: 5, totalTokens: 9)),
    ])
    func `usage is read in every spelling`(_ text: String, _ expected: Usage) {
        #expect(usage(text) == expected)
        // The same behind a reply that is longer than what is looked at from the end, and with much behind it.
        let long = String(repeating: "x\\\"", count: 2000)
        #expect(usage("{\"content\":\"\(long)\"," + text.dropFirst()) == expected)
        #expect(usage(text.dropLast() + ",\"content\":\"\(long)\"}") == expected)
    }

    @Test(arguments: [
        "", "null", "[]", "{}", #"{"usage":null}"#, #"{"usage":{}}"#, #"{"usage":{"type":"duration","seconds":3}}"#,
        #"{"usage":{"prompt_tokens":"5"}}"#, #"{"usage":{"prompt_tokens":-5}}"#, #"{"usage":{"prompt_tokens":1e300}}"#,
        #"{"content":"{\"usage\":{\"prompt_tokens\":1}}"}"#, #"{"choices":[{"usage":{"prompt_tokens":1}}]}"#,
        #"{"usage":{"prompt_tokens":9223372036854775807}}"#,
    ])
    func `what is no usage gives none`(_ text: String) {
        #expect(usage(text) == nil)
    }

    @Test func `a usage that stands deeper is not taken from the end of a long reply`() {
        let long = String(repeating: "y", count: 5000)
        #expect(usage(#"{"a":"\#(long)","b":{"x":1,"usage":{"prompt_tokens":1}}}"#) == nil)
        #expect(
            usage(#"{"usage":{"prompt_tokens":2},"a":"\#(long)","b":{"x":1,"usage":{"prompt_tokens":1}}}"#)?
                .promptTokens == 2)
        #expect(
            usage(#"{"usage":{"prompt_tokens":2},"a":"\#(long),\"usage\":{\"prompt_tokens\":1}}"}"#)?.promptTokens == 2)
    }

    @Test func `the model is found early, late and in the middle`() {
        let long = String(repeating: "z", count: 5000)
        #expect(model(#"{"id":"x","model":"m-1","choices":[{"model":"no"}]}"#) == "\"m-1\"")
        #expect(
            model(#"{"data":[{"e":"\#(long)","model":"no"}],"model":"m-2","usage":{"prompt_tokens":1}}"#) == "\"m-2\"")
        #expect(model(#"{"a":"\#(long)","model":"m-3","b":"\#(long)"}"#) == "\"m-3\"")
        #expect(model(#"{"a":"\#(long)","b":{"c":1,"model":"no"}}"#) == nil)
        #expect(model(#"{"model":null}"#) == nil)
        #expect(model(#"{"content":"\"model\":\"x\""}"#) == nil)
        #expect(model("") == nil)
        #expect(model("<html>") == nil)
    }
}
