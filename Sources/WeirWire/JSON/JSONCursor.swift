import WeirCore

/// A place in a text that is being checked. Nesting is kept as one bit for each open bracket, so that no text can
/// exhaust the stack.
struct JSONCursor {
    private let base: UnsafePointer<UInt8>
    private let end: Int
    private let maximumDepth: Int
    private let takesEscapedKeys: Bool
    private var at = 0

    init(base: UnsafePointer<UInt8>, end: Int, maximumDepth: Int, takesEscapedKeys: Bool) {
        self.base = base
        self.end = end
        self.maximumDepth = maximumDepth
        self.takesEscapedKeys = takesEscapedKeys
    }

    mutating func object() throws(JSONViolation) -> [JSONMember] {
        skipSpace()
        guard at < end else { throw JSONViolation(.empty, at: at) }
        guard base[at] == UInt8(ascii: "{") else {
            let isMark = end - at >= 3 && base[at] == 0xEF && base[at + 1] == 0xBB && base[at + 2] == 0xBF
            throw JSONViolation(isMark ? .byteOrderMark : .notAnObject, at: at)
        }
        at &+= 1
        skipSpace()
        var members: [JSONMember] = []
        if at < end, base[at] == UInt8(ascii: "}") {
            at &+= 1
        } else {
            members.reserveCapacity(16)
            var keys = KeyRegister()
            while true {
                let keyStart = at &+ 1
                try key()
                let key = keyStart..<keyEnd
                try register(key, in: &keys, members)
                let valueStart = at
                try value()
                members.append(JSONMember(key: key, value: valueStart..<at))
                skipSpace()
                guard at < end else { throw JSONViolation(.truncated, at: at) }
                let byte = base[at]
                at &+= 1
                if byte == UInt8(ascii: ",") {
                    skipSpace()
                    continue
                }
                guard byte == UInt8(ascii: "}") else { throw JSONViolation(.expectedCommaOrEnd, at: at &- 1) }
                break
            }
        }
        skipSpace()
        guard at == end else { throw JSONViolation(.trailingBytes, at: at) }
        return members
    }

    /// Just behind the last byte of the key that was read last.
    private var keyEnd = 0

    /// Reads a key and its colon, up to the first byte of the value.
    @inline(__always)
    private mutating func key() throws(JSONViolation) {
        guard at < end, base[at] == UInt8(ascii: "\"") else {
            throw JSONViolation(at < end ? .expectedKey : .truncated, at: at)
        }
        try string()
        keyEnd = at &- 1
        skipSpace()
        guard at < end, base[at] == UInt8(ascii: ":") else {
            throw JSONViolation(at < end ? .expectedColon : .truncated, at: at)
        }
        at &+= 1
        skipSpace()
    }

