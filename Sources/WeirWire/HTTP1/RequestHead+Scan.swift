extension RequestHead {
    /// Reads the head that `bytes` begin with. Nil: it is not complete yet; call again with more bytes from the same start.
    ///
    /// `resume` is 0 for a new message, and afterwards remembers how far was looked, so that the time for a head is linear
    /// in its length however it arrives. One empty line before the request line is skipped, as RFC 9112, section 2.2,
    /// recommends. When which part is judged: see `HeadLines`.
    ///
    /// Throws the first violation in the order of the bytes, after those of a limit. What is refused beyond the grammar of
    /// RFC 9112: every second `Content-Length`, even with the same value; every `Transfer-Encoding` but one `chunked`, and
    /// any in HTTP/1.0; line feeds without carriage return; folded lines; HTTP/1.2 and above; unusual hosts (`Authority`).
    package static func scan(
        _ bytes: UnsafeRawBufferPointer, from resume: inout Int, limits: HTTPLimits
    ) throws(HTTPViolation) -> RequestHead? {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count > 0 else { return nil }
        let count = bytes.count
        guard ASCII.isToken(start[0]) || start[0] == ASCII.carriageReturn else { throw .malformed(.method) }
        var first = 0
        if start[0] == ASCII.carriageReturn {
            guard count > 1 else { return nil }
            guard start[1] == ASCII.lineFeed else { throw .malformed(.bareCarriageReturn) }
            first = 2
        }
        let window = first + limits.requestLineBytes + 2
        guard let lineFeed = ASCII.lineFeed(start, first, min(count, window)) else {
            if count >= window { throw .requestLineTooLong }
            resume = count
            return nil
        }
        var head = RequestHead()
        if resume <= lineFeed {
            // The line is new (or this is the first look): what is wrong with it is said at once.
            resume = 0
            try head.readRequestLine(start, first, lineFeed)
        } else {
            guard HeadLines.end(start, count, &resume) != nil else {
                if count > limits.headBytes { throw .headTooLarge }
                return nil
            }
            try head.readRequestLine(start, first, lineFeed)
        }
        var lines = HeadLines(start, count: count, at: lineFeed + 1)
        var violation: HTTPViolation?
        do throws(HTTPViolation) {
            if try head.readFields(&lines, limits.fieldCount) {
                try head.finish()
                if head.end <= limits.headBytes { return head }
            }
        } catch {
            violation = error
        }
        resume = max(resume, lineFeed)
        if let violation = HeadLines.verdict(start, count, &resume, limits.headBytes, violation) { throw violation }
        return nil
    }

    /// Reads the line from `first` to `lineFeed`.
    private mutating func readRequestLine(
        _ bytes: UnsafePointer<UInt8>, _ first: Int, _ lineFeed: Int
    ) throws(HTTPViolation) {
        let stop = lineFeed - 1
        guard stop >= first, bytes[stop] == ASCII.carriageReturn else { throw .malformed(.bareLineFeed) }
        let methodEnd = ASCII.endOfToken(bytes, first, stop)
        guard methodEnd > first else { throw .malformed(.method) }
        guard bytes[methodEnd] == ASCII.space else { throw .malformed(.requestLine) }
        methodRange = first..<methodEnd
        method = HTTPMethod(bytes + first, methodEnd - first)

        let targetStart = methodEnd + 1
        var at = targetStart
        var mark = -1
        while bytes[at] &- 0x21 < 0x5E {
            if bytes[at] == UInt8(ascii: "?"), mark < 0 { mark = at }
            if bytes[at] == UInt8(ascii: "#") { throw .malformed(.fragment) }
            at += 1
        }
        guard bytes[at] == ASCII.space || at == stop else { throw .malformed(.target) }
        guard at > targetStart, at < stop else { throw .malformed(.requestLine) }
        target = targetStart..<at
        try readVersion(bytes, at + 1, stop)
        if bytes[targetStart] == UInt8(ascii: "/"), method != .connect {
            path = targetStart..<(mark < 0 ? at : mark)
            if mark >= 0 { query = mark + 1..<at }
        } else {
            try readOtherTarget(bytes, mark)
        }
    }

    private mutating func readVersion(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ stop: Int
    ) throws(HTTPViolation) {
        guard stop - start == 8 else {
            throw .malformed((start..<stop).contains { ASCII.isBlank(bytes[$0]) } ? .requestLine : .version)
        }
        if ASCII.equal(bytes + start, "HTTP/1.1") { return }
        guard ASCII.equal(bytes + start, "HTTP/"), ASCII.isDigit(bytes[start + 5]),
            bytes[start + 6] == UInt8(ascii: "."), ASCII.isDigit(bytes[start + 7])
        else {
            throw .malformed(.version)
        }
        guard ASCII.equal(bytes + start, "HTTP/1.0") else { throw .unsupportedVersion }
        minorVersion = 0
    }

    /// Absolute-form, asterisk-form or authority-form. `mark` is the offset of the first `?`, or negative.
    @inline(never)
    private mutating func readOtherTarget(_ bytes: UnsafePointer<UInt8>, _ mark: Int) throws(HTTPViolation) {
        let (start, end) = (target.lowerBound, target.upperBound)
        if method == .connect {
            guard Authority.isValid(bytes, target, needsPort: true) else { throw .malformed(.authority) }
            path = end..<end
            return
        }
        if method == .options, target.count == 1, bytes[start] == UInt8(ascii: "*") {
            path = target
            return
        }
        var authority = start
        for scheme: StaticString in ["http://", "https://"] {
            let length = scheme.utf8CodeUnitCount
            if end - start >= length, ASCII.equalText(bytes, start..<start + length, scheme) {
                authority = start + length
            }
        }
        guard authority > start else { throw .malformed(.target) }
        let pathEnd = mark < 0 ? end : mark
        var slash = authority
        while slash < pathEnd, bytes[slash] != UInt8(ascii: "/") { slash += 1 }
        guard Authority.isValid(bytes, authority..<slash) else { throw .malformed(.authority) }
        host = authority..<slash
        path = slash..<pathEnd
        if mark >= 0 { query = mark + 1..<end }
    }

    /// Reads the header lines. False when their end has not come yet.
    private mutating func readFields(_ lines: inout HeadLines, _ limit: Int) throws(HTTPViolation) -> Bool {
        let first = lines.at
        var isHostSeen = false
        var count = 0
        var connection = ConnectionOptions()
        var expects = false
        while true {
            let blank = lines.at
            switch try lines.next() {
            case .incomplete: return false
            case .blank:
                if minorVersion == 1, !isHostSeen { throw .malformed(.hostMissing) }
                keepsAlive = !connection.closes && (minorVersion == 1 || connection.keepsAlive)
                expectsContinue = expects && minorVersion == 1
                fields = first..<blank
                end = lines.at
                return true
            case .field:
                count += 1
                guard count <= limit else { throw .tooManyFields }
                try read(lines, &isHostSeen, &connection, &expects)
            }
        }
    }

    /// Takes in the field that was read last.
    @inline(__always)
    private mutating func read(
        _ line: HeadLines, _ isHostSeen: inout Bool, _ connection: inout ConnectionOptions, _ expects: inout Bool
    ) throws(HTTPViolation) {
        let bytes = line.bytes
        let name = bytes + line.nameStart
        switch line.nameEnd - line.nameStart {
        case 4 where ASCII.equalToken(name, "host"):
            guard !isHostSeen else { throw .malformed(.hostRepeated) }
            guard Authority.isValid(bytes, line.value) else { throw .malformed(.hostInvalid) }
            isHostSeen = true
            if host == nil { host = line.value }
        case 6 where ASCII.equalToken(name, "accept"):
            hasForwardableFields = true
            if accept == nil { accept = line.value }
        case 6 where ASCII.equalToken(name, "expect"):
            guard ASCII.equalText(bytes, line.value, "100-continue") else { throw .unsupportedExpectation }
            expects = true
        case 7 where ASCII.equalToken(name, "api-key"):
            try RequestHead.setOnce(&apiKey, line.value, .credentialRepeated)
        case 9 where ASCII.equalToken(name, "x-api-key"):
            hasForwardableFields = true
            try RequestHead.setOnce(&xAPIKey, line.value, .credentialRepeated)
        case 10 where ASCII.equalToken(name, "connection"): connection.add(bytes, line.value)
        case 10 where ASCII.equalToken(name, "user-agent"): if userAgent == nil { userAgent = line.value }
        case 10 where ASCII.equalToken(name, "tracestate"): hasForwardableFields = true
        case 11 where ASCII.equalToken(name, "traceparent"): hasForwardableFields = true
        case 12 where ASCII.equalToken(name, "content-type"):
            try RequestHead.setOnce(&contentType, line.value, .contentTypeRepeated)
        case 13 where ASCII.equalToken(name, "authorization"):
            try RequestHead.setOnce(&authorization, line.value, .credentialRepeated)
        case 14 where ASCII.equalToken(name, "content-length"):
            guard contentLength == nil else { throw .malformed(.lengthRepeated) }
            contentLength = try ContentLength.read(bytes, line.value)
        case 17 where ASCII.equalToken(name, "transfer-encoding"):
            guard ASCII.equalText(bytes, line.value, "chunked"), !isChunked else { throw .unsupportedTransferCoding }
            isChunked = true
        case 17 where ASCII.equalToken(name, "x-litellm-api-key"):
            hasForwardableFields = true
            try RequestHead.setOnce(&litellmAPIKey, line.value, .credentialRepeated)
        case 17 where ASCII.equalToken(name, "x-litellm-call-id"):
            hasForwardableFields = true
            if callID == nil { callID = line.value }
        case let length:
            if !hasForwardableFields { hasForwardableFields = RequestHead.isForwardable(name, length) }
            if length > 7, name[0] | 0x20 == UInt8(ascii: "x"), name[1] == UInt8(ascii: "-") {
                let isOwn = length > 10 && ASCII.equalToken(name, "x-litellm-") || ASCII.equalToken(name, "x-weir-")
                if isOwn { hasGatewayFields = true }
            }
        }
    }

    @inline(__always)
    private static func isForwardable(_ name: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        switch name[0] | 0x20 {
        case UInt8(ascii: "x"): length >= 2 && name[1] == UInt8(ascii: "-")
        case UInt8(ascii: "o"): length >= 7 && ASCII.equalToken(name, "openai-")
        case UInt8(ascii: "a"): length >= 10 && ASCII.equalToken(name, "anthropic-")
        default: false
        }
    }

    @inline(__always)
    private static func setOnce(
        _ field: inout Range<Int>?, _ value: Range<Int>, _ flaw: HTTPFlaw
    ) throws(HTTPViolation) {
        guard field == nil else { throw .malformed(flaw) }
        field = value
    }

    /// What can be said of the framing only when all fields are known.
    private func finish() throws(HTTPViolation) {
        guard isChunked else { return }
        if contentLength != nil { throw .malformed(.lengthWithTransferCoding) }
        if minorVersion == 0 { throw .malformed(.transferCodingBeforeHTTP11) }
    }
}
