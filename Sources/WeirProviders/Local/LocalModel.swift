import NIOCore
package import WeirCore
import WeirWire

/// A model that answers from within: for the first try, and for trying clients and configurations.
package enum LocalModel: Sendable, Equatable {
    /// Answers with the last user message (chat) or the prompt (completions).
    case echo
    /// Answers with this text.
    case fixed(String)

    /// The answer to `call`, in OpenAI's form.
    ///
    /// - Parameters:
    ///   - id: a name for the answer, unique.
    ///   - created: seconds since 1970.
    /// Throws `notSupported` for operations that are neither chat nor text completion.
    package func reply(to call: ModelCall, id: String, created: Int) throws(GatewayFault) -> LocalReply {
        guard call.operation == .chatCompletions || call.operation == .completions else {
            throw GatewayFault(
                .notSupported, "The model \(call.model) answers /v1/chat/completions and /v1/completions only.")
        }
        let text: Bytes
        switch self {
        case .fixed(let answer): text = JSONWriter.text(of: answer)
        case .echo: text = Self.spoken(call)
        }
        let writer = LocalAnswer(call: call, text: text, id: id, created: created)
        return call.streams ? writer.stream() : writer.whole()
    }

    /// What the client said last, as a JSON string's text.
    private static func spoken(_ call: ModelCall) -> Bytes {
        call.body.withUnsafeReadableBytes { bytes in
            let found =
                call.operation == .completions
                ? call.member("prompt")?.value : lastUserContent(call, bytes)
            guard let found else { return Bytes(string: #""""#) }
            if bytes[found.lowerBound] == UInt8(ascii: "\"") { return Bytes(bytes: bytes[found]) }
            var texts: [Bytes] = []
            for element in JSONScanner.elements(of: found, in: bytes) {
                let part =
                    bytes[element.lowerBound] == UInt8(ascii: "\"")
                    ? element : JSONScanner.member(of: element, named: "text", in: bytes)
                guard let part, part.count >= 2, bytes[part.lowerBound] == UInt8(ascii: "\"") else { continue }
                texts.append(Bytes(bytes: bytes[(part.lowerBound + 1)..<(part.upperBound - 1)]))
            }
            var joined = Bytes(string: "\"")
            for (number, text) in texts.enumerated() {
                if number > 0 { joined.writeStaticString("\\n") }
                joined.writeImmutableBuffer(text)
            }
            joined.writeStaticString("\"")
            return joined
        }
    }

    private static func lastUserContent(_ call: ModelCall, _ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        guard let messages = call.member("messages") else { return nil }
        return JSONScanner.elements(of: messages.value, in: bytes, limit: 100_000).last { message in
            guard let role = JSONScanner.member(of: message, named: "role", in: bytes) else { return false }
            return JSONText.equals(bytes, role, "\"user\"")
        }.flatMap { JSONScanner.member(of: $0, named: "content", in: bytes) }
    }
}
