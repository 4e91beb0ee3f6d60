import WeirCore

/// Values out of the text of a single JSON value. Ranges are offsets in `bytes` and cover the value as it was written,
/// quotes included.
package enum JSONText {
    /// The string at `range` with its escapes undone. Escapes of lone surrogates become U+FFFD.
    ///
    /// Throws `notAString` for any other value, `malformedEscape` for an escape that JSON does not know.
    package static func string(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>
    ) throws(JSONViolation) -> String {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count, range.count >= 2,
            bytes[range.lowerBound] == UInt8(ascii: "\""), bytes[range.upperBound - 1] == UInt8(ascii: "\"")
        else { throw JSONViolation(.notAString, at: range.lowerBound) }
        let inner = range.lowerBound + 1..<range.upperBound - 1
        let text = UnsafeRawBufferPointer(rebasing: bytes[inner])
        guard text.contains(UInt8(ascii: "\\")) else { return String(decoding: text, as: UTF8.self) }
        var units: [UInt8] = []
        units.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte != UInt8(ascii: "\\") {
                units.append(byte)
                at += 1
                continue
            }
            guard let (scalar, length) = escape(text, at) else {
                throw JSONViolation(.malformedEscape, at: inner.lowerBound + at)
            }
            units.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            at += length
        }
        return String(decoding: units, as: UTF8.self)
    }

    /// The whole number at `range`, `12.0` and `1e3` included; nil for anything else and outside the range of Int.
    package static func int(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard isInside(range, bytes) else { return nil }
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        let digits = isNegative ? range.dropFirst() : range
        guard !digits.isEmpty, digits.count <= 40 else { return nil }
        var number = 0
        for index in digits {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return wholeDecimal(bytes, range) }
            let (tenfold, over) = number.multipliedReportingOverflow(by: 10)
            let (sum, overSum) = tenfold.subtractingReportingOverflow(Int(digit))
            guard !over, !overSum else { return nil }
            number = sum
        }
        // Counted downwards, because the smallest number has no positive counterpart.
        if isNegative { return number }
        return number == Int.min ? nil : -number
    }

    /// `true` or `false`; nil for anything else.
    package static func bool(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool? {
        if isTrue(bytes, range) { return true }
        return equals(bytes, range, "false") ? false : nil
    }

    package static func isTrue(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        equals(bytes, range, "true")
    }

    package static func isNull(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        equals(bytes, range, "null")
    }

    /// The value is an object.
    package static func isObject(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        isInside(range, bytes) && bytes[range.lowerBound] == UInt8(ascii: "{")
    }

    /// The bytes at `range` are exactly those of `text`.
    package static func equals(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ text: StaticString
    ) -> Bool {
        guard isInside(range, bytes), let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return false
        }
        return ByteRun.equals(base, range, text)
    }

    private static func isInside(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Bool {
        range.lowerBound >= 0 && range.upperBound <= bytes.count && !range.isEmpty
    }

    private static func wholeDecimal(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        guard let number = DecimalText.scaled(text, decimals: 0) else { return nil }
        return Int(exactly: number)
    }

    /// The scalar of the escape at `at` and how many bytes it takes; nil when JSON does not know it.
    private static func escape(_ text: UnsafeRawBufferPointer, _ at: Int) -> (Unicode.Scalar, Int)? {
        guard at + 1 < text.count else { return nil }
        switch text[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return (Unicode.Scalar(text[at + 1]), 2)
        case UInt8(ascii: "b"): return ("\u{08}", 2)
        case UInt8(ascii: "f"): return ("\u{0C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"):
            guard let unit = hex(text, at + 2) else { return nil }
            if unit & 0xFC00 == 0xD800, at + 7 < text.count, text[at + 6] == UInt8(ascii: "\\"),
                text[at + 7] == UInt8(ascii: "u"), let low = hex(text, at + 8), low & 0xFC00 == 0xDC00
            {
                let scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
                return (scalar ?? "\u{FFFD}", 12)
            }
            return (Unicode.Scalar(unit) ?? "\u{FFFD}", 6)
        default: return nil
        }
    }

    private static func hex(_ text: UnsafeRawBufferPointer, _ at: Int) -> UInt32? {
        guard at + 4 <= text.count else { return nil }
        var unit: UInt32 = 0
        for index in at..<at + 4 {
            let byte = text[index]
            let digit = byte &- UInt8(ascii: "0") < 10 ? byte &- UInt8(ascii: "0") : (byte | 0x20) &- 0x61 &+ 10
            guard digit < 16, byte &- UInt8(ascii: "0") < 10 || digit >= 10 else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
