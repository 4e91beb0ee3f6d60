/// An exact amount of US dollars, in units of 10⁻¹⁸ dollar (an attodollar).
///
/// Token prices have up to 18 decimals, so a price times a number of tokens is exact. The range is ±1.7 · 10²⁰ dollars;
/// arithmetic stops at its ends, for counts of tokens come from outside and must never stop the process instead.
package struct Money: Sendable, Hashable, Comparable {
    package static let zero = Money(attodollars: 0)
    /// Attodollars in one dollar.
    package static let scale: Int128 = 1_000_000_000_000_000_000

    package let attodollars: Int128

    package init(attodollars: Int128) { self.attodollars = attodollars }

    /// Reads a decimal number of dollars such as `12`, `-0.15` or `1.5e-07`. Nil when it is not one, has more than 18
    /// decimals, or exceeds 10¹⁵ dollars.
    package init?(_ text: some StringProtocol) {
        guard let value = DecimalText.scaled(text, decimals: 18), abs(value) <= Money.scale * 1_000_000_000_000_000
        else {
            return nil
        }
        attodollars = value
    }

    package static func < (left: Money, right: Money) -> Bool { left.attodollars < right.attodollars }
    package static func + (left: Money, right: Money) -> Money {
        let (sum, overflow) = left.attodollars.addingReportingOverflow(right.attodollars)
        guard !overflow else { return end(negative: right.attodollars < 0) }
        return Money(attodollars: sum)
    }
    package static func - (left: Money, right: Money) -> Money {
        let (difference, overflow) = left.attodollars.subtractingReportingOverflow(right.attodollars)
        guard !overflow else { return end(negative: right.attodollars > 0) }
        return Money(attodollars: difference)
    }
    package static func * (price: Money, count: Int) -> Money {
        let (product, overflow) = price.attodollars.multipliedReportingOverflow(by: Int128(count))
        guard !overflow else { return end(negative: (price.attodollars < 0) != (count < 0)) }
        return Money(attodollars: product)
    }
    package static func += (left: inout Money, right: Money) { left = left + right }

    private static func end(negative: Bool) -> Money { Money(attodollars: negative ? Int128.min : Int128.max) }
}

extension Money: CustomStringConvertible {
    /// Plain decimals, without trailing zeros: `0.0000204`.
    package var description: String {
        var text = ""
        withText { text = String(decoding: $0, as: UTF8.self) }
        return text
    }

    /// Calls `use` with what `description` gives, at most 41 bytes, without making a string.
    package func withText(_ use: (UnsafeBufferPointer<UInt8>) -> Void) {
        let (whole, fraction) = attodollars.magnitude.quotientAndRemainder(dividingBy: Money.scale.magnitude)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 48) { room in
            var text = BackwardText(room)
            var rest = UInt64(truncatingIfNeeded: fraction)
            if rest > 0 {
                var digits = 18
                while rest % 1000 == 0 {
                    rest /= 1000
                    digits -= 3
                }
                while rest % 10 == 0 {
                    rest /= 10
                    digits -= 1
                }
                text.put(rest, digits: digits)
                text.put(UInt8(ascii: "."))
            }
            let (high, low) = whole.quotientAndRemainder(dividingBy: Money.scale.magnitude)
            text.put(UInt64(truncatingIfNeeded: low), digits: high > 0 ? 18 : 1)
            if high > 0 { text.put(UInt64(truncatingIfNeeded: high), digits: 1) }
            if attodollars < 0 { text.put(UInt8(ascii: "-")) }
            use(text.written)
        }
    }
}

/// Text that grows towards its beginning, as the digits of a number come.
private struct BackwardText {
    private let room: UnsafeMutableBufferPointer<UInt8>
    private var first: Int

    init(_ room: UnsafeMutableBufferPointer<UInt8>) {
        self.room = room
        first = room.count
    }

    var written: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: room[first...]) }

    mutating func put(_ byte: UInt8) {
        first -= 1
        room[first] = byte
    }

    /// At least `digits` digits, with leading zeros.
    mutating func put(_ number: UInt64, digits: Int) {
        var rest = number
        var missing = digits
        while rest > 0 || missing > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            rest = quotient
            missing -= 1
        }
    }
}
