/// A place in a JSON text that is looked through without being checked: for replies of upstreams, and for values that were
/// checked before.
///
/// Never reads outside its range, never recurses, takes time linear in the bytes it passes; on text that is not JSON it
/// stops or finds nothing.
struct JSONSkimmer {
    let base: UnsafePointer<UInt8>
    let end: Int
    var at: Int

    /// Nil when the range is empty or not inside the bytes.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        guard let base = bytes.baseAddress, range.lowerBound >= 0, range.upperBound <= bytes.count, !range.isEmpty
        else { return nil }
        self.base = base.assumingMemoryBound(to: UInt8.self)
        end = range.upperBound
        at = range.lowerBound
    }

    @inline(__always)
    mutating func skipSpace() {
        while at < end, base[at] <= 0x20 { at &+= 1 }
    }

    /// The next byte that is not white space, 0 at the end.
    @inline(__always)
    mutating func peek() -> UInt8 {
        skipSpace()
        return at < end ? base[at] : 0
    }

    /// Takes `byte` if it comes next.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        at &+= 1
        return true
    }

    /// Passes a string; `at` stands on its first quote.
    @inline(__always)
    mutating func string() -> Bool {
        at &+= 1
        while true {
            at = ByteRun.quoteOrBackslash(base, at, end)
            guard at < end else { return false }
            if base[at] == 0x22 {
                at &+= 1
                return true
            }
            at = min(at &+ 2, end)
        }
    }

    /// Passes one value; `at` stands on its first byte. False when the text ends before it.
    mutating func value() -> Bool {
        guard at < end else { return false }
        let byte = base[at]
        if byte == 0x22 { return string() }
        if byte | 0x20 == 0x7B { return container() }
        let from = at
        while at < end {
            let byte = base[at]
            if byte <= 0x20 || byte == 0x2C || byte | 0x20 == 0x7D { break }
            at &+= 1
        }
        return at > from
    }

    private mutating func container() -> Bool {
        var depth = 0
        while true {
            at = ByteRun.quoteOrBracket(base, at, end)
            guard at < end else { return false }
            let byte = base[at]
            if byte == 0x22 {
                guard string() else { return false }
            } else {
                at &+= 1
                depth &+= byte | 0x20 == 0x7B ? 1 : -1
                if depth <= 0 { return true }
            }
        }
    }

    /// The key of an object's next member without its quotes, leaving `at` on the first byte of its value; nil at the end
    /// of the object, which is passed, and when the text goes wrong.
    @inline(__always)
    mutating func nextKey() -> Range<Int>? {
        var byte = peek()
        if byte == 0x2C {
            at &+= 1
            byte = peek()
        }
        guard byte == 0x22 else {
            if byte == 0x7D { at &+= 1 }
            return nil
        }
        let start = at &+ 1
        guard string() else { return nil }
        let key = start..<at &- 1
        guard take(0x3A) else { return nil }
        skipSpace()
        return key
    }

    /// Stands on the first byte of an array's next element; false at the end of the array, which is passed, and when the
    /// text goes wrong.
    @inline(__always)
    mutating func nextElement() -> Bool {
        var byte = peek()
        if byte == 0x2C {
            at &+= 1
            byte = peek()
        }
        if byte == 0x5D { at &+= 1 }
        return byte != 0 && byte | 0x20 != 0x7D && byte != 0x2C
    }

    @inline(__always)
    func isKey(_ key: Range<Int>, _ name: StaticString) -> Bool { ByteRun.equals(base, key, name) }

    /// The value at `range` says nothing: null, an empty string, array or object (written without spaces).
    @inline(__always)
    func isEmpty(_ range: Range<Int>) -> Bool {
        range.count <= 2 || ByteRun.equals(base, range, "null")
    }
}
