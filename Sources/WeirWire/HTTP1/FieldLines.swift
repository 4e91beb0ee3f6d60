/// Walks the header lines of a head that was scanned before; nothing is checked a second time.
///
///     var lines = FieldLines(bytes, head.fields)
///     while let (name, value) = lines.next() { … }
package struct FieldLines {
    private let bytes: UnsafeRawBufferPointer
    private let end: Int
    private var at: Int

    /// `fields` is `RequestHead.fields` or `ResponseHead.fields`; `bytes` are those that were scanned, from the same start.
    /// The result must not outlive `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer, _ fields: Range<Int>) {
        self.bytes = bytes
        end = min(fields.upperBound, bytes.count)
        at = max(fields.lowerBound, 0)
    }

    /// The next line's name and its value without the white space around it, as offsets from the start of the bytes.
    package mutating func next() -> (name: Range<Int>, value: Range<Int>)? {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        let name = at
        guard at < end, let lineFeed = ASCII.lineFeed(start, at, end) else { return nil }
        while at < lineFeed, start[at] != ASCII.colon { at += 1 }
        let colon = at
        at = lineFeed + 1
        guard colon < lineFeed, lineFeed > name else { return nil }
        return (name..<colon, FieldLines.trimmed(start, colon + 1, lineFeed - 1))
    }

    /// The part of `lower..<upper` between white space.
    @inline(__always)
    static func trimmed(_ bytes: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int) -> Range<Int> {
        var lower = lower
        var upper = max(lower, upper)
        while lower < upper, ASCII.isBlank(bytes[lower]) { lower &+= 1 }
        while upper > lower, ASCII.isBlank(bytes[upper &- 1]) { upper &-= 1 }
        return lower..<upper
    }
}

/// The bytes of `range` are `lowercase`, whatever the case of ASCII letters. `lowercase` has no uppercase letters.
package func fieldNameEquals(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ lowercase: StaticString
) -> Bool {
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), range.lowerBound >= 0,
        range.upperBound <= bytes.count
    else {
        return false
    }
    return ASCII.equalText(start, range, lowercase)
}
