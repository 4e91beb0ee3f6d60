/// How far a run of uninteresting bytes reaches, sixteen bytes at a time.
///
/// Every function takes a start that is at most `end` and gives an index up to `end`, which it also gives when nothing was
/// found. Nothing at or behind `end` is read.
enum ByteRun {
    typealias Lanes = SIMD16<Int8>

    /// The first lane that is set, or 16.
    @inline(__always)
    static func first(_ mask: SIMDMask<Lanes>) -> Int {
        let words = unsafeBitCast(mask, to: SIMD2<UInt64>.self)  // never: unsafe because both are 16 plain bytes
        if words[0] | words[1] == 0 { return 16 }
        let low = words[0].littleEndian
        return low != 0 ? low.trailingZeroBitCount &>> 3 : 8 &+ words[1].littleEndian.trailingZeroBitCount &>> 3
    }

    @inline(__always)
    static func load(_ base: UnsafePointer<UInt8>, _ at: Int) -> Lanes {
        UnsafeRawPointer(base + at).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    private static func special(_ lanes: Lanes) -> SIMDMask<Lanes> {
        // Seen as signed numbers, bytes outside ASCII are below the space as well.
        (lanes .< Lanes(repeating: 0x20)) .| (lanes .== Lanes(repeating: 0x22)) .| (lanes .== Lanes(repeating: 0x5C))
    }

    /// To the first quote, backslash, control character or byte outside ASCII.
    @inline(__always)
    static func plainText(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 16 <= end {
            let hit = first(special(load(base, at)))
            at &+= hit
            if hit < 16 { return at }
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
            let lanes = load(base, at)
            let hit = first((lanes .== Lanes(repeating: 0x22)) .| (lanes .== Lanes(repeating: 0x5C)))
            at &+= hit
            if hit < 16 { return at }
        }
        while at < end, base[at] != 0x22, base[at] != 0x5C { at &+= 1 }
        return at
    }

    /// To the first quote, backslash or control character.
    @inline(__always)
    static func unquoted(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 16 <= end {
            let lanes = unsafeBitCast(load(base, at), to: SIMD16<UInt8>.self)  // never: unsafe because both are 16 bytes
            let hit = first(
                (lanes .== SIMD16(repeating: 0x22)) .| (lanes .== SIMD16(repeating: 0x5C))
                    .| (lanes .< SIMD16(repeating: 0x20)))
            at &+= hit
            if hit < 16 { return at }
        }
        while at < end, base[at] != 0x22, base[at] != 0x5C, base[at] >= 0x20 { at &+= 1 }
        return at
    }

    /// To the first quote or bracket of either kind.
    @inline(__always)
    static func quoteOrBracket(_ base: UnsafePointer<UInt8>, _ from: Int, _ end: Int) -> Int {
        var at = from
        while at &+ 16 <= end {
            let lanes = load(base, at)
            let folded = lanes | Lanes(repeating: 0x20)  // square brackets become curly ones
            let hit = first(
                (lanes .== Lanes(repeating: 0x22)) .| (folded .== Lanes(repeating: 0x7B))
                    .| (folded .== Lanes(repeating: 0x7D)))
            at &+= hit
            if hit < 16 { return at }
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
            let lanes = load(base, at)
            let hit = first((lanes .== Lanes(repeating: 0x0A)) .| (lanes .== Lanes(repeating: 0x0D)))
            at &+= hit
            if hit < 16 { return at }
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
        let head = Lanes(repeating: Int8(bitPattern: needle[0]))
        let fourth = Lanes(repeating: Int8(bitPattern: needle[3]))
        let last = end - needle.count
        var at = from
        while at <= last {
            if at &+ 19 <= end {
                let hit = first((load(base, at) .== head) .& (load(base, at &+ 3) .== fourth))
                at &+= hit
                if hit == 16 { continue }
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
            let words = unsafeBitCast(difference, to: SIMD2<UInt64>.self)  // never: unsafe because both are 16 plain bytes
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
