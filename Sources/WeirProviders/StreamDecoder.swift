import NIOCore
package import WeirCore
import WeirWire

/// Reads a streamed reply as it passes: usage, first token, end; and makes the edits that the client shall see.
package struct StreamDecoder {
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

    /// The last byte that came does not end a line.
    private var isInLine = false

    package mutating func feed(_ bytes: Bytes) -> Bytes? {
        if bytes.readableBytes > 0, let last = bytes.getInteger(at: bytes.writerIndex - 1, as: UInt8.self) {
            isInLine = last != UInt8(ascii: "\n") && last != UInt8(ascii: "\r")
        }
        return editor.feed(bytes)
    }

    /// The upstream's bytes have ended: what is left to send. A stream that finished but for its last line gets that line;
    /// one that stopped before is marked as broken.
    package mutating func finish() -> Bytes? {
        let rest = editor.finish()
        guard expectsDone, !editor.sawDone, !editor.sawError else { return rest }
        guard editor.isFinished, !isInLine else {
            isBroken = true
            return rest
        }
        var end = rest ?? Bytes()
        end.writeStaticString("data: [DONE]\n\n")
        return end
    }
}
