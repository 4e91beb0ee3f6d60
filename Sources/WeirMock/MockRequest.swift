import NIOCore
import WeirCore
import WeirWire

/// A request as the mock upstream understands it.
struct MockRequest {
    let method: String
    /// Without the query, and without `/scenario/NAME`.
    let path: String
    let choice: MockChoice
    let operation: MockOperation?
    let headers: [(name: String, value: String)]
    let headText: String
    let body: Bytes
    private(set) var model = ""
    private(set) var streams = false
    private(set) var wantsUsage = false
    /// The last message, prompt or input that is a text.
    private(set) var prompt = ""
    private(set) var messageCount: Int?
    /// Embeddings: how many texts; 1 for one that is no list.
    private(set) var inputCount = 1

    init(_ head: RequestHead, _ bytes: Bytes, body: Bytes) {
        let headText = String(buffer: bytes)
        let text = { (range: Range<Int>) in
            bytes.getString(at: bytes.readerIndex + range.lowerBound, length: range.count) ?? ""
        }
        self.headText = headText
        self.body = body
        method = text(head.methodRange)
        headers = bytes.withUnsafeReadableBytes { raw in
            var lines = FieldLines(raw, head.fields)
            var found: [(String, String)] = []
            while let (name, value) = lines.next() { found.append((text(name).lowercased(), text(value))) }
            return found
        }
        let (path, fromPath) = Self.split(text(head.path))
        self.path = path
        operation = MockOperation(path: path)
        var reading = Reading()
        reading.read(body, contentType: headers.first { $0.name == "content-type" }?.value ?? "")
        model = reading.model
        streams = reading.streams && operation?.streams == true
        wantsUsage = reading.wantsUsage
        prompt = reading.prompt
        messageCount = reading.messageCount
        inputCount = reading.inputCount
        let fromHeader = headers.first { $0.name == "x-weir-scenario" }.flatMap { MockChoice($0.value) }
        let name = model.hasPrefix("mock/") ? model.dropFirst(5) : model[...]
        choice = fromHeader ?? fromPath ?? MockChoice(name) ?? MockChoice(.ok)
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// What it was, in one line: the text of a correct answer.
    var description: String {
        var parts = ["mock \(choice.scenario.rawValue):", method, path]
        if !model.isEmpty { parts.append("model=\(model)") }
        parts.append("stream=\(streams)")
        if let messageCount { parts.append("messages=\(messageCount)") }
        parts.append("body=\(body.readableBytes)")
        if !prompt.isEmpty { parts.append("last=\(prompt.prefix(200))") }
        return parts.joined(separator: " ")
    }

    /// Takes `/scenario/NAME` off the front of a path. A name that is none stays, and leads to a 404.
    private static func split(_ path: String) -> (path: String, choice: MockChoice?) {
        let prefix = "/scenario/"
        guard path.hasPrefix(prefix) else { return (path, nil) }
        let rest = path.dropFirst(prefix.count)
        let name = rest.prefix { $0 != "/" }
        guard let choice = MockChoice(name) else { return (path, nil) }
        return (String(rest.dropFirst(name.count)), choice)
    }
}

/// What the body says, as far as the mock is interested. A body that is not JSON says nothing.
private struct Reading {
    var model = ""
    var streams = false
    var wantsUsage = false
    var prompt = ""
    var messageCount: Int?
    var inputCount = 1

    mutating func read(_ body: Bytes, contentType: String) {
        body.withUnsafeReadableBytes { bytes in
            if contentType.lowercased().hasPrefix("multipart/") {
                readForm(bytes, contentType)
            } else if let object = try? JSONScanner.scan(bytes) {
                readObject(object, bytes)
            }
        }
    }

    private mutating func readForm(_ bytes: UnsafeRawBufferPointer, _ contentType: String) {
        guard let form = try? MultipartScanner.scan(contentType: contentType, body: bytes),
            let range = form.value(named: "model")
        else { return }
        model = String(decoding: bytes[range], as: UTF8.self)
    }

    private mutating func readObject(_ object: JSONObjectScan, _ bytes: UnsafeRawBufferPointer) {
        let text = { (range: Range<Int>?) in range.flatMap { try? JSONText.string(bytes, $0) } }
        model = text(object.value(of: "model", in: bytes)) ?? ""
        streams = object.value(of: "stream", in: bytes).map { JSONText.isTrue(bytes, $0) } ?? false
        if let options = object.value(of: "stream_options", in: bytes),
            let wanted = JSONScanner.member(of: options, named: "include_usage", in: bytes)
        {
            wantsUsage = JSONText.isTrue(bytes, wanted)
        }
        if let messages = object.value(of: "messages", in: bytes) {
            let all = JSONScanner.elements(of: messages, in: bytes, limit: 10_000)
            messageCount = all.count
            prompt = text(all.last.flatMap { JSONScanner.member(of: $0, named: "content", in: bytes) }) ?? ""
        }
        for name in ["prompt", "input", "query"] as [StaticString] {
            guard prompt.isEmpty, let value = object.value(of: name, in: bytes) else { continue }
            let all = JSONScanner.elements(of: value, in: bytes, limit: 10_000)
            if !all.isEmpty { inputCount = all.count }
            prompt = text(value) ?? text(all.last) ?? ""
        }
    }
}
