/// Reads the lines of a head one after the other, and checks each: what both kinds of heads have in common.
///
/// When a head is judged, for both kinds:
/// - its first byte at once, its first line as soon as that line is complete, so that one who speaks another protocol is
///   told soon;
/// - after that, that it is within `HTTPLimits.headBytes`;
/// - its fields when its blank line has come, in their order.
/// So a verdict depends on the bytes alone and never on how they arrived.
struct HeadLines {
    enum Line { case field, blank, incomplete }

    let bytes: UnsafePointer<UInt8>
    let count: Int
    /// The first byte of the next line.
    var at: Int
    /// The last field's parts.
    private(set) var nameStart = 0
    private(set) var nameEnd = 0
    private(set) var value = 0..<0

    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>, count: Int, at: Int) {
        self.bytes = bytes
        self.count = count
        self.at = at
    }

    /// Reads the line from `at` on, and moves behind it when it is complete.
    @inline(__always)
    mutating func next() throws(HTTPViolation) -> Line {
        let colon = ASCII.endOfToken(bytes, at, count)
        guard colon < count else { return .incomplete }
        guard bytes[colon] == ASCII.colon, colon > at else { return try other(than: colon) }
        var start = colon &+ 1
        while start < count, ASCII.isBlank(bytes[start]) { start &+= 1 }
        let stop = ASCII.endOfText(bytes, start, count)
        guard stop &+ 1 < count else { return .incomplete }
        guard bytes[stop] == ASCII.carriageReturn, bytes[stop &+ 1] == ASCII.lineFeed else {
            throw .malformed(HeadLines.flaw(ofValueByte: bytes[stop]))
        }
        var end = stop
        while end > start, ASCII.isBlank(bytes[end &- 1]) { end &-= 1 }
        nameStart = at
        nameEnd = colon
        value = Range(uncheckedBounds: (start, end))
        at = stop &+ 2
        return .field
    }

    /// A line that is no field: the blank one, an incomplete one, or a wrong one. `byte` is its first byte that cannot
    /// belong to a name.
    @inline(never)
    private mutating func other(than byte: Int) throws(HTTPViolation) -> Line {
        let isFirst = byte == at
        switch bytes[byte] {
        case ASCII.carriageReturn where byte + 1 == count: return .incomplete
        case ASCII.carriageReturn where bytes[byte + 1] == ASCII.lineFeed && isFirst:
            at += 2
            return .blank
        case ASCII.carriageReturn where bytes[byte + 1] != ASCII.lineFeed: throw .malformed(.bareCarriageReturn)
        case ASCII.carriageReturn: throw .malformed(.lineWithoutColon)
        case ASCII.lineFeed: throw .malformed(.bareLineFeed)
        case ASCII.colon: throw .malformed(.emptyName)
        case ASCII.space, ASCII.tab: throw .malformed(isFirst ? .foldedLine : .spaceBeforeColon)
        default: throw .malformed(.nameByte)
        }
    }

    static func flaw(ofValueByte byte: UInt8) -> HTTPFlaw {
        switch byte {
        case ASCII.carriageReturn: .bareCarriageReturn
        case ASCII.lineFeed: .bareLineFeed
        default: .valueByte
        }
    }

    /// The offset after the blank line: of a line feed that is followed by another or by CRLF, whatever else is wrong.
    /// Looks from `resume` on, and sets it to where to go on when there is none yet.
    static func end(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ resume: inout Int) -> Int? {
        var at = resume
        while let lineFeed = ASCII.lineFeed(bytes, at, count) {
            let next = lineFeed + 1
            if next < count, bytes[next] == ASCII.lineFeed { return next + 1 }
            if next + 1 < count, bytes[next] == ASCII.carriageReturn, bytes[next + 1] == ASCII.lineFeed {
                return next + 2
            }
            if next == count || next + 1 == count && bytes[next] == ASCII.carriageReturn {
                resume = lineFeed
                return nil
            }
            at = next
        }
        resume = count
        return nil
    }

    /// What follows from a look at `bytes` that did not end in a valid head: nil if more bytes can change that, or else
    /// the violation, which is `found` unless the head is too large.
    static func verdict(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, _ resume: inout Int, _ limit: Int, _ found: HTTPViolation?
    ) -> HTTPViolation? {
        guard let end = end(bytes, count, &resume) else { return count > limit ? .headTooLarge : nil }
        return end > limit ? .headTooLarge : found
    }
}
