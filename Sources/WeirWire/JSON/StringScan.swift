/// Finds the end of a JSON string and checks its text on the way: escapes, control characters and UTF-8 (RFC 3629).
///
/// Thirty-two bytes at a time. Whether a byte outside ASCII may stand where it stands depends on the three bytes before it
/// alone, so all of them are judged side by side, and the processor waits for none.
enum StringScan {
    private typealias Block = SIMD32<UInt8>

    /// The index behind the closing quote of the string whose text starts at `from`; the complement of the place where it
    /// goes wrong otherwise. What stands before `from` is known to be correct.
    static func end(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        // The three bytes before a block are looked at.
        guard from >= 3 else { return byteByByte(base, from, end) }
        var at = from
        while at &+ 32 <= end {
            let block = load(base, at)
            let before = base[at &- 1]
            if isEmpty(special(block)), before < 0x80 {
                at &+= 32
                continue
            }
            if !isEmpty(outsideASCII(block)) || before >= 0x80, !isUTF8(block, base, at) {
                return byteByByte(base, from, end)
            }
            let escaped = load(base, at &- 1) .== Block(repeating: 0x5C)
            let backslash = block .== Block(repeating: 0x5C)
            let quote = without((block .== Block(repeating: 0x22)), escaped)
            // Escapes of one character that stand apart need no look at each; others are rare.
            if isEmpty(words(mayNotFollow(block, escaped) .| (backslash .& escaped))), before != 0x5C {
                let found = words(quote)
                if !isEmpty(found) { return at &+ first(found) &+ 1 }
                // The next block begins with the backslash whose character it has.
                at &+= base[at &+ 31] == 0x5C ? 31 : 32
                continue
            }
            if let result = stopByStop(block, base, &at, end) { return result }
        }
        // A character may begin in the last block and end behind it.
        if at > from, base[at &- 1] >= 0x80 {
            repeat { at &-= 1 } while at > from && base[at] & 0xC0 == 0x80
        }
        return byteByByte(base, at, end)
    }

    /// The same for the last bytes of a document, and to find where a text goes wrong.
    private static func byteByByte(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at < end {
            let byte = base[at]
            let length =
                switch byte {
                case 0x22: 0
                case 0x5C: escapeLength(base, at, end)
                case 0x80...: UTF8Sequence.length(base, at, end)
                default: byte < 0x20 ? 0 : 1
                }
            guard length > 0 else { return byte == 0x22 ? at &+ 1 : ~at }
            at &+= length
        }
        return ~at
    }

    /// Looks at each quote, backslash and control character of the block at `at`. What `end` gives when the string ends
    /// here; otherwise nil, and `at` moves on.
    private static func stopByStop(_ block: Block, _ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) -> Int? {
        let words = stops(block)
        var passed = at
        for part in 0..<4 {
            let start = at &+ part &* 8
            var word = words[part].littleEndian & (UInt64.max << (max(passed &- start, 0) &* 8))
            while word != 0 {
                let hit = start &+ word.trailingZeroBitCount &>> 3
                if base[hit] == 0x22 { return hit &+ 1 }
                let length = base[hit] == 0x5C ? escapeLength(base, hit, end) : 0
                guard length > 0 else { return ~hit }
                passed = hit &+ length
                word &= UInt64.max << ((passed &- start) &* 8)
            }
        }
        at = max(at &+ 32, passed)
        return nil
    }

    // MARK: Blocks

    @inline(__always)
    private static func load(_ base: UnsafePointer<UInt8>, _ at: Int) -> Block {
        UnsafeRawPointer(base + at).loadUnaligned(as: Block.self)
    }

    /// Eight bits for each byte of a block.
    @inline(__always)
    private static func words(_ mask: SIMDMask<SIMD32<Int8>>) -> SIMD4<UInt64> {
        unsafeBitCast(mask, to: SIMD4<UInt64>.self)  // never: unsafe because both are 32 plain bytes
    }

