import NIOCore
package import WeirCore

extension JSONObject {
    /// How deep brackets may be nested in what is read into values.
    package static let maximumDepth = 64

    /// Reads a text that must be one object. The rules are those of `JSONScanner`, with at most `maximumDepth` brackets open;
    /// names may be written with escapes.
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
        let scan = try JSONScanner.scan(bytes, maximumDepth: maximumDepth, takesEscapedKeys: true)
        var members: [Member] = []
        for member in scan.members {
            members.append(Member(try member.name(in: bytes), try JSONValue(scanned: bytes, member.value)))
        }
        self.init(members)
        if self.members.count < members.count { throw Self.repetition(in: scan.members, bytes) }
    }

    /// The name that stands twice, once with escapes.
    private static func repetition(in members: [JSONMember], _ bytes: UnsafeRawBufferPointer) -> JSONViolation {
        var seen: Set<String> = []
        for member in members {
            guard let name = try? member.name(in: bytes), !seen.insert(name).inserted else { continue }
            return JSONViolation(.duplicateKey(String(name.prefix(64))), at: member.key.lowerBound)
        }
        return JSONViolation(.duplicateKey(""), at: 0)
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
                members.append(.init(try member.name(in: bytes), try JSONValue(scanned: bytes, member.value)))
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

extension JSONMember {
    fileprivate func name(in bytes: UnsafeRawBufferPointer) throws(JSONViolation) -> String {
        try JSONText.string(bytes, key.lowerBound - 1..<key.upperBound + 1)
    }
}
