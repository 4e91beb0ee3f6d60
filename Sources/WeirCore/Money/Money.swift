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
        let magnitude = attodollars.magnitude
        let whole = magnitude / Money.scale.magnitude
        var fraction = magnitude % Money.scale.magnitude
        var text = (attodollars < 0 ? "-" : "") + String(whole)
        guard fraction > 0 else { return text }
        var digits = 18
        while fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        let tail = String(fraction)
        text += "." + String(repeating: "0", count: digits - tail.count) + tail
        return text
    }
}
