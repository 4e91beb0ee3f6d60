import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

/// What becomes of the client's body: everything stays as it was written, but for what must change.
struct RequestBodyTests {
    private func openai(_ change: (inout ProviderSettings) -> Void = { _ in }) throws -> PreparedDeployment {
        try Prepared.deployment("openai", model: "gpt-4o", change)
    }

    private func vendor(
        _ name: String, _ change: (inout ProviderSettings) -> Void = { _ in }
    ) throws -> PreparedDeployment {
        try Prepared.deployment(name, model: "m", change)
    }

    // MARK: Model

    @Test(arguments: [
        (#"{"model":"gpt","messages":[]}"#, #"{"model":"gpt-4o","messages":[]}"#),
        (#"{ "messages" : [ 1 ] , "model" : "gpt" }"#, #"{ "messages" : [ 1 ] , "model" : "gpt-4o" }"#),
        ("{\n\t\"model\": \"gpt\"\n}\n", "{\n\t\"model\": \"gpt-4o\"\n}\n"),
        (#"{"model":"gpt","a":1.00000000000000000001}"#, #"{"model":"gpt-4o","a":1.00000000000000000001}"#),
        (#"{"model":"g\u0070t","x":"model"}"#, #"{"model":"gpt-4o","x":"model"}"#),
        (#"{"x":{"model":"gpt"},"model":"gpt"}"#, #"{"x":{"model":"gpt"},"model":"gpt-4o"}"#),
    ])
    func `only the model's value is replaced`(sent: String, expected: String) throws {
        #expect(try Prepared.body(openai(), sent) == expected)
    }

    @Test(arguments: [
        (#"{"messages":[]}"#, #"{"messages":[],"model":"gpt-4o"}"#), ("{}", #"{"model":"gpt-4o"}"#),
        ("{ }", #"{"model":"gpt-4o" }"#),
    ])
    func `a model that the path named is added`(sent: String, expected: String) throws {
        let call = try SampleCall.json(sent, pathModel: "gpt")
        let text = try Prepared.text(of: openai().request(for: call, model: nil, forwarded: Bytes()))
        #expect(text.hasSuffix("\n\n" + expected))
    }

    @Test func `a model's name is written as JSON`() throws {
        let odd = try Prepared.deployment("openai", model: #"a"b\c"#)
        #expect(try Prepared.body(odd, #"{"model":"gpt"}"#) == #"{"model":"a\"b\\c"}"#)
    }

    @Test(arguments: [
        ("llama-v3", "accounts/fireworks/models/llama-v3"),
        ("accounts/own/models/x", "accounts/own/models/x"),
    ])
    func `Fireworks gets the long name of a model that is short`(model: String, expected: String) throws {
        let fireworks = try Prepared.deployment("fireworks_ai", model: model)
        #expect(try Prepared.body(fireworks, #"{"model":"gpt"}"#) == #"{"model":"\#(expected)"}"#)
    }

    @Test func `a wildcard's name is prefixed too`() throws {
        let fireworks = try Prepared.deployment("fireworks_ai", model: "*")
        let body = try Prepared.body(fireworks, #"{"model":"gpt"}"#, model: "llama-v3")
        #expect(body == #"{"model":"accounts/fireworks/models/llama-v3"}"#)
    }

    @Test func `a large body goes out in pieces that are not copied, and is the same`() throws {
        let long = String(repeating: "Wasser ", count: 10_000)
        let call = try SampleCall.json(#"{"messages":["\#(long)"],"model":"gpt","n":1}"#)
        let request = try openai().request(for: call, model: nil, forwarded: Bytes())
        #expect(!request.rest.isEmpty)
        #expect(try Prepared.text(of: request).hasSuffix(#"{"messages":["\#(long)"],"model":"gpt-4o","n":1}"#))
        #expect(try Prepared.text(of: request).contains("content-length: right"))
    }

    @Test func `a transcription's model is replaced in its part`() throws {
        let whisper = try Prepared.deployment("openai", model: "whisper-1")
        let call = SampleCall.transcription(model: "ear", sound: "RIFF\u{0}\u{1}")
        let text = try Prepared.text(of: whisper.request(for: call, model: nil, forwarded: Bytes()))
        let expected = SampleCall.transcription(model: "whisper-1", sound: "RIFF\u{0}\u{1}")
        #expect(text.contains("\ncontent-type: multipart/form-data; boundary=cut\ncontent-length: right\n\n"))
        #expect(text.hasSuffix("\n\n" + expected.body.text))
    }

    // MARK: Usage of streams

    @Test(arguments: [
        (
            #"{"model":"gpt","stream":true}"#,
            #"{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true}}"#
        ),
        (
            #"{"model":"gpt","stream":true,"stream_options":{}}"#,
            #"{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true}}"#
        ),
        (
            #"{"model":"gpt","stream":true,"stream_options":{ "x":1}}"#,
            #"{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true, "x":1}}"#
        ),
        (
            #"{"model":"gpt","stream_options":{"include_usage":false,"x":1},"stream":true}"#,
            #"{"model":"gpt-4o","stream_options":{"include_usage":true,"x":1},"stream":true}"#
        ),
        (
            #"{"model":"gpt","stream":true,"stream_options":null}"#,
            #"{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true}}"#
        ),
    ])
    func `a stream is asked for its usage`(sent: String, expected: String) throws {
        #expect(try openai().asksForUsage(SampleCall.json(sent)))
        #expect(try Prepared.body(openai(), sent) == expected)
    }

    @Test(arguments: [
        (#"{"model":"gpt","stream":true,"stream_options":{"include_usage":true}}"#, WeirCore.Operation.chatCompletions),
        (#"{"model":"gpt","stream":false}"#, .chatCompletions), (#"{"model":"gpt"}"#, .completions),
        (#"{"model":"gpt","stream":true}"#, .responses), (#"{"model":"gpt","stream":true}"#, .audioSpeech),
    ])
    func `nothing is asked where the client did, or where there is nothing to ask`(
        sent: String, operation: WeirCore.Operation
    ) throws {
        #expect(try !openai().asksForUsage(SampleCall.json(sent, operation)))
        #expect(try Prepared.body(openai(), sent, operation) == sent.replacing("\"gpt\"", with: "\"gpt-4o\""))
    }

    @Test func `a vendor that tells its usage by itself is not asked`() throws {
        let mistral = try vendor("mistral")
        #expect(try Prepared.body(mistral, #"{"model":"g","stream":true}"#) == #"{"model":"m","stream":true}"#)
    }

    // MARK: Parameters of the configuration

    @Test func `defaults are added where the client said nothing`() throws {
        let openai = try openai { $0.defaults = [("temperature", "0.5"), ("stop", #"["\n"]"#)] }
        #expect(
            try Prepared.body(openai, #"{"model":"gpt","temperature":1}"#)
                == #"{"model":"gpt-4o","temperature":1,"stop":["\n"]}"#)
    }

    @Test func `forced members win over the client's`() throws {
        let openai = try openai { $0.forced = [("temperature", "0"), ("guided", #"{"a":1}"#)] }
        #expect(
            try Prepared.body(openai, #"{"temperature":1,"model":"gpt"}"#)
                == #"{"temperature":0,"model":"gpt-4o","guided":{"a":1}}"#)
    }

    @Test(arguments: [
        (#"{"user":"u","model":"gpt","n":1}"#, #"{"model":"gpt-4o","n":1}"#),
        (#"{"model":"gpt","user":"u","n":1}"#, #"{"model":"gpt-4o","n":1}"#),
        (#"{"model":"gpt","n":1,"user":"u"}"#, #"{"model":"gpt-4o","n":1}"#),
        (#"{"model":"gpt", "user" : "u" , "seed": 1}"#, #"{"model":"gpt-4o"}"#),
    ])
    func `dropped members are gone with their comma`(sent: String, expected: String) throws {
        let openai = try openai { $0.dropped = ["user", "seed"] }
        #expect(try Prepared.body(openai, sent) == expected)
    }

    @Test func `what a vendor does not know is dropped only when the configuration says so`() throws {
        let sent = #"{"model":"g","logprobs":true,"n":2}"#
        #expect(try Prepared.body(vendor("groq") { $0.dropsUnsupported = true }, sent) == #"{"model":"m"}"#)
        #expect(try Prepared.body(vendor("groq"), sent) == #"{"model":"m","logprobs":true,"n":2}"#)
    }

    @Test func `max_completion_tokens goes out as max_tokens where the vendor knows only that`() throws {
        let mistral = try vendor("mistral")
        #expect(
            try Prepared.body(mistral, #"{"model":"g","max_completion_tokens":5}"#) == #"{"model":"m","max_tokens":5}"#)
        let both = #"{"model":"m","max_completion_tokens":5,"max_tokens":6}"#
        #expect(try Prepared.body(mistral, both) == both)
        let openai = try Prepared.body(openai(), #"{"model":"gpt","max_completion_tokens":5}"#)
        #expect(openai == #"{"model":"gpt-4o","max_completion_tokens":5}"#)
    }

    // MARK: Several wishes for one member

    @Test func `dropped stream_options are not asked for`() throws {
        let openai = try openai { $0.dropped = ["stream_options"] }
        #expect(
            try Prepared.body(openai, #"{"model":"gpt","stream":true}"#) == #"{"model":"gpt-4o","stream":true}"#)
    }

    @Test func `stream_options that are dropped and sent are gone`() throws {
        let openai = try openai { $0.dropped = ["stream_options"] }
        let sent = #"{"model":"gpt","stream":true,"stream_options":{"include_usage":false}}"#
        #expect(try Prepared.body(openai, sent) == #"{"model":"gpt-4o","stream":true}"#)
    }

    @Test func `forced stream_options stand once`() throws {
        let openai = try openai { $0.forced = [("stream_options", #"{"x":1}"#)] }
        let body = try Prepared.body(openai, #"{"model":"gpt","stream":true}"#)
        #expect(body.ranges(of: "stream_options").count == 1)
    }

    @Test func `default stream_options stand once`() throws {
        let openai = try openai { $0.defaults = [("stream_options", #"{"include_usage":true}"#)] }
        let body = try Prepared.body(openai, #"{"model":"gpt","stream":true}"#)
        #expect(body.ranges(of: "stream_options").count == 1)
    }

    @Test func `a forced model is the one that goes out`() throws {
        let openai = try openai { $0.forced = [("model", #""other""#)] }
        #expect(try Prepared.body(openai, #"{"model":"gpt"}"#) == #"{"model":"other"}"#)
    }

    @Test func `a member that is dropped and forced has the forced value`() throws {
        let openai = try openai {
            $0.dropped = ["user"]
            $0.forced = [("user", #""house""#)]
        }
        #expect(try Prepared.body(openai, #"{"model":"gpt","user":"u"}"#) == #"{"model":"gpt-4o","user":"house"}"#)
    }

    @Test func `max_completion_tokens can be dropped where it would be renamed`() throws {
        let mistral = try vendor("mistral") { $0.dropped = ["max_completion_tokens"] }
        #expect(try Prepared.body(mistral, #"{"model":"g","max_completion_tokens":5}"#) == #"{"model":"m"}"#)
    }

    @Test func `a default max_tokens gives way to the client's max_completion_tokens`() throws {
        let mistral = try vendor("mistral") { $0.defaults = [("max_tokens", "100")] }
        let body = try Prepared.body(mistral, #"{"model":"g","max_completion_tokens":5}"#)
        #expect(body == #"{"model":"m","max_tokens":5}"#)
    }
}
