import NIOCore
import WeirCore
import WeirWire

/// Correct answers in OpenAI's form.
struct MockAnswer {
    let request: MockRequest
    let text: String
    /// What the pieces of a stream are made of.
    private let words: [Substring]

    init(request: MockRequest, text: String) {
        self.request = request
        self.text = text
        words = text.split(separator: " ", maxSplits: MockSettings.mostPieces, omittingEmptySubsequences: false)
    }

    private static let created = 1_700_000_000
    private var model: String { request.model.isEmpty ? "mock" : request.model }
    private var promptTokens: Int { max(request.prompt.split(separator: " ").count, 1) }

    // MARK: Whole

    /// The content type and the body.
    func whole(withUsage: Bool) -> (contentType: String, body: Bytes) {
        if request.operation == .speech {
            // What begins as an MP3 frame does, and is not text.
            return ("audio/mpeg", Bytes(bytes: [0xFF, 0xFB, 0x90, 0x00] + (0..<4096).map { UInt8($0 & 255) }))
        }
        var json = JSONWriter(capacity: text.utf8.count + 512)
        json.beginObject()
        write(into: &json)
        if withUsage { writeUsage(into: &json) }
        json.endObject()
        return ("application/json", json.buffer)
    }

    private func write(into json: inout JSONWriter) {
        switch request.operation {
        case .chatCompletions: writeChat(into: &json)
        case .completions: writeCompletion(into: &json)
        case .embeddings: writeEmbeddings(into: &json)
        case .responses: writeResponse("completed", into: &json)
        case .moderations:
            identify("modr-mock", nil, into: &json)
            json.member(
                "results",
                raw: #"[{"flagged":false,"categories":{"violence":false},"category_scores":{"violence":0.01}}]"#)
        case .rerank:
            identify("rerank-mock", nil, into: &json)
            json.member("results", raw: #"[{"index":0,"relevance_score":0.9}]"#)
        case .images:
            json.member("created", int: Self.created)
            json.member("data", raw: #"[{"b64_json":"bW9jaw=="}]"#)
        case .transcriptions: json.member("text", text)
        case .models:
            json.member("object", "list")
            json.key("data")
            json.beginArray()
            for scenario in MockScenario.allCases {
                json.beginObject()
                json.member("id", "mock/" + scenario.rawValue)
                json.member("object", "model")
                json.member("created", int: Self.created)
                json.member("owned_by", "mock")
                json.endObject()
            }
            json.endArray()
        case .health, .speech, nil: json.member("status", "ok")
        }
    }

    private func identify(_ id: String, _ object: String?, into json: inout JSONWriter) {
        json.member("id", id)
        if let object { json.member("object", object) }
        json.member("created", int: Self.created)
        json.member("model", model)
    }

    private func writeChat(into json: inout JSONWriter) {
        identify("chatcmpl-mock", "chat.completion", into: &json)
        json.key("choices")
        json.beginArray()
        json.beginObject()
        json.member("index", int: 0)
        json.key("message")
        json.beginObject()
        json.member("role", "assistant")
        json.member("content", text)
        json.endObject()
        json.member("finish_reason", "stop")
        json.endObject()
        json.endArray()
    }

    private func writeCompletion(into json: inout JSONWriter) {
        identify("cmpl-mock", "text_completion", into: &json)
        json.key("choices")
        json.beginArray()
        json.beginObject()
        json.member("index", int: 0)
        json.member("text", text)
        json.member("finish_reason", "stop")
        json.endObject()
        json.endArray()
    }

    private func writeEmbeddings(into json: inout JSONWriter) {
        json.member("object", "list")
        json.member("model", model)
        json.key("data")
        json.beginArray()
        for index in 0..<request.inputCount {
            json.beginObject()
            json.member("object", "embedding")
            json.member("index", int: index)
            json.member("embedding", raw: "[0.25,-0.5,0.75]")
            json.endObject()
        }
        json.endArray()
    }

    private func writeResponse(_ status: String, into json: inout JSONWriter) {
        json.member("id", "resp_mock")
        json.member("object", "response")
        json.member("created_at", int: Self.created)
        json.member("status", status)
        json.member("model", model)
        json.key("output")
        json.beginArray()
        if status == "completed" {
            json.beginObject()
            json.member("type", "message")
            json.member("id", "msg_mock")
            json.member("role", "assistant")
            json.member("status", status)
            let quoted = String(buffer: JSONWriter.text(of: text))
            json.member("content", raw: #"[{"type":"output_text","annotations":[],"text":\#(quoted)}]"#)
            json.endObject()
        }
        json.endArray()
    }

    private func writeUsage(into json: inout JSONWriter) {
        let (input, output) = (promptTokens, words.count)
        switch request.operation {
        case .chatCompletions, .completions:
            let usage = #"{"prompt_tokens":\#(input),"completion_tokens":\#(output),"total_tokens":\#(input + output)}"#
            json.member("usage", raw: usage)
        case .embeddings: json.member("usage", raw: #"{"prompt_tokens":\#(input),"total_tokens":\#(input)}"#)
        case .responses:
            let usage = #"{"input_tokens":\#(input),"output_tokens":\#(output),"total_tokens":\#(input + output)}"#
            json.member("usage", raw: usage)
        default: break
        }
    }

    // MARK: Streams

    /// The events of a stream, each with its blank line. `pieces`: how many have text; nil: one for each word.
    func events(pieces: Int?, withUsage: Bool) -> [Bytes] {
        let texts = (0..<(pieces ?? words.count)).map { index in
            let word = index < words.count ? String(words[index]) : "\(index)"
            return index == 0 ? word : " " + word
        }
        if request.operation == .responses { return responseEvents(texts) }
        let isChat = request.operation == .chatCompletions
        var events = isChat ? [chunk(delta: #"{"role":"assistant","content":""}"#, finish: nil)] : []
        for text in texts {
            let quoted = String(buffer: JSONWriter.text(of: text))
            events.append(
                isChat ? chunk(delta: #"{"content":\#(quoted)}"#, finish: nil) : completion(quoted, finish: nil))
        }
        events.append(isChat ? chunk(delta: "{}", finish: "stop") : completion(#""""#, finish: "stop"))
        if withUsage { events.append(usageChunk(output: texts.count)) }
        return events
    }

    static let done = Bytes(string: "data: [DONE]\n\n")

    static func event(_ json: Bytes, named name: String? = nil) -> Bytes {
        var event = Bytes(string: name.map { "event: \($0)\n" } ?? "")
        event.writeStaticString("data: ")
        event.writeImmutableBuffer(json)
        event.writeStaticString("\n\n")
        return event
    }

    private func chunk(delta: String, finish: String?) -> Bytes {
        choice(id: "chatcmpl-mock", object: "chat.completion.chunk", #""delta":\#(delta)"#, finish)
    }

    private func completion(_ quoted: String, finish: String?) -> Bytes {
        choice(id: "cmpl-mock", object: "text_completion", #""text":\#(quoted)"#, finish)
    }

    private func choice(id: String, object: String, _ member: String, _ finish: String?) -> Bytes {
        var json = JSONWriter()
        json.beginObject()
        identify(id, object, into: &json)
        let reason = finish.map { #""\#($0)""# } ?? "null"
        json.member("choices", raw: #"[{"index":0,\#(member),"finish_reason":\#(reason)}]"#)
        json.endObject()
        return Self.event(json.buffer)
    }

    private func usageChunk(output: Int) -> Bytes {
        let isChat = request.operation == .chatCompletions
        var json = JSONWriter()
        json.beginObject()
        identify(
            isChat ? "chatcmpl-mock" : "cmpl-mock", isChat ? "chat.completion.chunk" : "text_completion", into: &json)
        json.member("choices", raw: "[]")
        let input = promptTokens
        json.member(
            "usage",
            raw: #"{"prompt_tokens":\#(input),"completion_tokens":\#(output),"total_tokens":\#(input + output)}"#)
        json.endObject()
        return Self.event(json.buffer)
    }

    private func responseEvents(_ texts: [String]) -> [Bytes] {
        var number = 0
        let typed = { (name: String, write: (inout JSONWriter) -> Void) in
            var json = JSONWriter()
            json.beginObject()
            json.member("type", name)
            json.member("sequence_number", int: number)
            write(&json)
            json.endObject()
            number += 1
            return Self.event(json.buffer, named: name)
        }
        let response = { (status: String, json: inout JSONWriter) in
            json.key("response")
            json.beginObject()
            writeResponse(status, into: &json)
            if status == "completed" { writeUsage(into: &json) }
            json.endObject()
        }
        var events = [typed("response.created") { response("in_progress", &$0) }]
        for text in texts {
            events.append(
                typed("response.output_text.delta") {
                    $0.member("item_id", "msg_mock")
                    $0.member("output_index", int: 0)
                    $0.member("content_index", int: 0)
                    $0.member("delta", text)
                })
        }
        events.append(typed("response.completed") { response("completed", &$0) })
        return events
    }
}
