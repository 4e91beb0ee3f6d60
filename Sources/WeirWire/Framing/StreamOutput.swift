import NIOCore
import WeirCore

/// What one piece of a stream becomes: as long as nothing is changed, a slice of the piece itself.
struct StreamOutput {
    private let source: Bytes
    private var buffer: Bytes?
    /// The source up to here has been copied or cut.
    private var settled = 0
    /// The source up to here may go on.
    private var released = 0

    init(_ source: Bytes) { self.source = source }

    mutating func release(upTo end: Int) { released = end }

    /// Puts text that is not of the source behind everything released so far.
    mutating func put(_ text: Bytes) {
        copy(upTo: released)
        write(text)
    }

    /// Leaves out a range and what of the source stands before it unreleased.
    mutating func cut(_ range: Range<Int>) {
        if settled == range.lowerBound {
            // Nothing lies between: an output that starts here can still be a slice.
            settled = range.upperBound
        } else {
            copy(upTo: range.lowerBound)
            settled = range.upperBound
        }
        released = range.upperBound
    }

    /// Puts `text` in the place of a range.
    mutating func replace(_ range: Range<Int>, with text: Bytes) {
        copy(upTo: range.lowerBound)
        write(text)
        settled = range.upperBound
        released = range.upperBound
    }

    private mutating func write(_ text: Bytes) { text.withUnsafeReadableBytes { write($0) } }

    private mutating func write(_ text: UnsafeRawBufferPointer) {
        if buffer == nil {
            let count = source.readableBytes
            buffer = ByteBufferAllocator().buffer(capacity: count + count / 8 + text.count + 64)
        }
        buffer?.writeBytes(text)
    }

    private mutating func copy(upTo end: Int) {
        guard end > settled else { return }
        source.withUnsafeReadableBytes { write(UnsafeRawBufferPointer(rebasing: $0[settled..<end])) }
        settled = end
    }

    /// All of it; nil when there is nothing.
    mutating func finish() -> Bytes? {
        guard buffer != nil else {
            guard released > settled else { return nil }
            if settled == 0, released == source.readableBytes { return source }
            return source.getSlice(at: source.readerIndex + settled, length: released - settled)
        }
        copy(upTo: released)
        return buffer
    }
}