    @inline(__always)
    private static func isEmpty(_ words: SIMD4<UInt64>) -> Bool { words[0] | words[1] | words[2] | words[3] == 0 }

    /// What is set in the first and not in the second; `.!` is not vectorized.
    @inline(__always)
    private static func without(
        _ mask: SIMDMask<SIMD32<Int8>>, _ other: SIMDMask<SIMD32<Int8>>
    ) -> SIMDMask<SIMD32<Int8>> { (mask .| other) .^ other }

    /// The number of the first byte whose bits are set; some are.
    @inline(__always)
    private static func first(_ words: SIMD4<UInt64>) -> Int {
        var part = 0
        while words[part] == 0 { part &+= 1 }
        return part &* 8 &+ words[part].littleEndian.trailingZeroBitCount &>> 3
    }

    /// The quotes, the backslashes and the control characters.
    @inline(__always)
    private static func stops(_ block: Block) -> SIMD4<UInt64> {
        words(
            (block .== Block(repeating: 0x22)) .| (block .== Block(repeating: 0x5C))
                .| (block .< Block(repeating: 0x20)))
    }

    /// Control characters, and what no backslash of a two-byte escape may stand before.
    @inline(__always)
    private static func mayNotFollow(
        _ block: Block, _ escaped: SIMDMask<SIMD32<Int8>>
    ) -> SIMDMask<SIMD32<Int8>> {
        let bf = (block .== Block(repeating: 0x62)) .| (block .== Block(repeating: 0x66))
        let nr = (block .== Block(repeating: 0x6E)) .| (block .== Block(repeating: 0x72))
        let rest = (block .== Block(repeating: 0x74)) .| (block .== Block(repeating: 0x22))
        let known = bf .| nr .| rest .| (block .== Block(repeating: 0x2F))
        return (block .< Block(repeating: 0x20)) .| without(escaped, known)
    }

    /// Whatever is not plain text, or lies outside ASCII. Seen as signed numbers, the latter are below the space as well.
    @inline(__always)
    private static func special(_ block: Block) -> SIMD4<UInt64> {
        let signed = unsafeBitCast(block, to: SIMD32<Int8>.self)  // never: unsafe because both are 32 plain bytes
        return words(
            (signed .< SIMD32<Int8>(repeating: 0x20)) .| (block .== Block(repeating: 0x22))
                .| (block .== Block(repeating: 0x5C)))
    }

    @inline(__always)
    private static func outsideASCII(_ block: Block) -> SIMD4<UInt64> { words(block .>= Block(repeating: 0x80)) }

    /// Every byte of the block may follow the three before it: continuation bytes stand where a lead byte asks for them and
    /// nowhere else, and no sequence is overlong, a surrogate, or beyond U+10FFFF.
    @inline(__always)
    private static func isUTF8(_ block: Block, _ base: UnsafePointer<UInt8>, _ at: Int) -> Bool {
        let first = load(base, at &- 1)
        let second = load(base, at &- 2)
        let third = load(base, at &- 3)
        let isContinuation = (block .>= Block(repeating: 0x80)) .& (block .< Block(repeating: 0xC0))
        let isAskedFor =
            (first .>= Block(repeating: 0xC0)) .| (second .>= Block(repeating: 0xE0))
            .| (third .>= Block(repeating: 0xF0))
        let never =
            (block .== Block(repeating: 0xC0)) .| (block .== Block(repeating: 0xC1))
            .| (block .>= Block(repeating: 0xF5))
        let low =
            ((first .== Block(repeating: 0xE0)) .& (block .< Block(repeating: 0xA0)))
            .| ((first .== Block(repeating: 0xF0)) .& (block .< Block(repeating: 0x90)))
        let high =
            ((first .== Block(repeating: 0xED)) .& (block .>= Block(repeating: 0xA0)))
            .| ((first .== Block(repeating: 0xF4)) .& (block .>= Block(repeating: 0x90)))
        return isEmpty(words((isContinuation .^ isAskedFor) .| never .| low .| high))
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
