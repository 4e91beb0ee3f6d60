#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The byte classes of HTTP's grammar, and comparisons with names that are known when the code is compiled.
///
/// Eight bytes are looked at as one word where that is quicker. Callers promise that the bytes they name can be read.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let colon: UInt8 = 0x3A

    @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// RFC 9110, section 5.6.2: letters, digits and ``!#$%&'*+-.^_`|~``.
    @inline(__always) static func isToken(_ byte: UInt8) -> Bool {
        // One bit for each byte below 128.
        let bits: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 128 && bits &>> UInt64(byte & 63) & 1 == 1
    }

    /// What a value may hold (RFC 9110, section 5.5): tab, space, visible bytes, and the undefined ones from 0x80 on.
    @inline(__always) static func isText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == tab }

    /// The first offset in `start..<count` whose byte is no token byte; `count` if there is none.
    @inline(__always) static func endOfToken(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int {
        var at = start
        while at < count, isToken(bytes[at]) { at += 1 }
        return at
    }

    /// The first offset in `start..<count` whose byte is not allowed in a value; `count` if there is none.
    @inline(__always) static func endOfText(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = UnsafeRawPointer(bytes)
        var at = start
        while at &+ 8 <= count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let delete = word ^ (ones &* 0x7F)
            // The lowest high bit that is set belongs to the first byte below 0x20 or equal to 0x7F; a borrow can only
            // set wrong ones above it.
            let hits = ((word &- ones &* 0x20) & ~word | (delete &- ones) & ~delete) & (ones &* 0x80)
            if hits == 0 {
                at &+= 8
                continue
            }
            at &+= hits.trailingZeroBitCount &>> 3
            if bytes[at] != tab { return at }
            at &+= 1
        }
        while at < count, isText(bytes[at]) { at &+= 1 }
        return at
    }

    /// The offset of the first LF in `start..<count`.
    @inline(__always) static func lineFeed(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        guard start < count, let found = memchr(bytes + start, Int32(lineFeed), count - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
    }

    /// The bytes from `start` on are those of `text`.
    @inline(__always) static func equal(_ start: UnsafePointer<UInt8>, _ text: StaticString) -> Bool {
        differs(start, text, lowercasing: 0) == 0
    }

    /// The bytes from `start` on are those of `name` but for the case of letters. `name` is made of lowercase letters,
    /// digits and `-`, and the bytes are known to be token bytes: among these, bit 5 tells nothing but the case.
    @inline(__always) static func equalToken(_ start: UnsafePointer<UInt8>, _ name: StaticString) -> Bool {
        differs(start, name, lowercasing: 0x2020_2020_2020_2020) == 0
    }

    /// As `equalToken`, for any bytes and any length.
    @inline(__always)
    static func equalText(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, _ lowercase: StaticString) -> Bool {
        guard range.count == lowercase.utf8CodeUnitCount else { return false }
        let wanted = lowercase.utf8Start
        for index in 0..<range.count {
            let byte = bytes[range.lowerBound + index]
            guard (byte &- 0x41 < 26 ? byte | 0x20 : byte) == wanted[index] else { return false }
        }
        return true
    }

    // Overlapping words cover every length with few loads; with a literal, all but the loads from `start` folds away.
    @inline(__always)
    private static func differs(_ start: UnsafePointer<UInt8>, _ text: StaticString, lowercasing mask: UInt64) -> UInt64
    {
        let left = UnsafeRawPointer(start)
        let right = UnsafeRawPointer(text.utf8Start)
        let count = text.utf8CodeUnitCount
        @inline(__always) func word(_ at: Int) -> UInt64 {
            left.loadUnaligned(fromByteOffset: at, as: UInt64.self) | mask
                ^ right.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        }
        @inline(__always) func half(_ at: Int) -> UInt64 {
            UInt64(
                left.loadUnaligned(fromByteOffset: at, as: UInt32.self) | UInt32(truncatingIfNeeded: mask)
                    ^ right.loadUnaligned(fromByteOffset: at, as: UInt32.self)
            )
        }
        if count > 16 { return word(0) | word(8) | word(count - 8) }
        if count >= 8 { return word(0) | word(count - 8) }
        if count >= 4 { return half(0) | half(count - 4) }
        var difference: UInt64 = 0
        for at in 0..<count {
            difference |= UInt64(start[at] | UInt8(truncatingIfNeeded: mask) ^ text.utf8Start[at])
        }
        return difference
    }
}
