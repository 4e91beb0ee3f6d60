/// Words as lowercase hexadecimal digits.
package enum HexText {
    /// 16 digits for each word.
    package static func text(_ words: UInt64...) -> String {
        String(unsafeUninitializedCapacity: words.count * 16) { buffer in
            for (index, word) in words.enumerated() {
                for nibble in 0..<16 { buffer[index * 16 + nibble] = digit(word, nibble) }
            }
            return words.count * 16
        }
    }

    /// `01890a5d-ac96-774b-bcce-b302099a8057`: the form of RFC 9562, section 4, of these 128 bits.
    package static func uuid(_ high: UInt64, _ low: UInt64) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var at = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[at] = UInt8(ascii: "-")
                    at += 1
                }
                buffer[at] = digit(nibble < 16 ? high : low, nibble % 16)
                at += 1
            }
            return at
        }
    }

    private static func digit(_ word: UInt64, _ nibble: Int) -> UInt8 {
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - nibble * 4)) & 15
        return digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a")
    }
}
