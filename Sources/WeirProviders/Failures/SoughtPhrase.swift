/// Words to be looked for in the texts of an error, prepared once.
///
/// Most phrases are not in most texts. Each text has a sketch of the groups of three bytes that occur in it, and a phrase
/// is looked for only if its own groups are all there: ninety phrases cost little more than one.
struct SoughtPhrase: Sendable {
    /// Stand one behind the other in one text, with anything between them.
    let parts: [[UInt8]]
    private let groups: [Int]

    /// - Parameter phrase: in small letters; `^` stands for the beginning of a text, `*` for anything.
    init(_ phrase: String) {
        parts = phrase.replacing("^", with: "\n").split(separator: "*").map { Array($0.utf8) }
        groups = parts.flatMap { part in
            part.indices.dropLast(2).prefix(8).map { Self.group(part[$0], part[$0 + 1], part[$0 + 2]) }
        }
    }

    /// May be in a text of this sketch.
    func maybeIn(_ sketch: [UInt64]) -> Bool {
        guard !sketch.isEmpty else { return false }
        return groups.allSatisfy { sketch[$0 >> 6] & 1 << UInt64($0 & 63) != 0 }
    }

    static func sketch(of text: [UInt8]) -> [UInt64] {
        guard text.count >= 3 else { return [] }
        var sketch = [UInt64](repeating: 0, count: sketchBits / 64)
        for at in 0..<text.count - 2 {
            let group = group(text[at], text[at + 1], text[at + 2])
            sketch[group >> 6] |= 1 << UInt64(group & 63)
        }
        return sketch
    }

    private static let sketchBits = 16_384

    private static func group(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        (Int(first) << 9 ^ Int(second) << 5 ^ Int(third)) & (sketchBits - 1)
    }
}

extension [UInt8] {
    /// Where `sought` stands first at or behind `start`.
    func place(of sought: [UInt8], from start: Int = 0) -> Int? {
        withUnsafeBufferPointer { bytes in
            sought.withUnsafeBufferPointer { sought in
                guard let first = sought.first, bytes.count >= sought.count else { return nil }
                let last = bytes.count - sought.count
                var at = start
                while at <= last {
                    if bytes[at] == first {
                        var length = 1
                        while length < sought.count, bytes[at + length] == sought[length] { length += 1 }
                        if length == sought.count { return at }
                    }
                    at += 1
                }
                return nil
            }
        }
    }
}
