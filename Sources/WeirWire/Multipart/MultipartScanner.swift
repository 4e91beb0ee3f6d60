import NIOCore
package import WeirCore

/// Reads the frame of a `multipart/form-data` body (RFC 7578, RFC 2046): where each part's content stands.
///
/// Strict where two readers could differ: line ends are CRLF, nothing but line ends stands before the first delimiter and
/// behind the last, every part has one `Content-Disposition: form-data` with one name, without the RFC 5987 form (`name*`).
package enum MultipartScanner {
    package static let maximumParts = 64
    /// The most bytes that the header of one part may have.
    package static let maximumHeader = 8192

    /// Scans a body whose `Content-Type` is given as it was sent.
    package static func scan(
        contentType: String, body: UnsafeRawBufferPointer
    ) throws(MultipartViolation) -> MultipartForm {
        let boundary = try MultipartParameters.boundary(of: contentType)
        let delimiter = Array("\r\n--".utf8) + boundary
        guard let base = body.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            throw MultipartViolation(.delimiterMissing, at: 0)
        }
        let count = body.count
        var at = 0
        while at + 1 < count, base[at] == 0x0D, base[at + 1] == 0x0A { at += 2 }
        // The first delimiter may lack the line end before it.
        guard count - at >= delimiter.count - 2,
            delimiter.dropFirst(2).elementsEqual(body[at..<at + delimiter.count - 2])
        else { throw MultipartViolation(.delimiterMissing, at: at) }
        at += delimiter.count - 2
        var parts: [MultipartForm.Part] = []
        while try !isLast(base, &at, count) {
            guard parts.count < maximumParts else {
                throw MultipartViolation(.tooManyParts(limit: maximumParts), at: at)
            }
            let header = at..<(try headerEnd(base, at, count))
            let (name, isFile) = try MultipartParameters.disposition(base, header)
            let start = header.upperBound + 2
            let stop = delimiter.withUnsafeBytes { ByteRun.text($0, base, start - 2, count) }
            guard stop < count else { throw MultipartViolation(.truncated, at: count) }
            // A boundary right behind the blank line is a delimiter to some readers and content to others.
            guard stop >= start else { throw MultipartViolation(.delimiterMalformed, at: start) }
            parts.append(
                MultipartForm.Part(name: name, isFile: isFile, header: header, value: start..<stop))
            at = stop + delimiter.count
        }
        while at < count {
            let byte = base[at]
            guard byte == 0x0D || byte == 0x0A || byte == 0x20 || byte == 0x09 else {
                throw MultipartViolation(.trailingBytes, at: at)
            }
            at += 1
        }
        return MultipartForm(parts: parts)
    }

    /// The same for a body as it is handed around; ranges are offsets from its reader index.
    package static func scan(contentType: String, body: Bytes) throws(MultipartViolation) -> MultipartForm {
        try body.withUnsafeReadableBytes { bytes in
            Result { () throws(MultipartViolation) in try scan(contentType: contentType, body: bytes) }
        }.get()
    }

    /// Passes what stands behind a boundary: true when it was the closing one.
    private static func isLast(
        _ base: UnsafePointer<UInt8>, _ at: inout Int, _ count: Int
    ) throws(MultipartViolation) -> Bool {
        if at + 1 < count, base[at] == UInt8(ascii: "-"), base[at + 1] == UInt8(ascii: "-") {
            at += 2
            return true
        }
        while at < count, base[at] == 0x20 || base[at] == 0x09 { at += 1 }
        guard at + 1 < count else { throw MultipartViolation(.truncated, at: count) }
        guard base[at] == 0x0D, base[at + 1] == 0x0A else { throw MultipartViolation(.delimiterMalformed, at: at) }
        at += 2
        return false
    }

    /// The start of the blank line behind a header that starts at `from`.
    private static func headerEnd(
        _ base: UnsafePointer<UInt8>, _ from: Int, _ count: Int
    ) throws(MultipartViolation) -> Int {
        var at = from
        while true {
            let stop = ByteRun.line(base, at, min(count, from + maximumHeader))
            guard stop < from + maximumHeader else {
                throw MultipartViolation(.headerTooLarge(limit: maximumHeader), at: from)
            }
            guard stop + 1 < count else { throw MultipartViolation(.truncated, at: count) }
            guard base[stop] == 0x0D, base[stop + 1] == 0x0A else {
                throw MultipartViolation(.headerMalformed, at: stop)
            }
            if stop == at { return at }
            at = stop + 2
        }
    }
}
