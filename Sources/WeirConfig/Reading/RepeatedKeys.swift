/// Keys that a mapping has twice. The parser stops at the first of them; here each is reported with both lines and given
/// another name in the text, so that reading goes on and finds the rest.
struct RepeatedKeys {
    private static let mark = "weir.repeated."

    let file: String
    private(set) var text: String
    private var renamed = 0

    init(file: String, text: String) {
        self.file = file
        self.text = text
    }

    static func isRenamed(_ key: String) -> Bool { key.hasPrefix(mark) }

    /// Notes the problem and renames the next place below `line` where the same mapping has `key` again. False when that place
    /// was not found (a mapping in braces): reading cannot go on.
    mutating func renameNext(_ key: String, line: Int, column: Int, _ log: ProblemLog) -> Bool {
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
        guard renamed < 100, line > 0, let second = find(key, in: lines, below: line, indent: column - 1) else {
            let place = SourceLocation(file: file, line: line)
            log.error(place, "the key `\(key)` is written twice in this mapping: remove one of them")
            return false
        }
        let place = SourceLocation(file: file, line: second + 1)
        log.error(place, "the key `\(key)` was already written in line \(line): remove one of the two")
        var scalars = Array(lines[second].unicodeScalars)
        let quoted = scalars[column - 1] == "\"" || scalars[column - 1] == "'"
        scalars.insert(contentsOf: "\(RepeatedKeys.mark)\(renamed).".unicodeScalars, at: column - 1 + (quoted ? 1 : 0))
        var patched = String.UnicodeScalarView()
        patched.append(contentsOf: scalars)
        lines[second] = String(patched)
        text = lines.joined(separator: "\n")
        renamed += 1
        return true
    }

    private func find(_ key: String, in lines: [String], below line: Int, indent: Int) -> Int? {
        for number in line..<max(lines.count, line) {
            let content = lines[number].drop { $0 == " " }
            guard let first = content.first, first != "#", first != "\r" else { continue }
            let depth = lines[number].utf8.count - content.utf8.count
            if depth < indent { return nil }
            guard depth == indent else { continue }
            for form in [key, "\"\(key)\"", "'\(key)'"] where content.hasPrefix(form) {
                if content.dropFirst(form.count).drop(while: { $0 == " " }).first == ":" { return number }
            }
        }
        return nil
    }
}
