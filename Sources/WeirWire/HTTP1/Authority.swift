/// `host[:port]` as `Host` and request targets carry it.
enum Authority {
    /// The host is a name of letters, digits, `-`, `.`, `_` and `~`, an IPv4 address, or an IPv6 address in brackets; the
    /// port, if any, is 1 to 5 digits. RFC 3986 allows more in names (percent-encoding, ``!$&'()*+,;=``); no host is
    /// called so, and what is not accepted here cannot be read in two ways later. User information is never accepted.
    static func isValid(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, needsPort: Bool = false) -> Bool {
        var at = range.lowerBound
        let end = range.upperBound
        guard at < end else { return false }
        if bytes[at] == UInt8(ascii: "[") {
            at += 1
            let start = at
            var hasColon = false
            while at < end, isAddressByte(bytes[at]) {
                hasColon = hasColon || bytes[at] == ASCII.colon
                at += 1
            }
            guard hasColon, at - start <= 45, at < end, bytes[at] == UInt8(ascii: "]") else { return false }
            at += 1
        } else {
            let start = at
            while at < end, isNameByte(bytes[at]) { at += 1 }
            guard at > start else { return false }
        }
        if at == end { return !needsPort }
        guard bytes[at] == ASCII.colon, (1...5).contains(end - at - 1) else { return false }
        return (at + 1..<end).allSatisfy { ASCII.isDigit(bytes[$0]) }
    }

    @inline(__always)
    private static func isNameByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    @inline(__always)
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || (byte | 0x20) &- 0x61 < 6 || byte == ASCII.colon || byte == UInt8(ascii: ".")
    }
}
