/// What came out of reading a configuration: the document, and everything that was found on the way.
package struct ConfigReading: Sendable {
    /// Nil when there is at least one error.
    package let document: ConfigDocument?
    /// Sorted by file (in the order of their reading) and line.
    package let problems: [ConfigProblem]
    /// What was in the files when they were read.
    package let fingerprint: ConfigFingerprint

    package init(document: ConfigDocument?, problems: [ConfigProblem], fingerprint: ConfigFingerprint) {
        self.document = document
        self.problems = problems
        self.fingerprint = fingerprint
    }

    /// Every file that was read or asked for: the main file first, then includes. Known also when there are errors, so that
    /// a mended file is noticed.
    package var files: [String] { fingerprint.files }
    package var errors: [ConfigProblem] { problems.filter { $0.severity == .error } }
    package var warnings: [ConfigProblem] { problems.filter { $0.severity == .warning } }
}
