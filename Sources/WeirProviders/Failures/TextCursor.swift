/// A place in a short text that is being read.
struct TextCursor {
    private let text: [UInt8]
    var at: Int

    init(_ text: [UInt8], at: Int) {
        self.text = text
        self.at = at
    }

    var isAtEnd: Bool { at >= text.count }

    mutating func take(_ word: String) -> Bool {
        guard text[min(at, text.count)...].starts(with: word.utf8) else { return false }
        at += word.utf8.count
        return true
    }

    mutating func skipSpaces() {
        while at < text.count, text[at] == 0x20 || text[at] == 0x09 { at += 1 }
    }

    /// A number of exactly `count` digits, at most 9.
    mutating func digits(_ count: Int) -> UInt64? {
        guard at + count <= text.count else { return nil }
        var number: UInt64 = 0
        for byte in text[at..<at + count] {
            guard byte &- 0x30 < 10 else { return nil }
            number = number * 10 + UInt64(byte - 0x30)
        }
        at += count
        return number
    }

    /// A number without a sign: up to 19 digits, then perhaps a fraction, given in billionths; finer digits are dropped.
    mutating func number() -> (whole: UInt64, nano: UInt64)? {
        let start = at
        var whole: UInt64 = 0
        while at < text.count, text[at] &- 0x30 < 10 {
            guard at - start < 19 else { return nil }
            whole = whole * 10 + UInt64(text[at] - 0x30)
            at += 1
        }
        guard at > start else { return nil }
        var nano: UInt64 = 0
        guard at + 1 < text.count, text[at] == UInt8(ascii: "."), text[at + 1] &- 0x30 < 10 else { return (whole, 0) }
        at += 1
        var weight: UInt64 = 100_000_000
        while at < text.count, text[at] &- 0x30 < 10 {
            nano += UInt64(text[at] - 0x30) * weight
            weight /= 10
            at += 1
        }
        return (whole, nano)
    }

    /// Small letters, and whatever is outside ASCII.
    mutating func word() -> [UInt8] {
        let start = at
        while at < text.count, text[at] >= 0x61 && text[at] <= 0x7A || text[at] >= 0x80 { at += 1 }
        return Array(text[start..<at])
    }
}
