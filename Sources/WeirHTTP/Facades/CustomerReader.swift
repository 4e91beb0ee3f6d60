import NIOCore
import WeirCore
import WeirWire

/// Finds out for which customer a call is sent, in LiteLLM's order: the header fields that are always looked at, those of the
/// configuration, then the body's `user`, `litellm_metadata.user`, `metadata.user_id` and `safety_identifier`.
enum CustomerReader {
    /// What is longer is cut.
    private static let longest = 1024

    /// Nil when the call names none. `fields`: names of further header fields, in lower case.
    static func id(of call: ModelCall, _ head: RequestHead, _ bytes: Bytes, fields: [String]) -> String? {
        bytes.withUnsafeReadableBytes { raw in id(in: head, raw, fields) }
            ?? call.body.withUnsafeReadableBytes { raw in
                call.operation.isMultipart ? id(inForm: call, raw) : id(in: call, raw)
            }
    }

    // MARK: Fields

    private static func id(in head: RequestHead, _ raw: UnsafeRawBufferPointer, _ fields: [String]) -> String? {
        if head.hasGatewayFields {
            for name in ["x-litellm-customer-id", "x-litellm-end-user-id"] {
                if let id = id(of: name, head, raw) { return id }
            }
        }
        return fields.lazy.compactMap { id(of: $0, head, raw) }.first
    }

    private static func id(of field: String, _ head: RequestHead, _ raw: UnsafeRawBufferPointer) -> String? {
        CredentialReader.value(of: field, head, raw).flatMap { usable(String(decoding: raw[$0], as: UTF8.self)) }
    }

    // MARK: Body

    private static func id(in call: ModelCall, _ raw: UnsafeRawBufferPointer) -> String? {
        func value(_ name: StaticString) -> Range<Int>? { call.member(name)?.value }
        return value("user").flatMap { text(raw, $0) }
            ?? value("litellm_metadata").flatMap { text(raw, of: "user", within: $0) }
            ?? value("metadata").flatMap { text(raw, of: "user_id", within: $0) }
            ?? value("safety_identifier").flatMap { text(raw, $0) }
    }

    private static func id(inForm call: ModelCall, _ raw: UnsafeRawBufferPointer) -> String? {
        guard let type = call.contentType, let form = try? MultipartScanner.scan(contentType: type, body: raw) else {
            return nil
        }
        func value(_ name: String) -> String? {
            form.value(named: name).map { String(decoding: raw[$0], as: UTF8.self) }
        }
        return value("user").flatMap(usable)
            ?? value("litellm_metadata").flatMap { member("user", ofText: $0) }
            ?? value("metadata").flatMap { member("user_id", ofText: $0) }
            ?? value("safety_identifier").flatMap(usable)
    }

    /// A string or a number; nothing else names somebody.
    private static func text(_ raw: UnsafeRawBufferPointer, _ value: Range<Int>) -> String? {
        switch raw[value.lowerBound] {
        case UInt8(ascii: "\""): (try? JSONText.string(raw, value)).flatMap(usable)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            usable(String(decoding: raw[value], as: UTF8.self))
        default: nil
        }
    }

    /// Metadata may itself be a string with JSON in it.
    private static func text(
        _ raw: UnsafeRawBufferPointer, of name: StaticString, within value: Range<Int>
    ) -> String? {
        if JSONText.isObject(raw, value) {
            return JSONScanner.member(of: value, named: name, in: raw).flatMap { text(raw, $0) }
        }
        return (try? JSONText.string(raw, value)).flatMap { member(name, ofText: $0) }
    }

    private static func member(_ name: StaticString, ofText json: String) -> String? {
        Bytes(string: json).withUnsafeReadableBytes { raw in
            guard let value = try? JSONScanner.scan(raw).value(of: name, in: raw) else { return nil }
            return text(raw, value)
        }
    }

    private static func usable(_ text: String) -> String? {
        let bytes = text.utf8.drop { $0 <= 0x20 }
        guard let last = bytes.lastIndex(where: { $0 > 0x20 }) else { return nil }
        return String(decoding: bytes[...last].prefix(longest), as: UTF8.self)
    }
}
