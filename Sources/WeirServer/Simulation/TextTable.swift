/// Columns of text, as wide as they need to be: numbers to the right, words to the left.
package struct TextTable {
    private var rows: [[String]]

    package init(_ titles: [String]) { rows = [titles] }

    package mutating func add(_ row: [String]) { rows.append(row) }

    /// Lines without trailing blanks, each with a line feed.
    package var text: String {
        let count = rows[0].count
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let isNumber = (0..<count).map { column in
            rows.dropFirst().allSatisfy { $0[column].first.map { $0.isNumber || $0 == "$" || $0 == "-" } ?? true }
        }
        return rows.map { row in
            var line = "  "
            for (column, cell) in row.enumerated() {
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                line += isNumber[column] ? gap + cell : cell + gap
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
