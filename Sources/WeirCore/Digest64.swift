/// FNV-1a over 64 bits (RFC 9923): the same everywhere and after every start. For tables and choices, not against
/// somebody who looks for two texts with one digest.
package struct Digest64: Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// Of a whole text.
    package init(of text: String) {
        for byte in text.utf8 { add(byte) }
    }

    /// Takes in at most 64 KiB of `range`; beyond that, texts with the same beginning are the same.
    package mutating func add(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        for byte in bytes[range.prefix(65_536)] { add(byte) }
    }

    @inline(__always)
    private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0100_0000_01B3 }
}
