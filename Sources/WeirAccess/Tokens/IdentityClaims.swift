import WeirCore

/// What a token says of the one who shows it.
struct IdentityClaims: Sendable, Hashable {
    /// 9999-12-31.
    private static let lastSecond: Int64 = 253_402_300_799

    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    /// The claim with this name, or at this path; nil for null.
    func value(_ path: String?) -> JSONValue? {
        guard let path, !path.isEmpty else { return nil }
        if let value = object.value(path) { return value }
        var value = JSONValue.object(object)
        for name in Self.names(of: path) {
            guard let next = value.object?.value(name) else { return nil }
            value = next
        }
        return value
    }

    /// A string, or a whole number as one; nil for anything else, and for an empty string.
    func text(_ path: String?) -> String? {
        let value = value(path)
        guard let text = value?.string ?? value?.int.map({ String($0) }), !text.isEmpty else { return nil }
        return text
    }

    /// A string, or a list of strings; what is none is left out.
    func texts(_ path: String?) -> [String] {
        switch value(path) {
        case .string(let text): [text]
        case .array(let values): values.compactMap(\.string)
        default: []
        }
    }

    /// Words of `scope`, or of `scp`, with spaces between, or as a list.
    var scopes: [String] {
        let given = texts("scope")
        return (given.isEmpty ? texts("scp") : given).flatMap { $0.split(separator: " ").map(String.init) }
    }

    /// Whole seconds since 1970; a fraction is cut off.
    func moment(_ name: String) -> Int64? {
        guard case .number(let text)? = object.value(name),
            let scaled = DecimalText.scaled(text, decimals: 6, excess: .round)
        else { return nil }
        return Int64(exactly: scaled / 1_000_000).flatMap { (0...Self.lastSecond).contains($0) ? $0 : nil }
    }

    /// Split at dots; `\.` is a dot in a name.
    private static func names(of path: String) -> [String] {
        var names = [""]
        var isEscaped = false
        for character in path {
            switch character {
            case "\\" where !isEscaped: isEscaped = true
            case "." where !isEscaped: names.append("")
            default:
                if isEscaped, character != ".", character != "\\" { names[names.count - 1].append("\\") }
                names[names.count - 1].append(character)
                isEscaped = false
            }
        }
        return names
    }
}
