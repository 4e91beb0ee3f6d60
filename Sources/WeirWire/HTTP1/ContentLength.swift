/// The value of `Content-Length`.
enum ContentLength {
    /// 1 to 18 digits and nothing else: no sign, no list, no white space. 18 digits cannot overflow.
    @inline(__always)
    static func read(_ bytes: UnsafePointer<UInt8>, _ value: Range<Int>) throws(HTTPViolation) -> Int {
        guard value.count &- 1 < 18, !value.isEmpty else { throw .malformed(.lengthInvalid) }
        var number = 0
        for index in value {
            guard ASCII.isDigit(bytes[index]) else { throw .malformed(.lengthInvalid) }
            number = number &* 10 &+ Int(bytes[index] &- 0x30)
        }
        return number
    }
}
