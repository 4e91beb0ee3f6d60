import Testing

/// Streams as upstreams send them, the odd ones included.
struct StreamFixture: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let input: String
    /// What the client gets when the model is replaced by `"public"` and the usage event is cut out.
    let edited: String

    init(_ name: String, _ input: String, edited: String? = nil) {
        testDescription = name
        self.input = input
        self.edited = edited ?? input.replacing("\"up\"", with: "\"public\"")
    }

    static func chunk(_ delta: String, finish: String = "null", model: String = "up") -> String {
        #"{"id":"c","model":"\#(model)","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
    }

    static let role = chunk(#"{"role":"assistant","content":""}"#)
    static let hello = chunk(#"{"content":"Hello"}"#)
    static let stop = chunk("{}", finish: #""stop""#)
    static let usage =
        #"{"id":"c","model":"up","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"#

    static func events(_ data: [String], end: String = "\n") -> String {
        data.map { "data: \($0)\(end)\(end)" }.joined()
    }

    /// `chunk` with the model as the client shall see it.
    static func shown(_ text: String) -> String { text.replacing("\"up\"", with: "\"public\"") }

    static let all: [StreamFixture] = [
        StreamFixture(
            "a whole stream in LF", events([role, hello, stop, usage, "[DONE]"]),
            edited: shown(events([role, hello, stop, "[DONE]"]))),
        StreamFixture(
            "a whole stream in CRLF", events([role, hello, stop, usage, "[DONE]"], end: "\r\n"),
            edited: shown(events([role, hello, stop, "[DONE]"], end: "\r\n"))),
        StreamFixture(
            "a whole stream in CR", events([role, hello, stop, usage, "[DONE]"], end: "\r"),
            edited: shown(events([role, hello, stop, "[DONE]"], end: "\r"))),
        StreamFixture("no space after the colon", "data:\(hello)\n\ndata:[DONE]\n\n"),
        StreamFixture("data of several lines", "data: {\"model\":\ndata: \"up\",\ndata:\"choices\":[]\ndata: }\n\n"),
        StreamFixture("comments", ": OPENROUTER PROCESSING\n\n: ping\ndata: \(hello)\n\n:\n\n"),
        StreamFixture("named events, ids and retry", "event: message\nid: 7\nretry: 10\ndata: \(hello)\n\nid\n\n"),
        StreamFixture("a byte order mark", "\u{FEFF}data: \(hello)\n\ndata: [DONE]\n\n"),
        StreamFixture("text outside ASCII", "data: \(chunk(#"{"content":"é—😀"}"#))\n\n"),
        StreamFixture("no final blank line", "data: \(hello)\n\ndata: [DONE]\n"),
        StreamFixture("no final line end", "data: \(hello)\n\ndata: \(stop)"),
        StreamFixture(
            "usage without final line end", "data: \(stop)\n\ndata: \(usage)", edited: shown("data: \(stop)\n\n")),
        StreamFixture("no [DONE]", events([hello, stop])),
        StreamFixture("two [DONE]", events([hello, stop, "[DONE]", "[DONE]"])),
        StreamFixture(
            "usage on a choice", events([stop.dropLast() + #","usage":{"prompt_tokens":3,"completion_tokens":4}}"#])),
        StreamFixture("usage null", events([hello.dropLast() + #","usage":null}"#])),
        StreamFixture("empty choices without usage", events([#"{"model":"up","choices":[],"usage":null}"#])),
        StreamFixture(
            "usage in a vendor's field",
            events([stop.dropLast() + #","x_groq":{"id":"r","usage":{"prompt_tokens":3,"completion_tokens":4}}}"#])),
        StreamFixture("a cut event", "data: \(hello)\n\ndata: {\"id\":\"c\",\"mod"),
        StreamFixture("an event cut behind the model", "data: \(hello)\n\ndata: {\"model\":\"up\",\"cho"),
        StreamFixture("an error in a good stream", "event: error\n" + events([#"{"error":{"message":"x"}}"#])),
        StreamFixture(
            "an HTML page", "<html>\r\n\r\n<body>\"model\":\"up\"</body></html>",
            edited: "<html>\r\n\r\n<body>\"model\":\"up\"</body></html>"),
        StreamFixture("only line ends", "\n\r\n\r\r\n\n\n\r"),
        StreamFixture("a model inside the text", events([chunk(#"{"content":"\"model\":\"x\""}"#)])),
        StreamFixture("a model deeper", events([#"{"x":{"model":"keep"},"model":"up"}"#])),
        StreamFixture(
            "a model that is null", events([#"{"model":null,"choices":[]}"#]),
            edited: events([#"{"model":"public","choices":[]}"#])),
        StreamFixture("data that is no JSON", "data: hello \"model\":\"x\"\n\ndata\n\ndata:\n\n"),
        StreamFixture("fields that look like data", "database: \(hello.replacing("up", with: "x"))\n\n data: {}\n\n"),
        StreamFixture("deltas that are null, twice finished", events([chunk("null"), stop, stop, role, role])),
        StreamFixture("content as an array", events([chunk(#"{"content":[]}"#), chunk(#"{"reasoning":"hm"}"#)])),
        StreamFixture(
            "tool calls without index, with an object for arguments, with a name in pieces",
            events([
                chunk(#"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"model":"keep"}}}]}"#),
                chunk(#"{"tool_calls":[{"index":0,"id":"b","function":{"name":"get_"}}]}"#),
                chunk(#"{"tool_calls":[{"index":0,"id":"b","function":{"name":"x","arguments":"{\"a\""}}]}"#),
            ])),
        StreamFixture("two models", events([#"{"model":"up","choices":[],"model":"second"}"#])),
        StreamFixture("a model in an array", events([#"[{"model":"keep"}]"#])),
        StreamFixture(
            "a stream of the Responses API",
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"model\":\"up\",\"usage\":null}}\n\n"
                + "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n"
                + "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":3,"
                + "\"output_tokens\":4,\"total_tokens\":7},\"model\":\"up\"},\"model\":\"up\"}\n\n"),
    ]
}
