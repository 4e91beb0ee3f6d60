import NIOCore
import WeirCore
import WeirWire

/// The client's fields that an upstream gets to see: those about tracing, and the vendors' own.
enum ForwardedFields {
    private static let prefixes: [[UInt8]] = ["openai-", "anthropic-"].map { Array($0.utf8) }
    private static let names: [[UInt8]] = ["traceparent", "tracestate"].map { Array($0.utf8) }
    private static let own: [[UInt8]] = ["x-litellm-", "x-weir-", "x-api-key", "x-forwarded-", "x-real-ip"].map {
        Array($0.utf8)
    }

    /// The lines that go on, each ending in CRLF.
    ///
    /// - Parameter all: other fields that begin with `x-` go on too (`forward_client_headers_to_llm_api`), but not those
    ///   that carry keys or addresses.
    static func copy(_ head: RequestHead, _ bytes: Bytes, all: Bool, keyField: String? = nil) -> Bytes {
        guard head.hasForwardableFields else { return Bytes() }
        var lines = Bytes()
        bytes.withUnsafeReadableBytes { raw in
            var fields = FieldLines(raw, head.fields)
            while let (name, value) = fields.next() {
                if let keyField, name.count == keyField.utf8.count, starts(raw, name, Array(keyField.utf8)) { continue }
                let isOpen =
                    all && starts(raw, name, [UInt8(ascii: "x"), UInt8(ascii: "-")])
                    && !own.contains { starts(raw, name, $0) }
                guard
                    isOpen || prefixes.contains(where: { starts(raw, name, $0) })
                        || names.contains(where: { $0.count == name.count && starts(raw, name, $0) })
                else { continue }
                lines.writeBytes(raw[name])
                lines.writeStaticString(": ")
                lines.writeBytes(raw[value])
                lines.writeStaticString("\r\n")
            }
        }
        return lines
    }

    private static func starts(_ raw: UnsafeRawBufferPointer, _ name: Range<Int>, _ prefix: [UInt8]) -> Bool {
        guard name.count >= prefix.count else { return false }
        return prefix.indices.allSatisfy { ASCIILetters.lowercased(raw[name.lowerBound + $0]) == prefix[$0] }
    }
}
