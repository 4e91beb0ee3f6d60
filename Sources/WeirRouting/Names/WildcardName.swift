/// A model name with `*` in it, such as `openai/*`: it stands for every name that fits.
package struct WildcardName: Sendable, Equatable {
    private let pieces: [[UInt8]]
    package let text: String

    /// Nil when `text` has no `*`.
    package init?(_ text: String) {
        guard text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        self.text = text
        pieces = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// What each `*` stands for in `name`, the first ones as much as they can; nil when the name does not fit.
    package func segments(of name: String) -> [String]? {
        let name = Array(name.utf8)
        let head = pieces[0].count
        guard name.starts(with: pieces[0]) else { return nil }
        // From the end, each piece as far to the right as it fits: so what stands before it is the most that it can be.
        var starts: [Int] = []
        var end = name.count
        for piece in pieces.dropFirst().reversed() {
            let found = starts.isEmpty ? end - piece.count : Self.findLast(piece, in: name[head..<end])
            guard let found, found >= head, name[found...].starts(with: piece) else { return nil }
            starts.append(found)
            end = found
        }
        starts.reverse()
        return starts.enumerated().map { number, end in
            let begin = number == 0 ? head : starts[number - 1] + pieces[number].count
            return String(decoding: name[begin..<end], as: UTF8.self)
        }
    }

    private static func findLast(_ piece: [UInt8], in name: ArraySlice<UInt8>) -> Int? {
        guard piece.count <= name.count else { return nil }
        return (name.startIndex...(name.endIndex - piece.count)).last { name[$0...].starts(with: piece) }
    }
}
