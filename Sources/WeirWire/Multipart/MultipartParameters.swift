/// The few header values that a form's frame depends on, read by the grammar of MIME (RFC 2045, section 5.1).
enum MultipartParameters {
    /// The bytes of a content type's boundary.
    static func boundary(of contentType: String) throws(MultipartViolation) -> [UInt8] {
        var text = HeaderText(Array(contentType.utf8))
        guard text.token().lowercased() == "multipart", text.take(UInt8(ascii: "/")),
            text.token().lowercased() == "form-data"
        else { throw MultipartViolation(.notFormData, at: 0) }
        var boundary: [UInt8]?
        while let (name, value) = text.parameter() {
            guard name == "boundary" else { continue }
            guard boundary == nil else { throw MultipartViolation(.boundaryMalformed, at: 0) }
            boundary = value
        }
        guard text.isAtEnd else { throw MultipartViolation(.boundaryMalformed, at: 0) }
        guard let boundary else { throw MultipartViolation(.boundaryMissing, at: 0) }
        guard (1...70).contains(boundary.count), boundary.last != 0x20, boundary.allSatisfy({ 0x20...0x7E ~= $0 })
        else { throw MultipartViolation(.boundaryMalformed, at: 0) }
        return boundary
    }

    /// The field's name in the header of a part.
    static func disposition(
        _ base: UnsafePointer<UInt8>, _ header: Range<Int>
    ) throws(MultipartViolation) -> (name: String, isFile: Bool) {
        var found: (name: String, isFile: Bool)?
        var at = header.lowerBound
        while at < header.upperBound {
            let stop = ByteRun.line(base, at, header.upperBound)
            var line = HeaderText(Array(UnsafeBufferPointer(start: base + at, count: stop - at)))
            // A line that starts with white space would continue the one before: nobody needs it, some do not know it.
            let field = line.token(skipsSpace: false).lowercased()
            guard !field.isEmpty, line.take(UInt8(ascii: ":"), skipsSpace: false) else {
                throw MultipartViolation(.headerMalformed, at: at)
            }
            if field == "content-disposition" {
                guard found == nil else { throw MultipartViolation(.dispositionMalformed, at: at) }
                found = try disposition(&line, at)
            }
            at = stop + 2
        }
        guard let found else { throw MultipartViolation(.dispositionMissing, at: header.lowerBound) }
        return found
    }

    private static func disposition(
        _ line: inout HeaderText, _ offset: Int
    ) throws(MultipartViolation) -> (name: String, isFile: Bool) {
        guard line.token().lowercased() == "form-data" else {
            throw MultipartViolation(.dispositionMissing, at: offset)
        }
        var name: [UInt8]?
        var isFile = false
        while let (key, value) = line.parameter() {
            switch key {
            case "name":
                guard name == nil else { throw MultipartViolation(.dispositionMalformed, at: offset) }
                name = value
            case "name*": throw MultipartViolation(.dispositionMalformed, at: offset)
            case "filename", "filename*": isFile = true
            default: break
            }
        }
        guard line.isAtEnd else { throw MultipartViolation(.dispositionMalformed, at: offset) }
        guard let name else { throw MultipartViolation(.nameMissing, at: offset) }
        // Whether such a backslash is undone differs from reader to reader.
        guard !name.contains(UInt8(ascii: "\\")) else { throw MultipartViolation(.dispositionMalformed, at: offset) }
        return (String(decoding: name, as: UTF8.self), isFile)
    }
}

/// A header's value that is read from left to right.
private struct HeaderText {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
    }

    var isAtEnd: Bool { bytes[at...].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ";") } }

    mutating func take(_ byte: UInt8, skipsSpace: Bool = true) -> Bool {
        if skipsSpace { skipSpace() }
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    /// A token (RFC 2045); empty when there is none.
    mutating func token(skipsSpace: Bool = true) -> String {
        if skipsSpace { skipSpace() }
        let start = at
        while at < bytes.count, bytes[at] > 0x20, bytes[at] != 0x7F, !HeaderText.isSpecial(bytes[at]) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "@"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "\""),
            UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "?"), UInt8(ascii: "="):
            true
        default: false
        }
    }

    /// The next parameter, its name in small letters; nil at the end and where the text is no parameter.
    mutating func parameter() -> (name: String, value: [UInt8])? {
        let before = at
        guard take(UInt8(ascii: ";")) else { return nil }
        let name = token().lowercased()
        guard !name.isEmpty, take(UInt8(ascii: "=")) else {
            at = before
            return nil
        }
        if take(UInt8(ascii: "\"")) {
            guard let value = quoted() else {
                at = before
                return nil
            }
            return (name, value)
        }
        // Longer than a token: boundaries are found that have slashes and equal signs and no quotes.
        skipSpace()
        let start = at
        while at < bytes.count, bytes[at] > 0x20, bytes[at] != UInt8(ascii: ";") { at += 1 }
        let value = Array(bytes[start..<at])
        if value.isEmpty {
            at = before
            return nil
        }
        return (name, value)
    }

    /// The rest of a quoted string. A backslash escapes a quote and a backslash only: old browsers send paths with it.
    private mutating func quoted() -> [UInt8]? {
        var value: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") { return value }
            if byte == UInt8(ascii: "\\"), at < bytes.count,
                bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "\\")
            {
                value.append(bytes[at])
                at += 1
            } else {
                value.append(byte)
            }
        }
        return nil
    }
}
