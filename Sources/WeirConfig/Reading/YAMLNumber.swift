/// Numbers as YAML 1.1 writes them, turned into JSON's form.
enum YAMLNumber {
    /// `1_000` → `1000`, `.5` → `0.5`, `5.` → `5`, `+1` → `1`, `0x1F` → `31`, `017` → `15`, `0b11` → `3`; what JSON would accept is left
    /// as it stands. Nil when it is no number.
    static func json(_ text: String) -> String? {
        var rest = text.utf8[...]
        var sign = ""
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            if first == UInt8(ascii: "-") { sign = "-" }
            rest = rest.dropFirst()
        }
        guard let first = rest.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
        let body = String(decoding: rest.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        if let value = radixed(body) { return sign + value }
        return decimal(body).map { sign + $0 }
    }

    /// A whole number written in any of these forms, or as text in JSON's form (`1e3` is not one).
    static func whole(_ text: String) -> Int? { json(text).flatMap { Int($0) } }

    /// For messages: without a fraction where there is none.
    static func shown(_ number: Double) -> String { Int(exactly: number).map { String($0) } ?? "\(number)" }

    private static func radixed(_ body: String) -> String? {
        let (digits, radix): (Substring, Int)
        if body.hasPrefix("0x") || body.hasPrefix("0X") {
            (digits, radix) = (body.dropFirst(2), 16)
        } else if body.hasPrefix("0b") {
            (digits, radix) = (body.dropFirst(2), 2)
        } else if body.hasPrefix("0o") {
            (digits, radix) = (body.dropFirst(2), 8)
        } else if body.hasPrefix("0"), body.utf8.count > 1, body.utf8.allSatisfy({ $0 >= 0x30 && $0 < 0x38 }) {
            (digits, radix) = (body.dropFirst(), 8)
        } else {
            return nil
        }
        guard digits.first?.isHexDigit == true else { return nil }
        return UInt128(digits, radix: radix).map { String($0) }
    }

    private static func decimal(_ body: String) -> String? {
        var rest = body.utf8[...]
        let whole = take(&rest)
        var fraction = ""
        var exponent = ""
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = take(&rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            exponent = String(UnicodeScalar(mark))
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                exponent += String(UnicodeScalar(sign))
                rest = rest.dropFirst()
            }
            let digits = take(&rest)
            guard !digits.isEmpty else { return nil }
            exponent += digits
        }
        guard rest.isEmpty else { return nil }
        // `089` is neither octal nor decimal: an identifier, most likely.
        if fraction.isEmpty, exponent.isEmpty, whole.count == body.utf8.count, whole.count > 1, whole.hasPrefix("0") {
            return nil
        }
        let trimmed = whole.drop { $0 == "0" }
        return (trimmed.isEmpty ? "0" : String(trimmed)) + (fraction.isEmpty ? "" : "." + fraction) + exponent
    }

    private static func take(_ rest: inout Substring.UTF8View.SubSequence) -> String {
        let digits = rest.prefix(while: isDigit)
        rest = rest[digits.endIndex...]
        return String(decoding: digits, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
