import NIOCore
package import WeirCore

extension JSONObject {
    /// How deep brackets may be nested in what is read into values.
    package static let maximumDepth = 64

    /// Reads a text that must be one object. The rules are those of `JSONScanner`, with at most `maximumDepth` brackets open.
    package init(reading text: Bytes, maximumDepth: Int = Self.maximumDepth) throws(JSONViolation) {
        let result = text.withUnsafeReadableBytes { bytes -> Result<JSONObject, JSONViolation> in
            Result { () throws(JSONViolation) in try JSONObject(reading: bytes, maximumDepth) }
        }
        self = try result.get()
    }

    package init(reading text: String, maximumDepth: Int = Self.maximumDepth) throws(JSONViolation) {
        try self.init(reading: Bytes(string: text), maximumDepth: maximumDepth)
    }

    private init(reading bytes: UnsafeRawBufferPointer, _ maximumDepth: Int) throws(JSONViolation) {
        let scan = try JSONScanner.scan(bytes, maximumDepth: maximumDepth)
        var members: [Member] = []
        for member in scan.members {
            let name = String(decoding: bytes[member.key], as: UTF8.self)
            members.append(Member(name, try JSONValue(scanned: bytes, member.value)))
        }
        self.init(members)
    }
}

extension JSONValue {
    /// A value out of a text that a scan has found correct, so that only its first byte tells what it is.
    fileprivate init(scanned bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(JSONViolation) {
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "\""): self = .string(try JSONText.string(bytes, range))
        case UInt8(ascii: "{"):
            var members: [JSONObject.Member] = []
            for member in JSONScanner.members(of: range, in: bytes, limit: .max) {
                let name = try JSONText.string(bytes, member.key.lowerBound - 1..<member.key.upperBound + 1)
                members.append(.init(name, try JSONValue(scanned: bytes, member.value)))
            }
            self = .object(JSONObject(members))
        case UInt8(ascii: "["):
            var values: [JSONValue] = []
            for element in JSONElements.ranges(of: range, in: bytes, limit: .max) {
                values.append(try JSONValue(scanned: bytes, element))
            }
            self = .array(values)
        case UInt8(ascii: "t"): self = true
        case UInt8(ascii: "f"): self = false
        case UInt8(ascii: "n"): self = .null
        default: self = .number(String(decoding: bytes[range], as: UTF8.self))
        }
    }
}
