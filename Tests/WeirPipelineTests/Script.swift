/// Texts that requests and upstreams say in these tests.
enum Script {
    static let chat = #"{"model":"gpt","messages":[]}"#
    static let stream = #"{"model":"gpt","stream":true,"messages":[]}"#
    static let streamWithUsage =
        #"{"model":"gpt","stream":true,"stream_options":{"include_usage":true},"messages":[]}"#

    static let reply =
        #"{"id":"1","model":"gpt-4o-2024","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"#
        + #""total_tokens":15}}"#

    static let role = #"data: {"model":"gpt-4o-2024","choices":[{"delta":{"role":"assistant","content":""}}]}"# + "\n\n"
    static let text = #"data: {"model":"gpt-4o-2024","choices":[{"delta":{"content":"Hi"}}]}"# + "\n\n"
    static let finish =
        #"data: {"model":"gpt-4o-2024","choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    static let usage =
        #"data: {"model":"gpt-4o-2024","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"#
        + #""total_tokens":15}}"# + "\n\n"
    static let done = "data: [DONE]\n\n"

    /// What a client hears of an upstream's text.
    static func heard(_ text: String) -> String { text.replacing("gpt-4o-2024", with: "gpt") }
}
