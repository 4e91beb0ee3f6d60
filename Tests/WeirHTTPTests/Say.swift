/// What clients and upstreams say in these tests.
enum Say {
    static let chat = #"{"model":"gpt","messages":[]}"#
    static let stream = #"{"model":"gpt","stream":true,"messages":[]}"#
    static let reply =
        #"{"id":"1","model":"gpt-4o","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
    static let heard = #"{"id":"1","model":"gpt","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#
    static let text = #"data: {"model":"gpt","choices":[{"delta":{"content":"Hi"}}]}"# + "\n\n"
    static let finish = #"data: {"model":"gpt","choices":[{"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
    static let done = "data: [DONE]\n\n"

    /// A POST with a key, a length and these further field lines, each ending in CRLF.
    static func post(_ body: String, _ path: String = "/v1/chat/completions", fields: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: weir\r\nAuthorization: Bearer \(Doorway.key)\r\n\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// A request without a body, with a key unless told otherwise.
    static func ask(_ line: String, key: String? = Doorway.key, fields: String = "") -> String {
        let shown = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "\(line) HTTP/1.1\r\nHost: weir\r\n\(shown)\(fields)\r\n"
    }
}
