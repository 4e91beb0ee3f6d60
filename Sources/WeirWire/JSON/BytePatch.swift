import NIOCore
package import WeirCore

/// Ranges of a body that are to be replaced. The body itself is never changed and, where it is long, not copied.
///
/// Ranges are offsets from the body's reader index. Edits may be given in any order; an empty range inserts. Edits at the
/// same place keep the order in which they were given, insertions before what replaces the bytes behind them. Edits that
/// overlap are kept until `pieces(of:)`, which refuses them all.
package struct BytePatch: Sendable {
    private struct Edit: Sendable {
        let range: Range<Int>
        let text: Bytes
    }

    /// In the order in which they are applied.
    private var edits: [Edit] = []

    package init() {}

    package var isEmpty: Bool { edits.isEmpty }

    package mutating func replace(_ range: Range<Int>, with text: Bytes) {
        // Patches have a handful of edits, mostly given in their order.
        var index = edits.count
        while index > 0, BytePatch.stands(range, before: edits[index - 1].range) { index -= 1 }
        edits.insert(Edit(range: range, text: text), at: index)
    }

    private static func stands(_ range: Range<Int>, before other: Range<Int>) -> Bool {
        if range.lowerBound != other.lowerBound { return range.lowerBound < other.lowerBound }
        return range.isEmpty && !other.isEmpty
    }

    package mutating func remove(_ range: Range<Int>) { replace(range, with: Bytes()) }

    package mutating func insert(_ text: Bytes, at offset: Int) { replace(offset..<offset, with: text) }

    /// The patched body in order, as pieces that are written one after the other; empty only when nothing is left of it.
    ///
    /// Pieces of `joinBelow` bytes and more share storage with the body or the replacement; smaller neighbours are copied
    /// together. A result below `wholeBelow` bytes is one piece.
    package func pieces(
        of body: Bytes, joinBelow: Int = 4096, wholeBelow: Int = 16384
    ) throws(PatchConflict) -> [Bytes] {
        let count = body.readableBytes
        if edits.isEmpty { return count == 0 ? [] : [body] }
        var total = count
        var last = 0..<0
        for edit in edits {
            guard edit.range.lowerBound >= 0, edit.range.upperBound <= count else { throw .outside(edit.range) }
            guard edit.range.lowerBound >= last.upperBound else { throw .overlap(last, edit.range) }
            last = edit.range
            total += edit.text.readableBytes - edit.range.count
        }
        var joiner = PieceJoiner(limit: total < wholeBelow ? Int.max : joinBelow, capacity: min(total, wholeBelow))
        var from = 0
        for edit in edits {
            joiner.append(body, from..<edit.range.lowerBound)
            joiner.append(edit.text, 0..<edit.text.readableBytes)
            from = edit.range.upperBound
        }
        joiner.append(body, from..<count)
        return joiner.finish()
    }
}

/// Puts small pieces together and lets large ones stand.
private struct PieceJoiner {
    private let limit: Int
    private let capacity: Int
    private var pieces: [Bytes] = []
    private var joined = Bytes()

    init(limit: Int, capacity: Int) {
        self.limit = limit
        self.capacity = capacity
    }

    mutating func append(_ source: Bytes, _ range: Range<Int>) {
        guard !range.isEmpty,
            let slice = source.getSlice(at: source.readerIndex + range.lowerBound, length: range.count)
        else { return }
        if range.count >= limit {
            flush()
            pieces.append(slice)
        } else {
            if joined.readableBytes == 0 { joined = ByteBufferAllocator().buffer(capacity: capacity) }
            joined.writeImmutableBuffer(slice)
        }
    }

    private mutating func flush() {
        guard joined.readableBytes > 0 else { return }
        pieces.append(joined)
        joined = Bytes()
    }

    mutating func finish() -> [Bytes] {
        flush()
        return pieces
    }
}
