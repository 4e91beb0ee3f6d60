/// A scalar's text, and what it means by the rules that PyYAML follows (YAML 1.1), so that a LiteLLM file means the same here.
///
/// It departs from them where they would turn what is plainly a number into text (`1e-6`, `-.5`, `0o17`), or a time of day into a
/// number (`12:30`); and dates are text, because JSON has none.
struct YAMLScalar: Sendable {
    enum Meaning: Sendable, Equatable {
        case null
        case flag(Bool)
        /// Valid JSON, with the digits as they were written where JSON allows them.
        case number(String)
        /// `.inf` and `.nan`, which JSON does not have.
        case notFinite
        case text
    }

    var text: String
    /// Written without quotes: it can mean something else than text.
    var isPlain: Bool
    /// The variable whose value this holds; such a value is not shown in messages.
    var variable: String?
    /// The variable is not set, which was noted: nothing more is to be said about this value.
    var isMissing = false

    var resolved: Meaning {
        guard isPlain else { return .text }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .flag(true)
        case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .flag(false)
        case ".nan", ".NaN", ".NAN": return .notFinite
        default: break
        }
        guard let first = text.utf8.first, first < 0x3A else { return .text }
        if ["inf", "Inf", "INF"].contains(where: { text.drop { "+-".contains($0) } == ".\($0)" }) { return .notFinite }
        return YAMLNumber.json(text).map(Meaning.number) ?? .text
    }

    /// For messages; never a value from the environment.
    var shown: String {
        if let variable { return "the value of \(variable)" }
        if text.isEmpty { return "an empty text" }
        let short = text.prefix(60)
        return "`\(short)\(short.endIndex == text.endIndex ? "" : "…")`"
    }
}
