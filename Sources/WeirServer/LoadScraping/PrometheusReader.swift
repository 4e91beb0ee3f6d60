/// Reads single metrics out of Prometheus' text format, version 0.0.4.
///
/// Strict: a line that is neither empty nor a comment nor a well-formed sample makes the whole text unreadable, so that a
/// page of something else is not taken for metrics. Of the samples that are not looked for, the number is not checked.
enum PrometheusReader {
    /// All samples of one metric, whatever their labels. Samples that are NaN or infinite are left out.
    struct Total: Equatable {
        var sum = 0.0
        /// 0 when every sample is below it.
        var highest = 0.0
        var count = 0
    }

    /// The totals of those of `names` that occur, by name; nil when the text is not in the format.
    static func totals(of names: [String], in text: [UInt8]) -> [String: Total]? {
        text.withUnsafeBufferPointer { bytes in
            var line = Line(bytes: bytes, at: 0, end: 0)
            var totals: [String: Total] = [:]
            let wanted = names.map { Array($0.utf8) }
            while line.advance() {
                line.skipSpace()
                if line.isAtEnd || line.here == UInt8(ascii: "#") { continue }
                guard let name = line.name(), line.labels(), let value = line.number() else { return nil }
                guard let index = wanted.firstIndex(where: { $0.elementsEqual(bytes[name]) }) else { continue }
                guard let number = Self.number(bytes[value]) else { return nil }
                guard number.isFinite else { continue }
                totals[names[index], default: Total()].add(number)
            }
            return totals
        }
    }

    /// As Go reads it, without its hexadecimal numbers and underscores.
    private static func number(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
        let text = String(decoding: bytes, as: UTF8.self)
        let isPlain = bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        if isPlain { return Double(text) }
        switch text.lowercased() {
        case "nan": return .nan
        case "inf", "+inf": return .infinity
        case "-inf": return -.infinity
        default: return nil
        }
    }

    /// A cursor within one line.
    private struct Line {
        let bytes: UnsafeBufferPointer<UInt8>
        var at: Int
        var end: Int
        var next = 0

        init(bytes: UnsafeBufferPointer<UInt8>, at: Int, end: Int) {
            self.bytes = bytes
            self.at = at
            self.end = end
        }

        var isAtEnd: Bool { at >= end }
        var here: UInt8 { at < end ? bytes[at] : 0 }

        /// Goes to the next line; false when there is none.
        mutating func advance() -> Bool {
            guard next < bytes.count else { return false }
            at = next
            end = at
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            next = end + 1
            return true
        }

        mutating func skipSpace() {
            while at < end, bytes[at] == UInt8(ascii: " ") || bytes[at] == UInt8(ascii: "\t") { at += 1 }
        }

        mutating func name() -> Range<Int>? {
            let start = at
            while at < end, Self.isNamePart(bytes[at], isFirst: at == start) { at += 1 }
            return at > start ? start..<at : nil
        }

        /// `{name="value",…}`, if there are any. False when they are malformed.
        mutating func labels() -> Bool {
            skipSpace()
            guard here == UInt8(ascii: "{") else { return true }
            at += 1
            while true {
                skipSpace()
                if take(UInt8(ascii: "}")) { return true }
                guard name() != nil else { return false }
                skipSpace()
                guard take(UInt8(ascii: "=")) else { return false }
                skipSpace()
                guard quoted() else { return false }
                skipSpace()
                guard take(UInt8(ascii: ",")) || here == UInt8(ascii: "}") else { return false }
            }
        }

        /// The value, with nothing behind it but a time stamp.
        mutating func number() -> Range<Int>? {
            skipSpace()
            let value = word()
            guard !value.isEmpty else { return nil }
            skipSpace()
            let stamp = word()
            skipSpace()
            let isStamp = bytes[stamp].enumerated().allSatisfy { offset, byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || offset == 0 && byte == UInt8(ascii: "-")
            }
            return isStamp && isAtEnd ? value : nil
        }

        private mutating func word() -> Range<Int> {
            let start = at
            while at < end, bytes[at] != UInt8(ascii: " "), bytes[at] != UInt8(ascii: "\t"),
                bytes[at] != UInt8(ascii: "\r")
            {
                at += 1
            }
            let found = start..<at
            if at == end - 1, bytes[at] == UInt8(ascii: "\r") { at = end }
            return found
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard here == byte, at < end else { return false }
            at += 1
            return true
        }

        private mutating func quoted() -> Bool {
            guard take(UInt8(ascii: "\"")) else { return false }
            while at < end {
                switch bytes[at] {
                case UInt8(ascii: "\""):
                    at += 1
                    return true
                case UInt8(ascii: "\\"): at += 2
                default: at += 1
                }
            }
            return false
        }

        private static func isNamePart(_ byte: UInt8, isFirst: Bool) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: ":"):
                true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
            default: false
            }
        }
    }
}

extension PrometheusReader.Total {
    fileprivate mutating func add(_ value: Double) {
        sum += value
        highest = max(highest, value)
        count += 1
    }
}
