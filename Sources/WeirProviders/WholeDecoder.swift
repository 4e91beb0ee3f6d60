import NIOCore
package import WeirCore
import WeirWire

/// Reads and edits a reply that came whole.
package enum WholeDecoder {
    /// The usage that the reply tells; nil when it tells none.
    package static func usage(in body: Bytes) -> Usage? {
        body.withUnsafeReadableBytes { UsageReader.usage(inReply: $0) }
    }

    /// The body with the client's name for the model in the place of the upstream's.
    ///
    /// - Parameter clientModel: JSON text.
    package static func renamed(_ body: Bytes, _ clientModel: Bytes) -> [Bytes] {
        guard let range = body.withUnsafeReadableBytes({ UsageReader.modelRange(inReply: $0) }) else { return [body] }
        let start = body.readerIndex
        guard let before = body.getSlice(at: start, length: range.lowerBound),
            let after = body.getSlice(at: start + range.upperBound, length: body.readableBytes - range.upperBound)
        else { return [body] }
        return [before, clientModel, after]
    }

    /// `name` as JSON text.
    package static func text(of name: String) -> Bytes { JSONWriter.text(of: name) }
}
