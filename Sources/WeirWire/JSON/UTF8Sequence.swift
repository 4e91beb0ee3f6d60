/// Well-formed sequences of UTF-8 outside ASCII (The Unicode Standard, table 3-7).
enum UTF8Sequence {
    /// 2 to 4 for the well-formed sequence at `at`, whose first byte is at least 0x80; 0 when there is none.
    @inline(__always)
    static func length(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int {
        let lead = base[at]
        guard at &+ 1 < end else { return 0 }
        let second = base[at &+ 1]
        if lead < 0xE0 {
            return lead >= 0xC2 && second & 0xC0 == 0x80 ? 2 : 0
        }
        guard at &+ 2 < end, base[at &+ 2] & 0xC0 == 0x80 else { return 0 }
        if lead < 0xF0 {
            // Not shorter than needed (E0), not a surrogate (ED).
            let low: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
            let high: UInt8 = lead == 0xED ? 0x9F : 0xBF
            return second >= low && second <= high ? 3 : 0
        }
        guard lead <= 0xF4, at &+ 3 < end, base[at &+ 3] & 0xC0 == 0x80 else { return 0 }
        // Not shorter than needed (F0), not above U+10FFFF (F4).
        let low: UInt8 = lead == 0xF0 ? 0x90 : 0x80
        let high: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
        return second >= low && second <= high ? 4 : 0
    }
}
