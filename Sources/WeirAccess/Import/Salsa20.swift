/// The Salsa20 core, and the stream cipher XSalsa20 that stands on it, after D. J. Bernstein's specifications
/// ("The Salsa20 family of stream ciphers", "Extending the Salsa20 nonce").
enum Salsa20 {
    /// `expand 32-byte k`, as four little-endian words.
    private static let constants: [UInt32] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]

    /// The first `count` bytes of XSalsa20's stream. `key` has 32 bytes, `nonce` 24; nil for anything else.
    static func xStream(key: [UInt8], nonce: [UInt8], count: Int) -> [UInt8]? {
        guard key.count == 32, nonce.count == 24, count >= 0 else { return nil }
        let subkey = hSalsa20(key: words(key[...]), input: words(nonce[0..<16]))
        let tail = words(nonce[16..<24])
        var stream: [UInt8] = []
        stream.reserveCapacity(count + 64)
        var block: UInt64 = 0
        while stream.count < count {
            let position = [UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32)]
            let start = matrix(key: subkey, input: tail + position)
            let mixed = doubleRounds(start)
            for (word, first) in zip(mixed, start) { append(word &+ first, to: &stream) }
            block += 1
        }
        stream.removeLast(stream.count - count)
        return stream
    }

    /// A key of its own out of `key` and 16 bytes: the diagonal and the input's places of the mixed matrix, without the
    /// final addition.
    static func hSalsa20(key: [UInt32], input: [UInt32]) -> [UInt32] {
        let mixed = doubleRounds(matrix(key: key, input: input))
        return [0, 5, 10, 15, 6, 7, 8, 9].map { mixed[$0] }
    }

    private static func matrix(key: [UInt32], input: [UInt32]) -> [UInt32] {
        [constants[0]] + key[0..<4] + [constants[1]] + input + [constants[2]] + key[4..<8] + [constants[3]]
    }

    /// 20 rounds: ten times the columns, then the rows.
    private static func doubleRounds(_ matrix: [UInt32]) -> [UInt32] {
        var x = matrix
        for _ in 0..<10 {
            quarter(&x, 0, 4, 8, 12)
            quarter(&x, 5, 9, 13, 1)
            quarter(&x, 10, 14, 2, 6)
            quarter(&x, 15, 3, 7, 11)
            quarter(&x, 0, 1, 2, 3)
            quarter(&x, 5, 6, 7, 4)
            quarter(&x, 10, 11, 8, 9)
            quarter(&x, 15, 12, 13, 14)
        }
        return x
    }

    private static func quarter(_ x: inout [UInt32], _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
        x[b] ^= rotated(x[a] &+ x[d], 7)
        x[c] ^= rotated(x[b] &+ x[a], 9)
        x[d] ^= rotated(x[c] &+ x[b], 13)
        x[a] ^= rotated(x[d] &+ x[c], 18)
    }

    private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 { word << bits | word >> (32 - bits) }

    /// Little-endian words; the number of bytes is a multiple of 4.
    static func words(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
        stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { place in
            bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
        for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
}
