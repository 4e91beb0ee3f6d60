/// One thing that is wrong with a configuration, and what to do about it.
package struct ConfigProblem: Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable, Hashable {
        /// The configuration is not used.
        case error
        /// It is used, but some of it does not do what its author may think.
        case warning
    }

    package let severity: Severity
    package let file: String
    /// Counted from 1; 0 when the problem is not in a line.
    package let line: Int
    /// What is wrong and how to fix it. Never holds a value that could be a secret.
    package let message: String

    package init(_ severity: Severity, at place: SourceLocation, _ message: String) {
        self.severity = severity
        file = place.file
        line = place.line
        self.message = message
    }

    package var place: SourceLocation { SourceLocation(file: file, line: line) }

    /// `config.yaml:12: error: …`
    package var description: String { "\(place): \(severity.rawValue): \(message)" }
}
