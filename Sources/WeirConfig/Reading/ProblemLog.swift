/// Gathers what is found while a configuration is read, so that all of it can be told at once.
final class ProblemLog {
    private var problems: [ConfigProblem] = []
    private var known: Set<ConfigProblem> = []
    private var fileOrder: [String: Int] = [:]
    /// Unknown keys and references to nothing are errors.
    let isStrict: Bool

    init(strict: Bool) { isStrict = strict }

    /// Problems of this file are listed after those of files that were opened before.
    func opened(_ file: String) {
        if fileOrder[file] == nil { fileOrder[file] = fileOrder.count }
    }

    func error(_ place: SourceLocation, _ message: String) {
        add(ConfigProblem(.error, at: place, message))
    }

    func warning(_ place: SourceLocation, _ message: String) {
        add(ConfigProblem(.warning, at: place, message))
    }

    /// A warning that strict reading does not forgive.
    func doubt(_ place: SourceLocation, _ message: String) {
        add(ConfigProblem(isStrict ? .error : .warning, at: place, message))
    }

    var hasErrors: Bool { problems.contains { $0.severity == .error } }

    var sorted: [ConfigProblem] {
        problems.enumerated().sorted { left, right in
            let files = (fileOrder[left.element.file] ?? .max, fileOrder[right.element.file] ?? .max)
            return (files.0, left.element.line, left.offset) < (files.1, right.element.line, right.offset)
        }.map(\.element)
    }

    private func add(_ problem: ConfigProblem) {
        if known.insert(problem).inserted { problems.append(problem) }
    }
}
