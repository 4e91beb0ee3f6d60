/// What the `Connection` fields of one head ask for (RFC 9110, section 7.6.1).
struct ConnectionOptions {
    var closes = false
    var keepsAlive = false
    /// Options other than `close` and `keep-alive`: the names of fields that belong to this connection only.
    var namesFields = false

    /// Takes one field's value in. Empty elements are skipped, as the list grammar wants it.
    mutating func add(_ bytes: UnsafePointer<UInt8>, _ value: Range<Int>) {
        ConnectionOptions.each(bytes, value) { option in
            if ASCII.equalText(bytes, option, "close") {
                closes = true
            } else if ASCII.equalText(bytes, option, "keep-alive") {
                keepsAlive = true
            } else {
                namesFields = true
            }
            return true
        }
    }

    /// `name` is one of the options in `value`.
    static func names(_ bytes: UnsafePointer<UInt8>, _ value: Range<Int>, _ name: Range<Int>) -> Bool {
        var found = false
        each(bytes, value) { option in
            found = option.count == name.count
            for index in 0..<option.count where found {
                let (left, right) = (bytes[option.lowerBound + index], bytes[name.lowerBound + index])
                found = left == right || left | 0x20 == right | 0x20 && ASCII.isLetter(left)
            }
            return !found
        }
        return found
    }

    /// Gives the elements of a list to `body` until it says false.
    @inline(__always)
    private static func each(_ bytes: UnsafePointer<UInt8>, _ value: Range<Int>, _ body: (Range<Int>) -> Bool) {
        var at = value.lowerBound
        while at < value.upperBound {
            var comma = at
            while comma < value.upperBound, bytes[comma] != UInt8(ascii: ",") { comma += 1 }
            let option = FieldLines.trimmed(bytes, at, comma)
            if !option.isEmpty, !body(option) { return }
            at = comma + 1
        }
    }
}
