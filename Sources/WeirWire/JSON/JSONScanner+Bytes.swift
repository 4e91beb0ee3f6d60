import NIOCore
package import WeirCore

// The same readers for bodies as they are handed around; ranges are offsets from the reader index. `ByteBuffer`'s own
// closures would lose the kind of error.

extension JSONScanner {
    /// See `scan(_:maximumDepth:)` for unsafe bytes.
    package static func scan(_ body: Bytes, maximumDepth: Int = 512) throws(JSONViolation) -> JSONObjectScan {
        try body.withUnsafeReadableBytes { bytes in
            Result { () throws(JSONViolation) in try scan(bytes, maximumDepth: maximumDepth) }
        }.get()
    }
}

extension JSONText {
    /// See `string(_:_:)` for unsafe bytes.
    package static func string(_ body: Bytes, _ range: Range<Int>) throws(JSONViolation) -> String {
        try body.withUnsafeReadableBytes { bytes in
            Result { () throws(JSONViolation) in try string(bytes, range) }
        }.get()
    }
}

extension JSONViolation {
    /// See `message(in:)` for unsafe bytes.
    package func message(in body: Bytes) -> String { body.withUnsafeReadableBytes { message(in: $0) } }
}
