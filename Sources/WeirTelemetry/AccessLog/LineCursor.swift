import WeirCore

/// Writes one line into memory that is large enough: every text is cut to `textBytes`, so that the longest line is known.
struct LineCursor {
    /// The longest text that is written, in bytes before escaping.
    static let textBytes = 256
    /// What a text can grow to: each byte may become `\u0000`.
    static let escapedTextBytes = textBytes * 6

    private let start: UnsafeMutablePointer<UInt8>
    private var next: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) {
        self.start = start
        next = start
    }

    var count: Int { next - start }

    mutating func raw(_ text: StaticString) {
        next.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        next += text.utf8CodeUnitCount
    }

    mutating func byte(_ byte: UInt8) {
        next.pointee = byte
        next += 1
    }

    /// The text within a JSON string: quotes, backslashes and control characters (C0, DEL, C1) are escaped, so that a
    /// line is one line and cannot steer the terminal that shows it.
    mutating func text(_ text: String, limit: Int = textBytes) {
        let written: Void? = text.utf8.withContiguousStorageIfAvailable {
            escape($0, limit: min(limit, Self.textBytes))
        }
        if written == nil {
            Array(text.utf8).withUnsafeBufferPointer { escape($0, limit: min(limit, Self.textBytes)) }
        }
    }

    private mutating func escape(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) {
        guard let source = bytes.baseAddress else { return }
        var count = bytes.count
        if count > limit {
            count = limit
            // Not in the middle of a character.
            while count > 0 && source[count] & 0xC0 == 0x80 { count -= 1 }
        }
        var at = 0
        while at < count {
            // Nearly all text is plain: eight bytes at a time.
            if count - at >= 8 {
                let word = UnsafeRawPointer(source + at).loadUnaligned(as: UInt64.self)
                if Self.isPlain(word) {
                    UnsafeMutableRawPointer(next).storeBytes(of: word, as: UInt64.self)
                    next += 8
                    at += 8
                    continue
                }
            }
            let byte = source[at]
            at += 1
            if byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F && byte != 0xC2 {
                next.pointee = byte
                next += 1
            } else if byte == 0x22 || byte == 0x5C {
                self.byte(0x5C)
                self.byte(byte)
            } else if byte != 0xC2 {
                unicode(byte)
            } else if at < count, source[at] < 0xA0 {
                // Of a two-byte character that begins with C2, the second byte is the scalar.
                unicode(source[at])
                at += 1
            } else {
                self.byte(byte)
            }
        }
    }

    /// Eight bytes of ASCII without control characters, quotes and backslashes. The tests are Mycroft's: a byte below n
    /// borrows from its high bit when n is taken off, and an equal byte is zero after the exclusive or.
    private static func isPlain(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        func below(_ limit: UInt64, _ word: UInt64) -> UInt64 { (word &- ones &* limit) & ~word & highs }
        let special =
            word | below(0x20, word) | below(1, word ^ ones &* 0x22) | below(1, word ^ ones &* 0x5C)
            | below(1, word ^ ones &* 0x7F)
        return special & highs == 0
    }

    private mutating func unicode(_ scalar: UInt8) {
        raw("\\u00")
        self.byte(Self.hex(scalar >> 4))
        self.byte(Self.hex(scalar & 15))
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }

    mutating func number(_ number: UInt64) {
        if number < 10 {
            byte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
            return
        }
        var digits = 1
        var bound: UInt64 = 10
        while number >= bound {
            digits += 1
            let (larger, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = larger
        }
        padded(number, digits: digits)
    }

    mutating func number(_ number: Int) {
        if number < 0 { byte(UInt8(ascii: "-")) }
        self.number(UInt64(number.magnitude))
    }

    /// The last `digits` digits, with leading zeros.
    mutating func padded(_ number: UInt64, digits: Int) {
        var rest = number
        var at = digits
        while at > 0 {
            at -= 1
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            next[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder)
            rest = quotient
        }
        next += digits
    }

    /// Nanoseconds as milliseconds with three decimals, the rest cut off.
    mutating func milliseconds(_ nanoseconds: UInt64) {
        let (whole, fraction) = (nanoseconds / 1_000).quotientAndRemainder(dividingBy: 1_000)
        number(whole)
        byte(UInt8(ascii: "."))
        padded(fraction, digits: 3)
    }

    /// Dollars in plain decimals, without trailing zeros.
    mutating func money(_ money: Money) {
        money.withText { text in
            guard let base = text.baseAddress else { return }
            next.update(from: base, count: text.count)
            next += text.count
        }
    }

    /// RFC 3339 in UTC with milliseconds: `2026-02-28T23:59:59.123Z`.
    mutating func time(_ nanosecondsSince1970: UInt64) {
        let (seconds, fraction) = nanosecondsSince1970.quotientAndRemainder(dividingBy: 1_000_000_000)
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = CalendarDate(daysSince1970: Int(truncatingIfNeeded: days))
        padded(UInt64(truncatingIfNeeded: date.year), digits: 4)
        byte(UInt8(ascii: "-"))
        padded(UInt64(truncatingIfNeeded: date.month), digits: 2)
        byte(UInt8(ascii: "-"))
        padded(UInt64(truncatingIfNeeded: date.day), digits: 2)
        byte(UInt8(ascii: "T"))
        padded(second / 3_600, digits: 2)
        byte(UInt8(ascii: ":"))
        padded(second / 60 % 60, digits: 2)
        byte(UInt8(ascii: ":"))
        padded(second % 60, digits: 2)
        byte(UInt8(ascii: "."))
        padded(fraction / 1_000_000, digits: 3)
        byte(UInt8(ascii: "Z"))
    }
}
