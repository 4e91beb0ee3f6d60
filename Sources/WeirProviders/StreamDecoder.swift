import NIOCore
package import WeirCore
import WeirWire

/// Reads a streamed reply as it passes: usage, first token, end; and makes the edits that the client shall see.
///
/// A class, because it lives as long as its stream: in the frame of the function that reads, each copy would cost an open
/// stream half a kilobyte.
package final class StreamDecoder {
    private var editor: StreamEditor
    private let expectsDone: Bool
    package private(set) var isBroken = false

    /// - Parameters:
    ///   - clientModel: the name that the client used, as JSON text; put in the place of the upstream's.
    ///   - dropsUsage: the client did not ask for the usage that we asked for.
    package init(for operation: Operation, clientModel: Bytes?, dropsUsage: Bool) {
        editor = StreamEditor(model: clientModel, dropsUsageChunk: dropsUsage)
        expectsDone = operation.hasStreamOptions
    }

    package var usage: Usage? { editor.usage }
    package var sawContent: Bool { editor.sawContent }
    package var sawError: Bool { editor.sawError }
    /// Any event at all, content or not.
    package var sawEvent: Bool { editor.eventCount > 0 }

    /// The beginning of a line whose end has not come, as far as it can matter.
    private var fragment: [UInt8] = []
    /// The last three bytes that came.
    private var tail: (UInt8, UInt8, UInt8) = (0, 10, 10)
    private var isOver = false

    package func feed(_ bytes: Bytes) -> Bytes? {
        noteFragment(of: bytes)
        if editor.sawDone { return lineEnds(of: bytes) }
        let output = editor.feed(bytes)
        return editor.sawDone ? output.map(Self.throughDone) : output
    }

    /// The rest of the blank line behind `[DONE]` still belongs to it.
    private func lineEnds(of bytes: Bytes) -> Bytes? {
        guard !isOver else { return nil }
        let count = bytes.readableBytesView.prefix { $0 == 10 || $0 == 13 }.count
        isOver = count < bytes.readableBytes
        return count > 0 ? bytes.getSlice(at: bytes.readerIndex, length: count) : nil
    }

    /// The stream is over: nothing more of it goes to the client.
    package var isDone: Bool { editor.sawDone }

    /// What stands up to the first `[DONE]` and the blank line behind it.
    private static func throughDone(_ bytes: Bytes) -> Bytes {
        let view = bytes.readableBytesView
        // Nearly always it is the last thing there is, and the only one of its kind.
        let tail = view.suffix(2 * lastLine.count + 8)
        let lineEnds = tail.reversed().prefix { $0 == 10 || $0 == 13 }.count
        if tail.dropLast(lineEnds).suffix(6).elementsEqual("[DONE]".utf8), tail.count(where: { $0 == 0x5B }) == 1 {
            return bytes
        }
        var start = view.startIndex
        while start < view.endIndex {
            let end = view[start...].firstIndex(of: UInt8(ascii: "\n")) ?? view.endIndex
            let line = view[start..<end]
            start = min(end + 1, view.endIndex)
            guard line.starts(with: "data:".utf8),
                line.dropFirst(5).drop(while: { $0 == 0x20 }).starts(with: "[DONE]".utf8)
            else { continue }
            while start < view.endIndex, view[start] == 10 || view[start] == 13 { start += 1 }
            return bytes.getSlice(at: view.startIndex, length: start - view.startIndex) ?? bytes
        }
        return bytes
    }

    private func noteFragment(of bytes: Bytes) {
        let end = bytes.writerIndex
        if bytes.readableBytes > 2, let last = bytes.getInteger(at: end - 3, as: UInt16.self),
            let line = bytes.getInteger(at: end - 1, as: UInt8.self), line == 10
        {
            // As nearly all come: whole lines.
            tail = (UInt8(last >> 8), UInt8(truncatingIfNeeded: last), line)
            if !fragment.isEmpty { fragment = [] }
            return
        }
        let view = bytes.readableBytesView
        for byte in view.suffix(3) { tail = (tail.1, tail.2, byte) }
        if let end = view.lastIndex(where: { $0 == 10 || $0 == 13 }) {
            fragment = Array(view[(end + 1)...].prefix(Self.lastLine.count))
        } else {
            fragment += view.prefix(Self.lastLine.count - fragment.count)
        }
    }

    private static let lastLine = Array("data: [DONE]".utf8)

    /// The upstream's bytes have ended: what is left to send. A stream that finished but for its last line gets that line,
    /// or the rest of it; one that stopped before, or in the middle of another line, is marked as broken.
    package func finish() -> Bytes? {
        let wasDone = editor.sawDone
        let rest = editor.finish()
        if !wasDone, editor.sawDone {
            // The last line came without its blank line.
            var end = rest ?? Bytes()
            end.writeStaticString(fragment.isEmpty ? "\n" : "\n\n")
            return end
        }
        guard expectsDone, !editor.sawDone, !editor.sawError else { return rest }
        guard editor.isFinished, Self.lastLine.starts(with: fragment) else {
            isBroken = true
            return rest
        }
        var end = Bytes()
        if fragment.isEmpty {
            if let rest { end.writeImmutableBuffer(rest) }
            let isBehindBlank = tail.1 == 10 && tail.2 == 10 || tail == (10, 13, 10)
            if !isBehindBlank { end.writeStaticString("\n") }
            end.writeBytes(Self.lastLine)
        } else {
            // What the editor held back has not gone out; what it let pass has.
            end.writeBytes(rest == nil ? Self.lastLine.dropFirst(fragment.count) : Self.lastLine[...])
        }
        end.writeStaticString("\n\n")
        return end
    }
}
