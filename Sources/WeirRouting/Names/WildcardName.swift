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

    /// How much of a name is fixed: of two patterns that fit, the one with more fixed bytes is the nearer.
    package var specificity: Int { pieces.reduce(0) { $0 + $1.count } }

    /// What the first `*` stands for in `name`; nil when the name does not fit.
    package func match(_ name: String) -> String? {
        let name = Array(name.utf8)
        guard name.starts(with: pieces[0]) else { return nil }
        var at = pieces[0].count
        var captured: Range<Int>?
        for (number, piece) in pieces.dropFirst().enumerated() {
            let isLast = number == pieces.count - 2
            let found = isLast ? name.count - piece.count : Self.find(piece, in: name, from: at)
            guard let found, found >= at, name[found...].starts(with: piece) else { return nil }
            if captured == nil { captured = at..<found }
            at = found + piece.count
        }
        return captured.map { String(decoding: name[$0], as: UTF8.self) }
    }

    private static func find(_ piece: [UInt8], in name: [UInt8], from start: Int) -> Int? {
        guard start + piece.count <= name.count else { return nil }
        return (start...(name.count - piece.count)).first { name[$0...].starts(with: piece) }
    }
}
