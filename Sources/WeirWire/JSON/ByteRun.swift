import CByteMask

/// How far a run of uninteresting bytes reaches, sixteen bytes at a time.
///
/// Every function takes a start that is at most `end` and gives an index up to `end`, which it also gives when nothing was
/// found. Nothing at or behind `end` is read.
enum ByteRun {
    typealias Lanes = SIMD16<Int8>

    @inline(__always)
    static func load(_ base: UnsafePointer<UInt8>, _ at: Int) -> Lanes {
        UnsafeRawPointer(base + at).loadUnaligned(as: Lanes.self)
    }

    /// To the first quote, backslash, control character or byte outside ASCII.
    @inline(__always)
    static func plainText(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 16 <= end {
            let hits =
                byte_mask_equal_16(base + at, 0x22) | byte_mask_equal_16(base + at, 0x5C)
                | byte_mask_below_16(base + at, 0x20) | byte_mask_having_16(base + at, 0x80)
            if hits != 0 { return at &+ hits.trailingZeroBitCount }
            at &+= 16
        }
        while at < end {
            let byte = base[at]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { return at }
            at &+= 1
        }
        return at
    }

    /// To the first quote or backslash.
    @inline(__always)
    static func quoteOrBackslash(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 16 <= end {
            let hits = byte_mask_equal_16(base + at, 0x22) | byte_mask_equal_16(base + at, 0x5C)
            if hits != 0 { return at &+ hits.trailingZeroBitCount }
            at &+= 16
        }
        while at < end, base[at] != 0x22, base[at] != 0x5C { at &+= 1 }
        return at
    }

    /// To the first quote, backslash or control character.
    @inline(__always)
    static func unquoted(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 16 <= end {
            let hits =
                byte_mask_equal_16(base + at, 0x22) | byte_mask_equal_16(base + at, 0x5C)
                | byte_mask_below_16(base + at, 0x20)
            if hits != 0 { return at &+ hits.trailingZeroBitCount }
            at &+= 16
        }
        while at < end, base[at] != 0x22, base[at] != 0x5C, base[at] >= 0x20 { at &+= 1 }
        return at
    }

    /// To the first quote or bracket of either kind.
    @inline(__always)
    static func quoteOrBracket(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 16 <= end {
            // Square brackets become curly ones.
            let hits =
                byte_mask_equal_16(base + at, 0x22) | byte_mask_folded_16(base + at, 0x7B)
                | byte_mask_folded_16(base + at, 0x7D)
            if hits != 0 { return at &+ hits.trailingZeroBitCount }
            at &+= 16
        }
        while at < end {
            let byte = base[at]
            if byte == 0x22 || byte | 0x20 == 0x7B || byte | 0x20 == 0x7D { return at }
            at &+= 1
        }
        return at
    }

    /// To the first line feed or carriage return.
    @inline(__always)
    static func line(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 16 <= end {
            let hits = byte_mask_equal_16(base + at, 0x0A) | byte_mask_equal_16(base + at, 0x0D)
            if hits != 0 { return at &+ hits.trailingZeroBitCount }
            at &+= 16
        }
        while at < end, base[at] != 0x0A, base[at] != 0x0D { at &+= 1 }
        return at
    }

    /// To the first place where all of `needle` stands; `end` when it stands nowhere. The needle has at least 4 bytes; its
    /// first and fourth are looked for side by side, which suits multipart delimiters.
    static func text(
        _ needle: UnsafeRawBufferPointer, _ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int
    ) -> Int {
        guard needle.count >= 4 else { return end }
        let (head, fourth) = (needle[0], needle[3])
        let last = end - needle.count
        var at = from
        while at <= last {
            if at &+ 19 <= end {
                let hits = byte_mask_equal_16(base + at, head) & byte_mask_equal_16(base + (at &+ 3), fourth)
                if hits == 0 {
                    at &+= 16
                    continue
                }
                at &+= hits.trailingZeroBitCount
                if at > last { return end }
            }
            if matches(needle, base, at) { return at }
            at &+= 1
        }
        return end
    }

    @inline(__always)
    private static func matches(_ needle: UnsafeRawBufferPointer, _ base: UnsafePointer<UInt8>, _ at: Int) -> Bool {
        for index in 0..<needle.count where needle[index] != base[at &+ index] { return false }
        return true
    }

    /// The `count` bytes at both places are the same.
    @inline(__always)
    static func equals(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count >= 16 else {
            for index in 0..<count where one[index] != other[index] { return false }
            return true
        }
        var at = 0
        while true {
            let difference = load(one, at) ^ load(other, at)
            let words = unsafeBitCast(difference, to: SIMD2<UInt64>.self)  // never: unsafe because both are 16 bytes
            guard words[0] | words[1] == 0 else { return false }
            if at &+ 16 == count { return true }
            // The last step looks at some bytes again rather than at single ones.
            at = min(at &+ 16, count &- 16)
        }
    }

    /// The bytes of `range` are those of `text`.
    @inline(__always)
    static func equals(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ text: StaticString) -> Bool {
        let count = range.upperBound &- range.lowerBound
        guard count == text.utf8CodeUnitCount else { return false }
        let start = text.utf8Start
        for index in 0..<count where base[range.lowerBound &+ index] != start[index] { return false }
        return true
    }
}
