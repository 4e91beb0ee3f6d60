/// The one-time authenticator Poly1305 (RFC 8439, section 2.5): 130-bit numbers in five limbs of 26 bits.
enum Poly1305 {
    /// The 16 bytes that vouch for `message`. `key` has 32 bytes and is used once; nil for any other length.
    static func tag(of message: ArraySlice<UInt8>, key: [UInt8]) -> [UInt8]? {
        guard key.count == 32 else { return nil }
        let r = multiplier(key)
        var sum: [UInt64] = [0, 0, 0, 0, 0]
        var rest = message
        while !rest.isEmpty {
            let block = rest.prefix(16)
            rest = rest.dropFirst(16)
            let limbs = limbs(of: block + [1])
            for place in 0..<5 { sum[place] += limbs[place] }
            sum = product(sum, r)
        }
        return ending(sum, pad: Salsa20.words(key[16..<32]))
    }

    /// Takes the same time wherever they differ.
    static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The first half of the key, with the bits that must be zero cleared.
    private static func multiplier(_ key: [UInt8]) -> [UInt64] {
        var bytes = Array(key[0..<16])
        for place in [3, 7, 11, 15] { bytes[place] &= 15 }
        for place in [4, 8, 12] { bytes[place] &= 252 }
        return limbs(of: bytes[...])
    }

    /// At most 17 bytes, little-endian.
    private static func limbs(of bytes: ArraySlice<UInt8>) -> [UInt64] {
        var limbs: [UInt64] = [0, 0, 0, 0, 0]
        for (place, byte) in bytes.enumerated() {
            let (limb, shift) = (place * 8).quotientAndRemainder(dividingBy: 26)
            let value = UInt64(byte) << UInt64(shift)
            limbs[limb] |= value & 0x3FF_FFFF
            if limb < 4 { limbs[limb + 1] |= value >> 26 }
        }
        return limbs
    }

    /// The product modulo 2^130 - 5, its limbs carried so that they have 26 bits but for a small rest.
    private static func product(_ a: [UInt64], _ r: [UInt64]) -> [UInt64] {
        var sums: [UInt64] = [0, 0, 0, 0, 0]
        for left in 0..<5 {
            for right in 0..<5 {
                let place = left + right
                // What is beyond 2^130 comes back five times, for 2^130 is 5.
                if place < 5 { sums[place] += a[left] * r[right] } else { sums[place - 5] += a[left] * r[right] * 5 }
            }
        }
        return carried(sums)
    }

    private static func carried(_ limbs: [UInt64]) -> [UInt64] {
        var limbs = limbs
        for place in 0..<5 {
            let carry = limbs[place] >> 26
            limbs[place] &= 0x3FF_FFFF
            if place < 4 { limbs[place + 1] += carry } else { limbs[0] += carry * 5 }
        }
        limbs[1] += limbs[0] >> 26
        limbs[0] &= 0x3FF_FFFF
        return limbs
    }

    /// The sum reduced fully, without a branch on it, plus the key's second half, modulo 2^128.
    private static func ending(_ sum: [UInt64], pad: [UInt32]) -> [UInt8] {
        let h = carried(carried(carried(sum)))
        var minus = h
        minus[0] += 5
        for place in 0..<4 {
            minus[place + 1] += minus[place] >> 26
            minus[place] &= 0x3FF_FFFF
        }
        // h - p is not negative exactly when h + 5 reaches 2^130.
        let mask = 0 &- (minus[4] >> 26)
        minus[4] &= 0x3FF_FFFF
        let reduced = zip(h, minus).map { $0 & ~mask | $1 & mask }
        let words = [
            reduced[0] | reduced[1] << 26, reduced[1] >> 6 | reduced[2] << 20, reduced[2] >> 12 | reduced[3] << 14,
            reduced[3] >> 18 | reduced[4] << 8,
        ]
        var tag: [UInt8] = []
        var carry: UInt64 = 0
        for (word, pad) in zip(words, pad) {
            carry += word & 0xFFFF_FFFF + UInt64(pad)
            for shift: UInt64 in [0, 8, 16, 24] { tag.append(UInt8(truncatingIfNeeded: carry >> shift)) }
            carry >>= 32
        }
        return tag
    }
}
