import NIOCore
import WeirCore
import WeirWire

/// Writes the answers of models that answer here, in OpenAI's form.
struct LocalAnswer {
    private let call: ModelCall
    /// The answer as a JSON string, quotes included.
    private let text: Bytes
    private let id: String
    private let created: Int

    init(call: ModelCall, text: Bytes, id: String, created: Int) {
        self.call = call
        self.text = text
        self.id = id
        self.created = created
    }

    private var isChat: Bool { call.operation == .chatCompletions }

    func whole() -> LocalReply {
        var json = JSONWriter(capacity: text.readableBytes + 512)
        json.beginObject()
        writeHead(&json, isChat ? "chat.completion" : "text_completion")
        json.key("choices")
        json.beginArray()
        json.beginObject()
        json.member("index", int: 0)
        if isChat {
            json.key("message")
            json.beginObject()
            json.member("role", "assistant")
            json.key("content")
            json.raw(text)
            json.endObject()
        } else {
            json.key("text")
            json.raw(text)
        }
        json.member("finish_reason", "stop")
        json.endObject()
        json.endArray()
        writeUsage(&json)
        json.endObject()
        return LocalReply(kind: .json, pieces: [json.buffer])
    }

    /// One event a word, as models speak.
    func stream() -> LocalReply {
        var events = Bytes()
        if isChat { writeEvent(into: &events, #"{"role":"assistant","content":""}"#, finish: false) }
        for word in words() {
            var content = Bytes(string: isChat ? #"{"content":"# : "")
            content.writeImmutableBuffer(word)
            if isChat { content.writeStaticString("}") }
            writeEvent(into: &events, String(buffer: content), finish: false)
        }
        writeEvent(into: &events, isChat ? "{}" : #""""#, finish: true)
        if call.wantsUsage {
            var json = JSONWriter()
            json.beginObject()
            writeHead(&json, isChat ? "chat.completion.chunk" : "text_completion")
            json.member("choices", raw: "[]")
            writeUsage(&json)
            json.endObject()
            write(event: json.buffer, into: &events)
        }
        events.writeStaticString("data: [DONE]\n\n")
        return LocalReply(kind: .eventStream, pieces: [events])
    }

    private func writeHead(_ json: inout JSONWriter, _ object: String) {
        json.member("id", (isChat ? "chatcmpl-" : "cmpl-") + id)
        json.member("object", object)
        json.member("created", int: created)
        json.member("model", call.model)
    }

    private func writeEvent(into events: inout Bytes, _ content: String, finish: Bool) {
        var json = JSONWriter()
        json.beginObject()
        writeHead(&json, isChat ? "chat.completion.chunk" : "text_completion")
        json.key("choices")
        json.beginArray()
        json.beginObject()
        json.member("index", int: 0)
        json.key(isChat ? "delta" : "text")
        json.raw(content)
        json.key("finish_reason")
        if finish { json.string("stop") } else { json.null() }
        json.endObject()
        json.endArray()
        json.endObject()
        write(event: json.buffer, into: &events)
    }

    private func write(event: Bytes, into events: inout Bytes) {
        events.writeStaticString("data: ")
        events.writeImmutableBuffer(event)
        events.writeStaticString("\n\n")
    }

    /// The text cut before each space; no escape sequence holds one. Each piece is a JSON string.
    private func words() -> [Bytes] {
        let inner = text.readableBytesView.dropFirst().dropLast()
        var words: [Bytes] = []
        var start = inner.startIndex
        while start < inner.endIndex {
            let end = inner[(start + 1)...].firstIndex(of: UInt8(ascii: " ")) ?? inner.endIndex
            var word = Bytes(string: "\"")
            word.writeBytes(inner[start..<end])
            word.writeStaticString("\"")
            words.append(word)
            start = end
        }
        return words
    }

    /// Tokens are estimated as a quarter of the bytes: nobody is billed for them.
    private func writeUsage(_ json: inout JSONWriter) {
        let prompt = (call.body.readableBytes + 3) / 4
        let completion = max(text.readableBytes - 2, 0) / 4 + 1
        json.key("usage")
        json.beginObject()
        json.member("prompt_tokens", int: prompt)
        json.member("completion_tokens", int: completion)
        json.member("total_tokens", int: prompt + completion)
        json.endObject()
    }
}
