import NIOCore
package import WeirCore

/// Takes the framing of the transfer coding `chunked` (RFC 9112, section 7.1) off a body, wherever its bytes are split.
///
/// Accepted is what the grammar allows without white space: a size of 1 to 16 hexadecimal digits, extensions
/// (`;name`, `;name=token`, `;name="quoted"`), CRLF, the data, CRLF; at last a chunk of size 0 and the trailer section.
/// Extensions and trailers are checked and dropped.
package struct ChunkDecoder: Sendable {
    private enum State: UInt8 {
        // The size line: … | digits | then an extension: ; name = token or "quoted" | CR
        case sizeStart, size, extensionStart, extensionName, valueStart, valueToken, quoted, escaped, quotedEnd, sizeEnd
        // The data and the CRLF behind it
        case data, dataCarriageReturn, dataLineFeed
        // The trailer section
        case lineStart, fieldName, fieldValue, lineEnd, lastLineFeed
        case done, failed
    }

    private var state = State.sizeStart
    private var digits: UInt8 = 0
    /// The size as read so far; then how much of the chunk's data is yet to come.
    private var left: UInt64 = 0
    /// How many bytes of extensions may still come.
    private var extensionBudget: Int
    private let extensionLimit: Int
    private var trailerBudget: Int
    private var violation = HTTPViolation.malformed(.chunkSize)

    package init(limits: HTTPLimits = HTTPLimits()) {
        extensionLimit = max(limits.chunkExtensionBytes, 0)
        extensionBudget = extensionLimit
        trailerBudget = max(limits.trailerBytes, 0)
    }

    /// The body has been read to its end, trailer included.
    package var isDone: Bool { state == .done }

    /// Takes framed bytes from the front of `buffer`, and gives the payload among them; nil when there was none.
    ///
    /// Everything up to the body's end is taken, and nothing behind it. One run of payload is given as a slice of `buffer`;
    /// several are moved together over the framing between them, without allocation if nobody shares the storage. After a
    /// violation every further call throws it again.
    package mutating func decode(_ buffer: inout Bytes) throws(HTTPViolation) -> Bytes? {
        var at = 0
        let (first, second) = try buffer.withUnsafeReadableBytes { bytes throws(HTTPViolation) in
            let first = try nextRun(bytes, &at)
            return (first, first == nil ? nil : try nextRun(bytes, &at))
        }
        guard let first else {
            buffer.moveReaderIndex(forwardBy: at)
            return nil
        }
        var fill = first.upperBound
        if let second {
            try buffer.withUnsafeMutableReadableBytes { bytes throws(HTTPViolation) in
                guard let start = bytes.baseAddress else { return }
                var run: Range<Int>? = second
                while let data = run {
                    (start + fill).copyMemory(from: start + data.lowerBound, byteCount: data.count)
                    fill += data.count
                    run = try nextRun(UnsafeRawBufferPointer(bytes), &at)
                }
            }
        }
        let payload = buffer.getSlice(at: buffer.readerIndex + first.lowerBound, length: fill - first.lowerBound)
        buffer.moveReaderIndex(forwardBy: at)
        return payload
    }

    /// Follows the framing from `at` to the next run of payload, and moves `at` behind it. Nil when the bytes or the body
    /// end before there is one.
    private mutating func nextRun(
        _ bytes: UnsafeRawBufferPointer, _ at: inout Int
    ) throws(HTTPViolation) -> Range<Int>? {
        let count = bytes.count
        while at < count {
            switch state {
            case .data:
                let start = at
                let length = Int(min(left, UInt64(count - at)))
                at += length
                left -= UInt64(length)
                if left == 0 { state = .dataCarriageReturn }
                return start..<at
            case .done: return nil
            case .dataCarriageReturn, .sizeStart:
                if passCommon(bytes, &at) { continue }
                fallthrough
            default:
                do throws(HTTPViolation) {
                    try step(bytes[at])
                } catch {
                    violation = error
                    state = .failed
                    throw error
                }
                at += 1
            }
        }
        return nil
    }

    /// Passes what nearly always stands between two runs of payload when all of it is here: CRLF, up to seven digits, CRLF.
    /// False, and nothing passed, when it is anything else.
    @inline(__always)
    private mutating func passCommon(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        var next = at
        if state == .dataCarriageReturn {
            guard bytes.count - at > 4, bytes[at] == ASCII.carriageReturn, bytes[at + 1] == ASCII.lineFeed
            else { return false }
            next += 2
        }
        var size: UInt64 = 0
        let start = next
        while next < bytes.count, next - start < 8 {
            let byte = bytes[next]
            let letter = (byte | 0x20) &- 0x61
            guard ASCII.isDigit(byte) || letter < 6 else { break }
            size = size &<< 4 | UInt64(ASCII.isDigit(byte) ? byte &- 0x30 : letter &+ 10)
            next += 1
        }
        guard size > 0, next - start < 8, bytes.count - next >= 2, bytes[next] == ASCII.carriageReturn,
            bytes[next + 1] == ASCII.lineFeed
        else { return false }
        left = size
        extensionBudget = min(extensionBudget + Int(min(size, UInt64(extensionLimit))), extensionLimit)
        state = .data
        at = next + 2
        return true
    }

    /// Follows one byte of framing.
    @inline(__always)
    private mutating func step(_ byte: UInt8) throws(HTTPViolation) {
        switch state {
        case .sizeStart, .size: try stepSize(byte)
        case .sizeEnd:
            guard byte == ASCII.lineFeed else { throw .malformed(.chunkLineEnd) }
            // Extensions may take as many bytes as the payload they come with, and the limit beyond that.
            extensionBudget += Int(min(left, UInt64(extensionLimit)))
            extensionBudget = min(extensionBudget, extensionLimit)
            digits = 0
            state = left == 0 ? .lineStart : .data
        case .dataCarriageReturn:
            guard byte == ASCII.carriageReturn else { throw .malformed(.chunkDataEnd) }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == ASCII.lineFeed else { throw .malformed(.chunkDataEnd) }
            state = .sizeStart
        case .extensionStart, .extensionName, .valueStart, .valueToken, .quoted, .escaped, .quotedEnd:
            try stepExtension(byte)
        case .lineStart, .fieldName, .fieldValue, .lineEnd, .lastLineFeed: try stepTrailer(byte)
        case .failed: throw violation
        case .data, .done: break
        }
    }

    @inline(__always)
    private mutating func stepSize(_ byte: UInt8) throws(HTTPViolation) {
        let letter = (byte | 0x20) &- 0x61
        if ASCII.isDigit(byte) || letter < 6 {
            guard digits < 16 else { throw .malformed(.chunkSize) }
            digits += 1
            left = left &<< 4 | UInt64(ASCII.isDigit(byte) ? byte &- 0x30 : letter &+ 10)
            state = .size
            return
        }
        guard state == .size, left <= UInt64(Int.max) else { throw .malformed(.chunkSize) }
        switch byte {
        case ASCII.carriageReturn: state = .sizeEnd
        case UInt8(ascii: ";"): try stepExtension(byte)
        case ASCII.lineFeed: throw .malformed(.chunkLineEnd)
        default: throw .malformed(.chunkSize)
        }
    }

    @inline(never)
    private mutating func stepExtension(_ byte: UInt8) throws(HTTPViolation) {
        let isToken = ASCII.isToken(byte)
        switch (state, byte) {
        case (.extensionName, ASCII.carriageReturn), (.valueToken, ASCII.carriageReturn),
            (.quotedEnd, ASCII.carriageReturn):
            state = .sizeEnd
            return
        case (.size, _), (.extensionName, UInt8(ascii: ";")), (.valueToken, UInt8(ascii: ";")),
            (.quotedEnd, UInt8(ascii: ";")):
            state = .extensionStart
        case (.extensionName, UInt8(ascii: "=")): state = .valueStart
        case (.valueStart, UInt8(ascii: "\"")): state = .quoted
        case (.quoted, UInt8(ascii: "\"")): state = .quotedEnd
        case (.quoted, UInt8(ascii: "\\")): state = .escaped
        case (.extensionStart, _) where isToken, (.extensionName, _) where isToken: state = .extensionName
        case (.valueStart, _) where isToken, (.valueToken, _) where isToken: state = .valueToken
        case (.quoted, _) where ASCII.isText(byte), (.escaped, _) where ASCII.isText(byte): state = .quoted
        case (_, ASCII.lineFeed): throw .malformed(.chunkLineEnd)
        default: throw .malformed(.chunkExtension)
        }
        extensionBudget -= 1
        guard extensionBudget >= 0 else { throw .malformed(.chunkExtensionsTooLong) }
    }

    @inline(__always)
    private mutating func stepTrailer(_ byte: UInt8) throws(HTTPViolation) {
        trailerBudget -= 1
        guard trailerBudget >= 0 else { throw .malformed(.trailerTooLong) }
        switch (state, byte) {
        case (.lineStart, ASCII.carriageReturn): state = .lastLineFeed
        case (.lastLineFeed, ASCII.lineFeed): state = .done
        case (.lineEnd, ASCII.lineFeed): state = .lineStart
        case (.fieldName, ASCII.colon): state = .fieldValue
        case (.fieldValue, ASCII.carriageReturn): state = .lineEnd
        case (.fieldValue, _) where ASCII.isText(byte): break
        case (.lineStart, _) where ASCII.isToken(byte), (.fieldName, _) where ASCII.isToken(byte): state = .fieldName
        default: throw .malformed(.trailer)
        }
    }
}
