/// The elements of a JSON array that was checked before. Ranges are offsets in `bytes`.
package enum JSONElements {
    /// Where the first `limit` elements of the array at `range` stand; empty for any other value.
    package static func ranges(
        of range: Range<Int>, in bytes: UnsafeRawBufferPointer, limit: Int = 64
    ) -> [Range<Int>] {
        guard var skimmer = JSONSkimmer(bytes, range), skimmer.take(UInt8(ascii: "[")) else { return [] }
        var found: [Range<Int>] = []
        while found.count < limit, skimmer.nextElement() {
            let start = skimmer.at
            guard skimmer.value() else { break }
            found.append(start..<skimmer.at)
        }
        return found
    }

    /// The strings of all lists that are values of the object at `range`: `{"a": ["b", "c"]}` gives b and c.
    package static func lists(of range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> [String] {
        guard var skimmer = JSONSkimmer(bytes, range), skimmer.take(UInt8(ascii: "{")) else { return [] }
        var found: [String] = []
        while found.count < 64, skimmer.nextKey() != nil {
            let start = skimmer.at
            guard skimmer.value() else { break }
            found += strings(of: start..<skimmer.at, in: bytes)
        }
        return found
    }

    /// The strings among the first `limit` elements, with their escapes undone.
    package static func strings(of range: Range<Int>, in bytes: UnsafeRawBufferPointer, limit: Int = 64) -> [String] {
        ranges(of: range, in: bytes, limit: limit).compactMap { try? JSONText.string(bytes, $0) }
    }
}
