import Testing

@testable import WeirWire

/// Strings as the standard library sees them, to hold ours against: the closing quote, or nil when the text is broken.
private func expected(_ bytes: [UInt8], from start: Int) -> Int? {
    var at = start
    while at < bytes.count {
        switch bytes[at] {
        case 0x22: return String(validating: bytes[start..<at], as: UTF8.self) == nil ? nil : at + 1
        case 0x5C:
            guard at + 1 < bytes.count else { return nil }
            if bytes[at + 1] == UInt8(ascii: "u") {
                guard at + 5 < bytes.count, let digits = String(validating: bytes[(at + 2)...(at + 5)], as: UTF8.self),
                    digits.utf8.count == 4, UInt16(digits, radix: 16) != nil, !digits.hasPrefix("+")
                else { return nil }
                at += 6
            } else {
                guard "\"\\/bfnrt".utf8.contains(bytes[at + 1]) else { return nil }
                at += 2
            }
        case 0..<0x20: return nil
        default: at += 1
        }
    }
    return nil
}

@Suite struct StringScanTests {
    private static let pieces: [[UInt8]] =
        [
            "a", "plain text of some length, longer than a block of the scan", "é", "€", "𝄞", "\\n", "\\\"", "\\\\",
            "\\u00e9",
            "\\/", "日本語のテキスト", "\\\\\\\"", "\u{7F}", " ", "{}[]:,",
        ].map { Array($0.utf8) }
    private static let wounds: [[UInt8]] = [
        [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9D, 0x84], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0x1F], [0x00], Array("\\x".utf8),
        Array("\\u12g4".utf8),
        Array("\\".utf8),
    ]

    private func found(_ bytes: [UInt8], from start: Int) -> Int? {
        let end = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { StringScan.end($0, start, bytes.count) } ?? -1
        }
        return end < 0 ? nil : end
    }

    @Test(arguments: 0..<16)
    func `texts of every kind end where the standard library says, whole and wounded`(_ seed: UInt64) {
        var chance = Chance(seed + 1)
        for _ in 0..<4000 {
            var bytes = Array("[ \"".utf8)
            let isWounded = chance.below(3) == 0
            let count = chance.below(14)
            for _ in 0..<count { bytes += Self.pieces[chance.below(Self.pieces.count)] }
            if isWounded {
                let wound = Self.wounds[chance.below(Self.wounds.count)]
                bytes.insert(contentsOf: wound, at: 3 + chance.below(bytes.count - 2))
            }
            if chance.below(8) > 0 { bytes.append(0x22) }
            for _ in 0..<chance.below(40) { bytes.append(UInt8(ascii: " ")) }
            #expect(found(bytes, from: 3) == expected(bytes, from: 3), "\(bytes)")
        }
    }

    @Test func `a wound is found wherever it stands in a block`() {
        for wound in Self.wounds {
            for shift in 0..<70 {
                let bytes =
                    Array("[ \"".utf8) + [UInt8](repeating: 0x61, count: shift) + wound + Array("\\nzz\"".utf8)
                    + [UInt8](repeating: 0x20, count: 40)
                #expect(found(bytes, from: 3) == expected(bytes, from: 3), "\(wound) after \(shift)")
            }
        }
    }

    @Test func `a text at the very beginning of a document is read as well`() {
        #expect(found(Array("\"abc\"".utf8), from: 1) == 5)
        #expect(found(Array("\"\(String(repeating: "é", count: 40))\"".utf8), from: 1) == 82)
    }
}
