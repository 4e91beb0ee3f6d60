extension ResponseHead {
    /// Reads the head that `bytes` begin with. Nil: it is not complete yet; call again with more bytes from the same start.
    ///
    /// `resume` is 0 for a new message, and afterwards remembers how far was looked. `toHead`: it answers a HEAD request.
    /// An interim reply (1xx) is given like any other; the next head begins at its `end`.
    ///
    /// More is accepted than of requests where it does no harm: a missing reason, with its space or without; more than one
    /// space before the status; HTTP/1.0; any repeated field that framing does not hang on. Framing is as strict: both
    /// `Content-Length` and `Transfer-Encoding`, a second one of either, any coding but `chunked`, and chunks in HTTP/1.0
    /// are refused.
    package static func scan(
        _ bytes: UnsafeRawBufferPointer, from resume: inout Int, toHead: Bool, limits: HTTPLimits
    ) throws(HTTPViolation) -> ResponseHead? {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count > 0 else { return nil }
        let count = bytes.count
        guard start[0] == UInt8(ascii: "H") else { throw .malformed(.statusLine) }
        let window = min(limits.requestLineBytes + 2, limits.headBytes)
        guard let lineFeed = ASCII.lineFeed(start, 0, min(count, window)) else {
            if count >= window { throw .headTooLarge }
            resume = count
            return nil
        }
        var head = ResponseHead()
        if resume <= lineFeed {
            resume = 0
            try head.readStatusLine(start, lineFeed)
        } else {
            guard HeadLines.end(start, count, &resume) != nil else {
                if count > limits.headBytes { throw .headTooLarge }
                return nil
            }
            try head.readStatusLine(start, lineFeed)
        }
        var lines = HeadLines(start, count: count, at: lineFeed + 1)
        var violation: HTTPViolation?
        do throws(HTTPViolation) {
            if try head.readFields(&lines, limits.fieldCount) {
                try head.finish(toHead)
                if head.end <= limits.headBytes { return head }
            }
        } catch {
            violation = error
        }
        resume = max(resume, lineFeed)
        if let violation = HeadLines.verdict(start, count, &resume, limits.headBytes, violation) { throw violation }
        return nil
    }

    /// Reads the line up to `lineFeed`: the version, spaces, three digits, and text behind a space if there is any.
    private mutating func readStatusLine(
        _ bytes: UnsafePointer<UInt8>, _ lineFeed: Int
    ) throws(HTTPViolation) {
        guard lineFeed > 0, bytes[lineFeed - 1] == ASCII.carriageReturn else { throw .malformed(.bareLineFeed) }
        let stop = lineFeed - 1
        guard stop >= 12, ASCII.equal(bytes, "HTTP/"), ASCII.isDigit(bytes[5]), bytes[6] == UInt8(ascii: "."),
            ASCII.isDigit(bytes[7]), bytes[8] == ASCII.space
        else {
            throw .malformed(.statusLine)
        }
        guard bytes[5] == UInt8(ascii: "1"), bytes[7] &- 0x30 < 2 else { throw .unsupportedVersion }
        minorVersion = Int(bytes[7] &- 0x30)
        var at = 9
        while at < stop, bytes[at] == ASCII.space { at += 1 }
        let reason = at + 3
        guard reason <= stop else { throw .malformed(.statusLine) }
        while at < reason {
            guard ASCII.isDigit(bytes[at]) else { throw .malformed(.status) }
            status = status * 10 + Int(bytes[at] &- 0x30)
            at += 1
        }
        guard status >= 100 else { throw .malformed(.status) }
        guard reason == stop || bytes[reason] == ASCII.space, ASCII.endOfText(bytes, reason, stop) == stop else {
            throw .malformed(.statusLine)
        }
    }

    /// Reads the header lines. False when their end has not come yet.
    private mutating func readFields(_ lines: inout HeadLines, _ limit: Int) throws(HTTPViolation) -> Bool {
        let first = lines.at
        var count = 0
        var connection = ConnectionOptions()
        while true {
            let blank = lines.at
            switch try lines.next() {
            case .incomplete: return false
            case .blank:
                keepsAlive = !connection.closes && (minorVersion == 1 || connection.keepsAlive)
                namesFields = connection.namesFields
                fields = first..<blank
                end = lines.at
                return true
            case .field:
                count += 1
                guard count <= limit else { throw .tooManyFields }
                try read(lines, &connection)
            }
        }
    }

    /// Takes in the field that was read last.
    @inline(__always)
    private mutating func read(_ line: HeadLines, _ connection: inout ConnectionOptions) throws(HTTPViolation) {
        let bytes = line.bytes
        let name = bytes + line.nameStart
        switch line.nameEnd - line.nameStart {
        case 10 where ASCII.equalToken(name, "connection"): connection.add(bytes, line.value)
        case 11 where ASCII.equalToken(name, "retry-after"): if retryAfter == nil { retryAfter = line.value }
        case 12 where ASCII.equalToken(name, "content-type"): if contentType == nil { contentType = line.value }
        case 14 where ASCII.equalToken(name, "content-length"):
            guard contentLength == nil else { throw .malformed(.lengthRepeated) }
            contentLength = try ContentLength.read(bytes, line.value)
        case 16 where ASCII.equalToken(name, "content-encoding"):
            guard contentEncoding == nil else { throw .malformed(.contentEncodingRepeated) }
            contentEncoding = line.value
        case 17 where ASCII.equalToken(name, "transfer-encoding"):
            guard ASCII.equalText(bytes, line.value, "chunked"), !isChunked else { throw .unsupportedTransferCoding }
            isChunked = true
        default: break
        }
    }

    /// What can be said of the framing only when all fields are known.
    private mutating func finish(_ toHead: Bool) throws(HTTPViolation) {
        if isChunked {
            if contentLength != nil { throw .malformed(.lengthWithTransferCoding) }
            if minorVersion == 0 { throw .malformed(.transferCodingBeforeHTTP11) }
        }
        let announcesBody = isChunked || contentLength ?? 0 > 0
        if status < 200, announcesBody { throw .malformed(.framingOfInterimReply) }
        isBodyless = toHead || status < 200 || status == 204 || status == 304
        // A 204 must not have a body, yet some servers send one: what follows on such a connection cannot be trusted.
        if endsAtClose || status == 204 && announcesBody { keepsAlive = false }
    }
}
