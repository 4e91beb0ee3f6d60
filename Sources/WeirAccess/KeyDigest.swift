import Crypto
import NIOCore
package import WeirCore

/// The SHA-256 of a key: what a key is known by, in memory and in a store.
package struct KeyDigest: Hashable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    package init(of credential: Credential) {
        var hash = SHA256()
        credential.bytes.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        self.init(hash.finalize())
    }

    package init(of key: Secret) {
        self.init(SHA256.hash(data: Array(key.revealed().utf8)))
    }

    private init(_ digest: SHA256.Digest) {
        words = digest.withUnsafeBytes {
            (
                $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self).bigEndian,
                $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian,
                $0.loadUnaligned(fromByteOffset: 16, as: UInt64.self).bigEndian,
                $0.loadUnaligned(fromByteOffset: 24, as: UInt64.self).bigEndian
            )
        }
    }

    /// Reads what `hex` gives; nil for anything else.
    package init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return nil }
        var words: [UInt64] = []
        for start in stride(from: 0, to: 64, by: 16) {
            guard digits[start..<start + 16].allSatisfy(Self.isDigit),
                let word = UInt64(String(decoding: digits[start..<start + 16], as: UTF8.self), radix: 16)
            else { return nil }
            words.append(word)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }

    /// Which of `count` shards it belongs to; `count` is a power of two. Not of the word that tables hash by.
    func shard(of count: Int) -> Int { Int(truncatingIfNeeded: words.3) & (count - 1) }

    /// 64 lowercase hexadecimal digits.
    package var hex: String { HexText.text(words.0, words.1, words.2, words.3) }

    /// Takes the same time whichever word differs.
    package static func == (left: KeyDigest, right: KeyDigest) -> Bool {
        (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
            | (left.words.3 ^ right.words.3) == 0
    }

    /// A digest is uniform already: one word of it is a hash.
    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
