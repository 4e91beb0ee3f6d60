/// Which of the 16,384 hash slots of a cluster a key belongs to: CRC16 (XMODEM) of what stands between the first `{`
/// and the next `}`, or of the whole key when nothing does. Source: the cluster specification on redis.io.
enum RedisKeySlot {
    static let count = 16_384

    static func slot(of key: String) -> Int {
        var key = key
        return key.withUTF8 { bytes in
            var part = bytes[...]
            if let opening = bytes.firstIndex(of: UInt8(ascii: "{")),
                let closing = bytes[(opening + 1)...].firstIndex(of: UInt8(ascii: "}")), closing > opening + 1
            {
                part = bytes[(opening + 1)..<closing]
            }
            var sum: UInt16 = 0
            for byte in part { sum = sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 8) ^ byte)] }
            return Int(sum) % count
        }
    }

    private static let table: [UInt16] = (0..<256).map { index in
        var sum = UInt16(index) << 8
        for _ in 0..<8 { sum = sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
        return sum
    }
}
