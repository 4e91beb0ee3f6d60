import NIOCore
package import WeirCore

/// A reply's head, read in place. Ranges are offsets from the start of the bytes that were scanned; a field that is absent
/// is nil.
package struct ResponseHead: Sendable, Equatable {
    /// 100 to 999.
    package internal(set) var status = 0
    /// 0 or 1.
    package internal(set) var minorVersion = 1
    /// Below 10¹⁸; nil when the field is absent. A bodyless reply may have it: then it tells of a body that is not there.
    package internal(set) var contentLength: Int?
    /// The body comes in chunks; never together with a length.
    package internal(set) var isChunked = false
    /// The server keeps the connection, and what this head says leaves no doubt about where the reply ends.
    package internal(set) var keepsAlive = true
    /// No body follows whatever the fields say: an interim reply (1xx), 204, 304, or the answer to HEAD.
    package internal(set) var isBodyless = false
    /// The first byte after the head.
    package internal(set) var end = 0
    /// The header lines without the status line and the blank line, for `FieldLines`.
    package internal(set) var fields = 0..<0
    /// The first `Content-Type`.
    package internal(set) var contentType: Range<Int>?
    /// A second one is refused: a body must not be read in the wrong encoding.
    package internal(set) var contentEncoding: Range<Int>?
    /// The first `Retry-After`.
    package internal(set) var retryAfter: Range<Int>?
    /// `Connection` names fields to be dropped.
    var namesFields = false

    init() {}

    /// The body lasts until the server closes the connection: there is one, with neither a length nor chunks.
    package var endsAtClose: Bool { !isBodyless && !isChunked && contentLength == nil }

    /// Appends the header lines that are meant for whoever reads the reply, as they came and each with its CRLF.
    ///
    /// Left out are those that concern one connection (RFC 9110, section 7.6.1: `Connection` and what it names,
    /// `Keep-Alive`, `Proxy-*`, `TE`, `Trailer`, `Transfer-Encoding`, `Upgrade`), `Content-Length`, because the framing is
    /// made anew, and `Set-Cookie`, because an upstream's cookies are not for the gateway's clients. `bytes` are those that
    /// were scanned, from the same start.
    package func copyEndToEndFields(from bytes: UnsafeRawBufferPointer, into output: inout Bytes) {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), fields.upperBound <= bytes.count
        else {
            return
        }
        // Lines that stand next to each other are copied at once.
        var run = fields.lowerBound
        var lines = FieldLines(bytes, fields)
        while let (name, value) = lines.next() {
            guard isLeftOut(start, name) else { continue }
            output.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[run..<name.lowerBound]))
            run = (ASCII.lineFeed(start, value.upperBound, fields.upperBound) ?? fields.upperBound - 1) + 1
        }
        output.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[run..<fields.upperBound]))
    }

    private func isLeftOut(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
        let name = bytes + range.lowerBound
        let isDropped =
            switch range.count {
            case 2: ASCII.equalToken(name, "te")
            case 7: ASCII.equalToken(name, "trailer") || ASCII.equalToken(name, "upgrade")
            case 10:
                ASCII.equalToken(name, "connection") || ASCII.equalToken(name, "keep-alive")
                    || ASCII.equalToken(name, "set-cookie")
            case 14: ASCII.equalToken(name, "content-length")
            case 17: ASCII.equalToken(name, "transfer-encoding")
            default: false
            }
        if isDropped || range.count > 6 && ASCII.equalToken(name, "proxy-") { return true }
        return namesFields && isNamedByConnection(bytes, range)
    }

    private func isNamedByConnection(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
        var lines = FieldLines(UnsafeRawBufferPointer(start: bytes, count: fields.upperBound), fields)
        while let (name, value) = lines.next() {
            if name.count == 10, ASCII.equalToken(bytes + name.lowerBound, "connection"),
                ConnectionOptions.names(bytes, value, range)
            {
                return true
            }
        }
        return false
    }
}
