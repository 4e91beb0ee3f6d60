import WeirCore

/// Rendezvous hashing (Thaler and Ravishankar, 1996; with weights after Schindelhauer and Schomaker, 2005): everyone who
/// asks with the same key and the same members gets the same answer, and when a member goes only its keys move.
package enum Rendezvous {
    /// FNV-1a, mixed.
    package static func hash(_ text: String) -> UInt64 { mix(Digest64(of: text).value) }

    /// SplitMix64's finalizer.
    @inline(__always)
    package static func mix(_ word: UInt64) -> UInt64 {
        var word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// Whose is the smallest wins: `-ln(u) / weight`, with `u` uniform in (0, 1] by key and member.
    package static func score(key: UInt64, member: UInt64, weight: Double) -> Double {
        let unit = Double((mix(key ^ member) >> 11) + 1) / 9_007_199_254_740_992
        return negativeLogarithm(unit) / weight
    }

    /// `-ln(x)` for 0 < x ≤ 1 to six digits: the exponent, and the series of the inverse hyperbolic tangent.
    package static func negativeLogarithm(_ value: Double) -> Double {
        let significand = value.significand
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        let series = ratio * (2 + square * (2.0 / 3 + square * (2.0 / 5 + square * (2.0 / 7 + square * 2 / 9))))
        return -(Double(value.exponent) * 0.693_147_180_559_945_3 + series)
    }
}
