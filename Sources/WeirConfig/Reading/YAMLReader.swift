import Yams

/// YAML text to values with their places. The only file that knows the parser.
struct YAMLReader {
    /// Values in one file, with aliases unfolded: a handful of lines can otherwise unfold to billions.
    static let valueLimit = 200_000
    /// Mappings and lists inside each other.
    static let depthLimit = 100

    private let file: String
    private let log: ProblemLog
    private var values = 0

    /// The file's top mapping; empty for an empty file. Nil, with the problem noted, when it cannot be read.
    static func read(_ bytes: [UInt8], file: String, _ log: ProblemLog) -> [YAMLMember]? {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let place = SourceLocation(file: file, line: lineOfInvalidText(bytes))
            log.error(place, "is not UTF-8 text: save the file as UTF-8")
            return nil
        }
        if let line = lineOfDeepNesting(bytes) {
            let place = SourceLocation(file: file, line: line)
            log.error(
                place, "more than \(depthLimit) levels inside each other: flatten the file, or close the brackets above"
            )
            return nil
        }
        var repeated = RepeatedKeys(file: file, text: text)
        var root: Node?
        while true {
            do throws(any Error) {
                // Without rules: what a scalar means is decided by `YAMLScalar`, not by the parser.
                root = try Yams.compose(yaml: repeated.text, .basic, .default, .utf8)
                break
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                guard repeated.renameNext(keys.first ?? "", line: context.mark.line, column: context.mark.column, log)
                else {
                    return nil
                }
            } catch {
                note(error, file, log)
                return nil
            }
        }
        var reader = YAMLReader(file: file, log: log)
        guard let root else { return [] }
        guard let node = reader.convert(root, depth: 0) else { return nil }
        if node.isNull { return [] }
        guard let members = node.map else {
            log.error(node.place, "a configuration is a mapping with keys such as `model_list:`, not \(node.described)")
            return nil
        }
        return members
    }

    private init(file: String, log: ProblemLog) {
        self.file = file
        self.log = log
    }

    // MARK: Values

    /// Nil once a limit is passed.
    private mutating func convert(_ node: Node, depth: Int) -> YAMLNode? {
        let place = SourceLocation(file: file, line: node.mark?.line ?? 0)
        values += 1
        guard values <= YAMLReader.valueLimit else {
            log.error(place, "more than \(YAMLReader.valueLimit) values: split the file, or use fewer aliases")
            return nil
        }
        guard depth < YAMLReader.depthLimit else {
            log.error(place, "more than \(YAMLReader.depthLimit) levels inside each other: flatten the file")
            return nil
        }
        switch node {
        case .scalar(let scalar):
            // An explicit tag (`!!str 12`) and quotes both say that it is text.
            let isPlain = (scalar.style == .plain || scalar.style == .any) && scalar.tag.description.isEmpty
            return YAMLNode(content: .scalar(YAMLScalar(text: scalar.string, isPlain: isPlain)), place: place)
        case .sequence(let sequence):
            var items: [YAMLNode] = []
            for item in sequence {
                guard let value = convert(item, depth: depth + 1) else { return nil }
                items.append(value)
            }
            return YAMLNode(content: .list(items), place: place)
        case .mapping(let mapping):
            return members(of: mapping, place, depth).map { YAMLNode(content: .map($0), place: place) }
        case .alias:
            return YAMLNode(content: .scalar(YAMLScalar(text: "", isPlain: true)), place: place)
        }
    }

    private mutating func members(of mapping: Node.Mapping, _ place: SourceLocation, _ depth: Int) -> [YAMLMember]? {
        var own: [YAMLMember] = []
        var merged: [YAMLMember] = []
        for (key, value) in mapping {
            let keyPlace = SourceLocation(file: file, line: key.mark?.line ?? place.line)
            guard let name = key.scalar else {
                log.error(keyPlace, "a key must be text: put quotes around `{{ … }}` or render the template first")
                continue
            }
            if RepeatedKeys.isRenamed(name.string) { continue }
            guard let converted = convert(value, depth: depth + 1) else { return nil }
            if name.string == "<<", name.style == .plain {
                merged += mergeSources(converted).flatMap { $0 }
            } else {
                own.append(YAMLMember(key: name.string, keyPlace: keyPlace, value: converted))
            }
        }
        var seen = Set(own.map(\.key))
        for member in merged where seen.insert(member.key).inserted { own.append(member) }
        return own
    }

    private func mergeSources(_ node: YAMLNode) -> [[YAMLMember]] {
        let sources = (node.list ?? [node]).map(\.map)
        if sources.contains(where: { $0 == nil }) {
            log.error(node.place, "`<<` takes a mapping or a list of mappings, not \(node.described)")
        }
        return sources.compactMap { $0 }
    }

    // MARK: Errors

    private static func note(_ error: any Error, _ file: String, _ log: ProblemLog) {
        guard let error = error as? YamlError else {
            log.error(SourceLocation(file: file, line: 1), "is not readable as YAML")
            return
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            var message = "is not valid YAML: \(problem)"
            if let context, context.mark.line != mark.line {
                message += " \(context.text) that begins in line \(context.mark.line)"
            }
            let inBraces = context?.text.contains("flow mapping") == true
            let hint = inBraces ? "; inside braces put quotes around a value such as \"${NAME}\"" : advice(problem)
            log.error(SourceLocation(file: file, line: mark.line), message + hint)
        case .reader(let problem, let offset, _, let text):
            let before = text.prefix(offset ?? 0)
            let line = 1 + before.utf8.count { $0 == UInt8(ascii: "\n") }
            log.error(SourceLocation(file: file, line: line), "is not valid YAML: \(problem); remove the character")
        default:
            log.error(SourceLocation(file: file, line: 1), "is not readable as YAML")
        }
    }

    private static func advice(_ problem: String) -> String {
        if problem.contains("cannot start any token") {
            return "; indent with spaces instead of tabs, and put quotes around a value that begins with @, ` or %"
        }
        if problem.contains("mapping values are not allowed") {
            return "; put quotes around a value that holds `: `, or check the indentation"
        }
        if problem.contains("undefined alias") { return "; put quotes around a value that begins with *" }
        if problem.contains("another document") { return "; keep one document, without a second `---`" }
        if problem.contains("end of stream") || problem.contains("unexpected end") {
            return "; close the quote or bracket"
        }
        return "; check the indentation, the quotes and the brackets"
    }

    /// The parser calls itself for each level, so that a file of nothing but brackets would exhaust the stack. Counts brackets,
    /// also those in texts, and the columns before a line's first word: both are far beyond what anybody writes.
    private static func lineOfDeepNesting(_ bytes: [UInt8]) -> Int? {
        var line = 1
        var open = 0
        var margin = 0
        var isMargin = true
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(open - 1, 0)
            case UInt8(ascii: "\n"):
                line += 1
                margin = 0
                isMargin = true
                continue
            default: break
            }
            isMargin = isMargin && " -?:".utf8.contains(byte)
            if isMargin { margin += 1 }
            if open > 4 * depthLimit || margin > 4 * depthLimit { return line }
        }
        return nil
    }

    private static func lineOfInvalidText(_ bytes: [UInt8]) -> Int {
        var line = 1
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if String(validating: part, as: UTF8.self) == nil { return line }
            line += 1
        }
        return line
    }
}
