/// Reads JSON of one shape: an object whose values are objects with plain fields. Values nested deeper are checked and
/// skipped. Strict as RFC 8259; numbers keep their text, so that no digit of a price is lost.
///
/// Limits: 64 levels of nesting.
struct FlatJSONReader {
    enum Scalar: Equatable {
        case text(String)
        /// The number as written.
        case number(String)
        case flag(Bool)
        case null
        /// An object or an array.
        case nested
    }

    static let deepest = 64

    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Calls `body` for each entry of the outer object; fields are nil when the entry is no object.
    mutating func readEntries(
        _ body: (_ name: String, _ fields: [(name: String, value: Scalar)]?) -> Void
    ) throws(PriceImportFault) {
        try readObject { reader, name throws(PriceImportFault) in
            guard reader.peek() == UInt8(ascii: "{") else {
                _ = try reader.value(depth: 1)
                body(name, nil)
                return
            }
            var fields: [(name: String, value: Scalar)] = []
            try reader.readObject { reader, name throws(PriceImportFault) in
                fields.append((name, try reader.value(depth: 2)))
            }
            body(name, fields)
        }
        skipBlanks()
        guard offset == bytes.count else { throw fault("text after the end of the object") }
    }

    private mutating func readObject(
        _ member: (inout FlatJSONReader, String) throws(PriceImportFault) -> Void
    ) throws(PriceImportFault) {
        try take(UInt8(ascii: "{"))
        if skip(UInt8(ascii: "}")) { return }
        repeat {
            skipBlanks()
            let name = try string()
            try take(UInt8(ascii: ":"))
            try member(&self, name)
        } while skip(UInt8(ascii: ","))
        try take(UInt8(ascii: "}"))
    }

    private mutating func value(depth: Int) throws(PriceImportFault) -> Scalar {
        guard depth <= Self.deepest else { throw fault("nested more than \(Self.deepest) levels deep") }
        switch peek() {
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "{"):
            try readObject { reader, _ throws(PriceImportFault) in _ = try reader.value(depth: depth + 1) }
            return .nested
        case UInt8(ascii: "["):
            try take(UInt8(ascii: "["))
            if skip(UInt8(ascii: "]")) { return .nested }
            repeat { _ = try value(depth: depth + 1) } while skip(UInt8(ascii: ","))
            try take(UInt8(ascii: "]"))
            return .nested
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ text: StaticString, _ value: Scalar) throws(PriceImportFault) -> Scalar {
        let isThere = text.withUTF8Buffer { bytes[offset...].starts(with: $0) }
        guard isThere else { throw fault("a value was expected") }
        offset += text.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(PriceImportFault) -> String {
        let start = offset
        if here == UInt8(ascii: "-") { offset += 1 }
        let whole = digits()
        guard whole == 1 || (whole > 1 && bytes[offset - whole] != UInt8(ascii: "0")) else {
            throw fault("a value was expected")
        }
        if here == UInt8(ascii: ".") {
            offset += 1
            guard digits() > 0 else { throw fault("a digit was expected") }
        }
        if let mark = here, mark | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if here == UInt8(ascii: "+") || here == UInt8(ascii: "-") { offset += 1 }
            guard digits() > 0 else { throw fault("a digit was expected") }
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = offset
        while let byte = here, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        return offset - start
    }

    private mutating func string() throws(PriceImportFault) -> String {
        try take(UInt8(ascii: "\""))
        let start = offset
        var decoded: [UInt8] = []
        while let byte = here, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault("a control character in a text") }
            offset += 1
            if byte == UInt8(ascii: "\\") { decoded.append(contentsOf: try escape()) } else { decoded.append(byte) }
        }
        try take(UInt8(ascii: "\""))
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw PriceImportFault(reason: "a text is not UTF-8", offset: start)
        }
        return text
    }

    private mutating func escape() throws(PriceImportFault) -> [UInt8] {
        guard let byte = here else { throw fault("a text without end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): break
        default: throw fault("an unknown escape in a text")
        }
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]), bytes[offset...].starts(with: "\\u".utf8) {
            offset += 2
            units.append(try codeUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw fault("half of a character in a text") }
        return Array(text.utf8)
    }

    private mutating func codeUnit() throws(PriceImportFault) -> UInt16 {
        let hex = bytes[offset...].prefix(4)
        guard hex.count == 4, hex.first != UInt8(ascii: "+"), hex.first != UInt8(ascii: "-"),
            let unit = UInt16(String(decoding: hex, as: UTF8.self), radix: 16)
        else {
            throw fault("four hexadecimal digits were expected")
        }
        offset += 4
        return unit
    }

    // MARK: Steps

    private var here: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func peek() -> UInt8? {
        skipBlanks()
        return here
    }

    private mutating func skipBlanks() {
        while let byte = here, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    private mutating func take(_ byte: UInt8) throws(PriceImportFault) {
        guard byte == UInt8(ascii: "\"") ? here == byte : peek() == byte else {
            throw fault("\(Character(UnicodeScalar(byte))) was expected")
        }
        offset += 1
    }

    private func fault(_ reason: String) -> PriceImportFault { PriceImportFault(reason: reason, offset: offset) }
}
