import NIOCore
import WeirCore
import WeirWire

/// Finds the key among the fields that may carry one, in LiteLLM's order.
enum CredentialReader {
    /// - Parameter head: the bytes of the head, as they were scanned.
    static func credential(_ request: RequestHead, in head: Bytes, field: String?) -> Credential? {
        let range = head.withUnsafeReadableBytes { bytes -> Range<Int>? in
            if let field, let own = value(of: field, request, bytes) { return withoutScheme(own, bytes) }
            if let range = request.litellmAPIKey ?? request.authorization { return withoutScheme(range, bytes) }
            return request.apiKey ?? request.xAPIKey
        }
        guard let range, !range.isEmpty else { return nil }
        return head.getSlice(at: head.readerIndex + range.lowerBound, length: range.count).map(Credential.init)
    }

    /// The value of the first field with this lowercase name.
    static func value(of name: String, _ request: RequestHead, _ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
        var lines = FieldLines(bytes, request.fields)
        while let line = lines.next() {
            guard line.name.count == name.utf8.count else { continue }
            if zip(bytes[line.name], name.utf8).allSatisfy({ ASCIILetters.lowercased($0) == $1 }) { return line.value }
        }
        return nil
    }

    /// `Bearer`, in any case, and the spaces behind it are not part of the key.
    private static func withoutScheme(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Range<Int> {
        let scheme: StaticString = "bearer "
        let length = scheme.utf8CodeUnitCount
        guard range.count >= length else { return range }
        let isBearer = scheme.withUTF8Buffer { letters in
            letters.indices.allSatisfy { ASCIILetters.lowercased(bytes[range.lowerBound + $0]) == letters[$0] }
        }
        guard isBearer else { return range }
        let start = bytes[(range.lowerBound + length)..<range.upperBound].firstIndex { $0 != 0x20 } ?? range.upperBound
        return start..<range.upperBound
    }
}

enum ASCIILetters {
    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
