/// Names that somebody may have meant.
enum NearNames {
    /// At most three of `names`, nearest first: those within a third of the name's length by edit distance, or that
    /// contain it. Looks at no more than the first 64 bytes of a name and at 2,000 names, so that a wrong name stays cheap.
    static func of(_ name: String, among names: [String]) -> [String] {
        let wanted = Array(name.lowercased().utf8.prefix(64))
        guard !wanted.isEmpty else { return [] }
        return names.prefix(2000).compactMap { candidate -> (String, Int)? in
            let other = Array(candidate.lowercased().utf8.prefix(64))
            let distance = distance(wanted, other)
            let isNear = distance <= max(2, wanted.count / 3) || contains(other, wanted) || contains(wanted, other)
            return isNear ? (candidate, distance) : nil
        }.sorted { $0.1 < $1.1 }.prefix(3).map(\.0)
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count >= 3, part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }

    /// Levenshtein's edit distance, row by row.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (line, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in 0..<right.count {
                let cost = byte == right[column] ? diagonal : diagonal + 1
                diagonal = row[column + 1]
                row[column + 1] = min(cost, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
