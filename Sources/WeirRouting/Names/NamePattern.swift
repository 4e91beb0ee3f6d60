import WeirCore

/// A model's name in the configuration that stands for many: with `*` in it (`openai/*`), or a regular expression (`^gpt-4`).
enum NamePattern: Sendable {
    case wildcard(WildcardName)
    case expression(NameExpression)

    /// Nil for a plain name.
    init?(_ text: String) {
        if text.utf8.first == UInt8(ascii: "^"), let expression = try? NameExpression(text) {
            self = .expression(expression)
        } else if let wildcard = WildcardName(text) {
            self = .wildcard(wildcard)
        } else {
            return nil
        }
    }

    /// Whether it stands for `name`.
    func fits(_ name: String) -> Bool {
        switch self {
        case .wildcard(let wildcard): wildcard.segments(of: name) != nil
        case .expression(let expression): expression.matches(name)
        }
    }

    /// The upstream's name for `name`, as with LiteLLM: each `*` of `model` takes what the next star or group stands for; all
    /// of the name goes there when there are fewer stars than that. Nil when the name does not fit.
    func upstreamName(for name: String, in model: String) -> String? {
        let segments =
            switch self {
            case .wildcard(let wildcard): wildcard.segments(of: name)
            case .expression(let expression): expression.segments(of: name)
            }
        guard let segments else { return nil }
        let parts = model.split(separator: "*", omittingEmptySubsequences: false)
        guard segments.count < parts.count else { return name }
        var text = String(parts[0])
        for (number, part) in parts.dropFirst().enumerated() {
            text += number < segments.count ? segments[number] : "*"
            text += part
        }
        return text
    }

    /// Of two that fit, the more specific one serves, by LiteLLM's measure: the longer regular expression, and of those with
    /// equal length the one with more signs. A wildcard is taken as the expression that LiteLLM makes of it: `(.*)` for each
    /// star, and `\` before each sign that has a meaning.
    var specificity: (length: Int, signs: Int) {
        let expression =
            switch self {
            case .expression(let expression): Array(expression.text.utf8)
            case .wildcard(let wildcard): Self.escaped(wildcard.text)
            }
        return (expression.count, expression.count(where: Self.counted.contains))
    }

    private static let counted = Set(#"*+?\^$|()"#.utf8)
    /// What Python's `re.escape` puts a backslash before.
    private static let meaningful = Set("()[]{}?*+-|^$\\.&~# \t\n\r\u{0B}\u{0C}".utf8)

    private static func escaped(_ text: String) -> [UInt8] {
        text.utf8.flatMap { byte -> [UInt8] in
            if byte == UInt8(ascii: "*") { return Array("(.*)".utf8) }
            return meaningful.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }
}
