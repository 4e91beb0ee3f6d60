/// Decimal numbers read exactly, without a binary fraction in between.
package enum DecimalText {
    /// What becomes of digits below the smallest unit.
    package enum Excess: Sendable {
        /// The number is refused, so that nothing is lost in silence.
        case refuse
        /// The nearest unit is taken, away from zero when both are equally near.
        case round
    }

    /// The number in `text` times 10^`decimals`, when its magnitude is below 10³⁵; nil otherwise.
    ///
    /// Form: a number as JSON and YAML write it. Beyond JSON, a leading `+`, leading zeros, and a point without digits on
    /// one of its sides are allowed. Powers of ten go from -999 to 99.
    package static func scaled(
        _ text: some StringProtocol, decimals: Int, excess: Excess = .refuse
    ) -> Int128? {
        var rest = Substring(text).utf8[...]
        var negative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        var digits: Int128 = 0
        var exponent = decimals
        var seenDigit = false
        var seenPoint = false
        // Zeros are held back until a digit follows, so that trailing ones never count against the limit.
        var zeros = 0
        while let byte = rest.first {
            if byte == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                seenDigit = true
                if seenPoint { exponent -= 1 }
                if byte == UInt8(ascii: "0") {
                    if digits != 0 { zeros += 1 }
                } else {
                    guard let longer = raised(digits, by: zeros + 1) else { return nil }
                    digits = longer + Int128(byte - UInt8(ascii: "0"))
                    zeros = 0
                }
            } else {
                break
            }
            rest = rest.dropFirst()
        }
        guard seenDigit else { return nil }
        if let mark = rest.first {
            guard mark | 0x20 == UInt8(ascii: "e"), let power = Int(Substring(rest.dropFirst())),
                (-999...99).contains(power)
            else {
                return nil
            }
            exponent += power
        }
        exponent += zeros
        guard let value = exponent >= 0 ? raised(digits, by: exponent) : lowered(digits, by: -exponent, excess)
        else {
            return nil
        }
        return negative ? -value : value
    }

    /// First magnitude that is not represented.
    private static let limit: Int128 = 100_000_000_000_000_000_000_000_000_000_000_000

    private static func raised(_ digits: Int128, by exponent: Int) -> Int128? {
        guard digits != 0 else { return 0 }
        guard exponent <= 35 else { return nil }
        var value = digits
        for _ in 0..<exponent {
            guard value < limit / 10 else { return nil }
            value *= 10
        }
        return value
    }

    private static func lowered(_ digits: Int128, by exponent: Int, _ excess: Excess) -> Int128? {
        var value = digits
        var left = exponent
        while left > 0, value != 0 {
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
            if remainder != 0, excess == .refuse { return nil }
            left -= 1
            // Only the last digit that falls decides: the ones below it cannot turn the nearest unit.
            value = left == 0 && remainder >= 5 ? quotient + 1 : quotient
        }
        return value
    }
}
