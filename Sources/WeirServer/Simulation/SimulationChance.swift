import Glibc

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers for the same seed, on every machine. Not for secrets.
struct SimulationChance: RandomNumberGenerator, Sendable {
    private var state: UInt64
    /// The second of two normal numbers that come together.
    private var spare: Double?

    /// Streams of the same seed have nothing in common, so that one more draw in one changes no other.
    init(seed: UInt64, stream: UInt64) {
        state = seed &+ stream &* 0xD1B5_4A32_D192_ED03
        state = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// Uniform, above 0 and at most 1.
    mutating func fraction() -> Double { (Double(next() >> 11) + 1) / 9_007_199_254_740_992 }

    /// Uniform between 0 and `bound` - 1.
    mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(max(bound, 1))).high) }

    /// Exponential with mean 1: the gaps of requests that know nothing of each other.
    mutating func gap() -> Double { -log(fraction()) }

    /// Standard normal, by the polar method (Marsaglia and Bray, 1964).
    mutating func normal() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let x = 2 * fraction() - 1
            let y = 2 * fraction() - 1
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }
}
