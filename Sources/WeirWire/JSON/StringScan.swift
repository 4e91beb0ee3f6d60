import CByteMask

/// Finds the end of a JSON string and checks its text on the way: escapes, control characters and UTF-8 (RFC 3629).
///
/// Sixty-four bytes at a time, each question about them answered by one word. A block begins where a character or an
/// escape begins; one that would not end in the block is left to the next. After an idea of simdjson
/// (https://arxiv.org/abs/1902.08318).
enum StringScan {
    /// The index behind the closing quote of the string whose text starts at `from`; the complement of the place where it
    /// goes wrong otherwise.
    static func end(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 64 <= end {
            let block = base + at
            var quotes = byte_mask_equal_64(block, 0x22)
            let backslashes = byte_mask_equal_64(block, 0x5C)
            let controls = byte_mask_below_64(block, 0x20)
            let outside = byte_mask_having_64(block, 0x80)
            if quotes | backslashes | controls | outside == 0 {
                at &+= 64
                continue
            }
            var next = 64
            var escaped: UInt64 = 0
            if backslashes != 0 {
                escaped = Self.escaped(backslashes)
                // What a backslash at the end of the block escapes is in the next.
                if (backslashes & ~escaped) >> 63 != 0 { next = 63 }
                quotes &= ~escaped
            }
            // The bits below the closing quote, or all.
            let inside = (quotes &- 1) & ~quotes
            if controls & inside != 0 { break }
            if escaped & inside != 0 {
                guard areEscapes(escaped & inside, backslashes, base, at, end) else { break }
            }
            if outside & inside != 0 {
                guard passOutside(outside, inside, &next, base, at, end) else { break }
            }
            if quotes != 0 { return at &+ quotes.trailingZeroBitCount &+ 1 }
            at &+= next
        }
        return byteByByte(base, at, end)
    }

    /// The bytes that stand behind a backslash which is not escaped itself: those at an odd distance from the start of a run
    /// of backslashes, the byte behind it included.
    @inline(__always)
    private static func escaped(_ backslashes: UInt64) -> UInt64 {
        let even: UInt64 = 0x5555_5555_5555_5555
        let behind = backslashes << 1
        let oddStarts = backslashes & ~even & ~behind
        // Adding a run's start to the run carries a bit just behind it.
        return (even ^ (oddStarts &+ backslashes) << 1) & behind
    }

    /// Every escape whose second byte is in `escaped` is one that JSON knows.
    @inline(__always)
    private static func areEscapes(
        _ escaped: UInt64, _ backslashes: UInt64, _ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int
    ) -> Bool {
        let block = base + at
        let known = backslashes | byte_mask_equal_64(block, 0x22) | byte_mask_escape_64(block, 0x2F)
        if escaped & ~known != 0 { return false }
        var numbers = escaped & byte_mask_equal_64(block, 0x75)
        while numbers != 0 {
            guard escapeLength(base, at &+ numbers.trailingZeroBitCount &- 1, end) == 6 else { return false }
            numbers &= numbers &- 1
        }
        return true
    }

    /// Checks what lies outside ASCII and inside the string, and shortens `next` to a character that does not end in the
    /// block. False when some of it is not UTF-8.
    @inline(__always)
    private static func passOutside(
        _ outside: UInt64, _ inside: UInt64, _ next: inout Int, _ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int
    ) -> Bool {
        let lead = outside & byte_mask_having_64(base + at, 0x40)
        let ofThree = lead & byte_mask_having_64(base + at, 0x20)
        let ofFour = ofThree & byte_mask_having_64(base + at, 0x10)
        // Continuation bytes stand where a lead byte asks for them and nowhere else, the closing quote included.
        let asked = lead << 1 | ofThree << 2 | ofFour << 3
        if (asked ^ outside ^ lead) & (inside << 1 | 1) != 0 { return false }
        var narrow = byte_mask_narrow_64(base + at, 0xF0) & inside
        while narrow != 0 {
            guard UTF8Sequence.length(base, at &+ narrow.trailingZeroBitCount, end) > 0 else { return false }
            narrow &= narrow &- 1
        }
        let open = lead & 1 << 63 | ofThree & 3 << 62 | ofFour & 7 << 61
        if open != 0 { next = min(next, open.trailingZeroBitCount) }
        return true
    }

    /// The same for the last bytes of a document, and to find where a text goes wrong.
    private static func byteByByte(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while true {
            at = ByteRun.plainText(base, at, end)
            guard at < end else { return ~at }
            let length =
                switch base[at] {
                case 0x5C: escapeLength(base, at, end)
                case 0x80...: UTF8Sequence.length(base, at, end)
                default: 0
                }
            guard length > 0 else { return base[at] == 0x22 ? at &+ 1 : ~at }
            at &+= length
        }
    }

    /// 2 or 6 for an escape that JSON knows, 0 otherwise.
    @inline(__always)
    private static func escapeLength(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int {
        guard at &+ 1 < end else { return 0 }
        let byte = base[at &+ 1]
        // One bit for each of "/ and \bfnrt: which of them it is cannot be predicted, so nothing is made to depend on it.
        let known: UInt64 = byte < 0x40 ? 1 &<< 0x22 | 1 &<< 0x2F : 0x0014_4044_1000_0000
        if byte < 0x80, known &>> UInt64(byte & 0x3F) & 1 == 1 { return 2 }
        guard byte == 0x75, at &+ 5 < end else { return 0 }
        for index in 2...5 {
            let byte = base[at &+ index]
            guard byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 else { return 0 }
        }
        return 6
    }
}
