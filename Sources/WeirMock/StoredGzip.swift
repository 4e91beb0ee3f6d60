import NIOCore
import WeirCore

/// Gzip (RFC 1952) that stores without compressing: enough to see whether a reader minds the encoding.
enum StoredGzip {
    static func encode(_ plain: Bytes) -> Bytes {
        var coded = Bytes(bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
        var rest = plain
        repeat {
            let length = min(rest.readableBytes, 65_535)
            coded.writeInteger(UInt8(length == rest.readableBytes ? 1 : 0))
            coded.writeInteger(UInt16(length), endianness: .little)
            coded.writeInteger(~UInt16(length), endianness: .little)
            if var block = rest.readSlice(length: length) { coded.writeBuffer(&block) }
        } while rest.readableBytes > 0
        coded.writeInteger(checksum(plain), endianness: .little)
        coded.writeInteger(UInt32(truncatingIfNeeded: plain.readableBytes), endianness: .little)
        return coded
    }

    /// CRC-32 with the reflected polynomial 0xEDB88320.
    private static func checksum(_ bytes: Bytes) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes.readableBytesView {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