    /// Reads one value of any kind; `at` stands on its first byte.
    private mutating func value() throws(JSONViolation) {
        var depth = 0
        // The newest 64 brackets, the innermost in the lowest bit (1 is an object); older ones in `outer`.
        var brackets: UInt64 = 0
        var outer: [UInt64] = []
        while true {
            guard at < end else { throw JSONViolation(.truncated, at: at) }
            let byte = base[at]
            switch byte {
            case UInt8(ascii: "\""):
                try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth < maximumDepth else { throw JSONViolation(.tooDeep(limit: maximumDepth + 1), at: at) }
                at &+= 1
                skipSpace()
                if at < end, base[at] == byte &+ 2 {  // the closing bracket is two behind the opening one
                    at &+= 1
                    break
                }
                if depth & 63 == 0, depth > 0 { outer.append(brackets) }
                depth &+= 1
                if byte == UInt8(ascii: "{") {
                    brackets = brackets &<< 1 | 1
                    try key()
                } else {
                    brackets = brackets &<< 1
                }
                continue
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                try number()
            default:
                try literal(byte)
            }
            closing: while true {
                if depth == 0 { return }
                skipSpace()
                guard at < end else { throw JSONViolation(.truncated, at: at) }
                let isObject = brackets & 1 == 1
                let byte = base[at]
                if byte == UInt8(ascii: ",") {
                    at &+= 1
                    skipSpace()
                    if isObject { try key() }
                    break closing
                }
                guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw JSONViolation(.expectedCommaOrEnd, at: at)
                }
                at &+= 1
                depth &-= 1
                brackets = depth & 63 == 0 && depth > 0 ? outer.removeLast() : brackets &>> 1
            }
        }
    }

    @inline(__always)
    private mutating func skipSpace() {
        while at < end {
            let byte = base[at]
            if byte > 0x20 || (byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09) { return }
            at &+= 1
        }
    }

    /// Reads a string; `at` stands on its first quote.
    @inline(__always)
    private mutating func string() throws(JSONViolation) {
        let next = StringScan.end(base, at &+ 1, end)
        guard next >= 0 else { throw brokenString(at: ~next) }
        at = next
    }

    private func brokenString(at offset: Int) -> JSONViolation {
        guard offset < end else { return JSONViolation(.truncated, at: end) }
        switch base[offset] {
        case 0x5C where offset + 1 >= end: return JSONViolation(.truncated, at: end)
        case 0x5C: return JSONViolation(.malformedEscape, at: offset)
        case 0x80...: return JSONViolation(.invalidUTF8, at: offset)
        default: return JSONViolation(.controlCharacter, at: offset)
        }
    }

    @inline(__always)
    private mutating func digits() -> Bool {
        let from = at
        while at < end, base[at] &- 0x30 < 10 { at &+= 1 }
        return at > from
    }

    private mutating func number() throws(JSONViolation) {
        let from = at
        if base[at] == UInt8(ascii: "-") { at &+= 1 }
        let first = at
        guard digits(), base[first] != UInt8(ascii: "0") || at == first &+ 1 else {
            throw JSONViolation(.malformedNumber, at: from)
        }
        if at < end, base[at] == UInt8(ascii: ".") {
            at &+= 1
            guard digits() else { throw JSONViolation(.malformedNumber, at: from) }
        }
        if at < end, base[at] | 0x20 == UInt8(ascii: "e") {
            at &+= 1
            if at < end, base[at] == UInt8(ascii: "+") || base[at] == UInt8(ascii: "-") { at &+= 1 }
            guard digits() else { throw JSONViolation(.malformedNumber, at: from) }
        }
    }

    private mutating func literal(_ byte: UInt8) throws(JSONViolation) {
        let text: StaticString =
            switch byte {
            case UInt8(ascii: "t"): "true"
            case UInt8(ascii: "f"): "false"
            case UInt8(ascii: "n"): "null"
            default: throw JSONViolation(byte | 0x20 &- 0x61 < 26 ? .malformedLiteral : .expectedValue, at: at)
            }
        let range = at..<at &+ text.utf8CodeUnitCount
        guard range.upperBound <= end, ByteRun.equals(base, range, text) else {
            throw JSONViolation(.malformedLiteral, at: at)
        }
        at = range.upperBound
    }

    /// Refuses a top-level key that was there before, or is written with escapes where none are taken.
    @inline(__always)
    private func register(
        _ key: Range<Int>, in keys: inout KeyRegister, _ members: [JSONMember]
    ) throws(JSONViolation) {
        for index in key where base[index] == UInt8(ascii: "\\") && !takesEscapedKeys {
            throw JSONViolation(.escapedKey(text(key)), at: key.lowerBound)
        }
        guard members.count < JSONScanner.maximumMembers else {
            throw JSONViolation(.tooManyMembers(limit: JSONScanner.maximumMembers), at: key.lowerBound)
        }
        guard keys.isNew(key, among: members, base) else {
            throw JSONViolation(.duplicateKey(text(key)), at: key.lowerBound)
        }
    }

    /// At most 64 bytes of a key, for a message.
    private func text(_ key: Range<Int>) -> String {
        let shown = UnsafeBufferPointer(start: base + key.lowerBound, count: min(key.count, 64))
        return String(decoding: shown, as: UTF8.self) + (key.count > 64 ? "…" : "")
    }
}
