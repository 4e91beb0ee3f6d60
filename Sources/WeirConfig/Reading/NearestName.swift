/// Finds the name that was probably meant.
enum NearestName {
    /// The name with the fewest edits from `name`, if they are few for its length: 1 up to 4 characters, 2 up to 8, else 3,
    /// and never all of it.
    static func of(_ name: String, among names: some Sequence<String>, limit: Int? = nil) -> String? {
        let wanted = Array(name.lowercased().utf8)
        let limit = min(limit ?? (wanted.count <= 4 ? 1 : wanted.count <= 8 ? 2 : 3), wanted.count - 1)
        var best: (name: String, distance: Int)?
        for candidate in names {
            let letters = Array(candidate.lowercased().utf8)
            guard abs(letters.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, letters)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                var least = min(last[column + 1] + 1, current[column] + 1)
                least = min(least, last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, before[column - 1] + 1)
                }
                current.append(least)
            }
            before = last
            last = current
        }
        return last[right.count]
    }
}
