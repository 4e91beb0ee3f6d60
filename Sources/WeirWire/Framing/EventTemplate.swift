import WeirCore

/// An event that was read, with holes where its texts stood: what comes after it in a stream of tokens mostly differs there
/// and nowhere else, and then says the same to the relay.
///
/// Holes are the strings inside `choices[].delta`, `choices[].text` and the top-level `obfuscation` (padding of
/// random length that OpenAI adds). Nothing that the relay reads after the first token stands in one of them.
struct EventTemplate {
    /// More holes than these are not worth following.
    private static let maximumHoles = 8

    private let text: [UInt8]
    /// What stands before, between and behind the holes.
    private let pieces: [Range<Int>]
    /// Where a value of the event stands that is to be replaced: before the first hole, or behind the last.
    private let edit: Edit

    private enum Edit {
        case none
        /// Counted from the event's first byte.
        case fromStart(Range<Int>)
        /// Counted from behind its last byte; negative.
        case fromEnd(Range<Int>)
    }

    /// Nil when the event has no hole, or the value between two.
    ///
    /// - Parameters:
    ///   - event: one line of data, of JSON, and the blank line behind it.
    ///   - data: where its data stands.
    ///   - edit: where in the event the value stands that is to be replaced in each such event, if any.
    init?(_ event: UnsafeRawBufferPointer, data: Range<Int>, edit: Range<Int>?) {
        guard event.last == 0x0A, let holes = Self.holes(event, data), let first = holes.first, let last = holes.last
        else { return nil }
        switch edit {
        case nil: self.edit = .none
        case let edit? where edit.upperBound <= first.lowerBound: self.edit = .fromStart(edit)
        case let edit? where edit.lowerBound >= last.upperBound:
            self.edit = .fromEnd(edit.lowerBound - event.count..<edit.upperBound - event.count)
        default: return nil
        }
        var pieces: [Range<Int>] = []
        var from = 0
        for hole in holes {
            pieces.append(from..<hole.lowerBound)
            from = hole.upperBound
        }
        pieces.append(from..<event.count)
        self.pieces = pieces
        text = Array(event)
    }

    /// The index behind the event that starts at `start` when it is like this one; nil otherwise, also when its end has not
    /// come.
    func end(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        text.withUnsafeBufferPointer { text in
            guard let own = text.baseAddress else { return nil }
            var at = start
            var isFirst = true
            for piece in pieces {
                if !isFirst {
                    while true {
                        at = ByteRun.unquoted(base, at, end)
                        guard at < end, base[at] >= 0x20 else { return nil }
                        if base[at] == 0x22 { break }
                        at &+= 2
                        guard at < end else { return nil }
                    }
                }
                isFirst = false
                let count = piece.upperBound &- piece.lowerBound
                guard end &- at >= count, ByteRun.equals(base + at, own + piece.lowerBound, count) else { return nil }
                at &+= count
            }
            return at
        }
    }

    /// Where the value to be replaced stands in an event like this one.
    @inline(__always)
    func edit(in event: Range<Int>) -> Range<Int>? {
        switch edit {
        case .none: nil
        case .fromStart(let place): event.lowerBound + place.lowerBound..<event.lowerBound + place.upperBound
        case .fromEnd(let place): event.upperBound + place.lowerBound..<event.upperBound + place.upperBound
        }
    }

    // MARK: Holes

    private static func holes(_ event: UnsafeRawBufferPointer, _ data: Range<Int>) -> [Range<Int>]? {
        guard var text = JSONSkimmer(event, data), text.take(UInt8(ascii: "{")) else { return nil }
        var holes: [Range<Int>] = []
        while let key = text.nextKey() {
            if text.isKey(key, "choices"), text.take(UInt8(ascii: "[")) {
                while text.nextElement() {
                    guard text.take(UInt8(ascii: "{")) else { return nil }
                    guard addHoles(ofChoice: &text, &holes) else { return nil }
                }
                continue
            }
            let start = text.at
            guard text.value() else { return nil }
            if text.isKey(key, "obfuscation"), event[start] == 0x22 { holes.append(start + 1..<text.at - 1) }
        }
        return holes.count <= maximumHoles ? holes : nil
    }

    private static func addHoles(ofChoice text: inout JSONSkimmer, _ holes: inout [Range<Int>]) -> Bool {
        while let key = text.nextKey() {
            let start = text.at
            guard text.value() else { return false }
            if text.isKey(key, "delta") {
                addStrings(text, start..<text.at, &holes)
            } else if text.isKey(key, "text"), text.base[start] == 0x22 {
                holes.append(start + 1..<text.at - 1)
            }
        }
        return true
    }

    /// The texts of all strings in `value` that are not keys.
    private static func addStrings(_ text: JSONSkimmer, _ value: Range<Int>, _ holes: inout [Range<Int>]) {
        var text = text
        text.at = value.lowerBound
        while text.at < value.upperBound {
            text.at = ByteRun.quoteOrBracket(text.base, text.at, value.upperBound)
            guard text.at < value.upperBound else { return }
            guard text.base[text.at] == 0x22 else {
                text.at += 1
                continue
            }
            let start = text.at + 1
            guard text.string() else { return }
            let string = start..<text.at - 1
            if text.peek() != UInt8(ascii: ":") { holes.append(string) }
        }
    }
}
