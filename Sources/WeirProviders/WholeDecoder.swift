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

    /// The status that a reply means which came with 200 but holds nothing but an error; nil for a real reply.
    ///
    /// OpenRouter and others tell failures so: `{"error": {"code": 502, …}}`. A code that is no HTTP error status is 500.
    package static func errorStatus(in body: Bytes) -> Int? {
        body.withUnsafeReadableBytes { bytes in
            let whole = 0..<bytes.count
            guard let error = JSONScanner.member(of: whole, named: "error", in: bytes),
                !JSONText.isNull(bytes, error),
                JSONScanner.member(of: whole, named: "choices", in: bytes) == nil,
                JSONScanner.member(of: whole, named: "object", in: bytes) == nil
            else { return nil }
            let code = JSONScanner.member(of: error, named: "code", in: bytes).flatMap { JSONText.int(bytes, $0) }
            return code.flatMap { (400...599).contains($0) ? $0 : nil } ?? 500
        }
    }

    /// The text may be a whole JSON value: it ends as an object or array does. One that was cut off does not.
    package static func isWhole(_ body: Bytes) -> Bool {
        let last = body.readableBytesView.last { $0 > 0x20 }
        return last == UInt8(ascii: "}") || last == UInt8(ascii: "]")
    }

    /// The data of the first of `events` that holds nothing but an error, and the status that it means.
    package static func errorEvent(in events: Bytes) -> (data: Bytes, status: Int)? {
        let view = events.readableBytesView
        var start = view.startIndex
        while start < view.endIndex {
            let end = view[start...].firstIndex { $0 == 10 || $0 == 13 } ?? view.endIndex
            let line = view[start..<end]
            if line.starts(with: "data:".utf8), let data = events.getSlice(at: start + 5, length: line.count - 5),
                let status = errorStatus(in: data)
            {
                return (data, status)
            }
            start = end < view.endIndex ? end + 1 : end
        }
        return nil
    }

    /// `name` as JSON text.
    package static func text(of name: String) -> Bytes { JSONWriter.text(of: name) }
}
