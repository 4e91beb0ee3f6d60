/// Puts the values of environment variables in place of the references to them.
///
/// `os.environ/NAME` is a reference when it is a whole value (LiteLLM's form; the result is text). `${NAME}` and
/// `${NAME:-default}` may also be a part of a value; where it is the whole of an unquoted value, the result means what it would
/// mean if it stood in the file. `$${` is a literal `${`. A variable that is set to nothing is nothing, which is no error.
struct EnvironmentReferences {
    let environment: [String: String]
    let log: ProblemLog

    private static let litellmPrefix = "os.environ/"

    func resolve(_ members: [YAMLMember]) -> [YAMLMember] {
        members.map { member in
            var member = member
            if member.key.contains("${") {
                member.key = expand(YAMLScalar(text: member.key, isPlain: false), member.keyPlace).text
            }
            member.value = resolve(member.value)
            return member
        }
    }

    func resolve(_ node: YAMLNode) -> YAMLNode {
        var node = node
        switch node.content {
        case .scalar(let scalar): node.content = .scalar(resolve(scalar, node.place))
        case .list(let items): node.content = .list(items.map(resolve))
        case .map(let members): node.content = .map(resolve(members))
        }
        return node
    }

    private func resolve(_ scalar: YAMLScalar, _ place: SourceLocation) -> YAMLScalar {
        if scalar.text.hasPrefix(EnvironmentReferences.litellmPrefix) {
            let name = String(scalar.text.dropFirst(EnvironmentReferences.litellmPrefix.count))
            let value = look(name, place)
            return YAMLScalar(text: value ?? "", isPlain: false, variable: name, isMissing: value == nil)
        }
        return scalar.text.contains("${") ? expand(scalar, place) : scalar
    }

    private func expand(_ scalar: YAMLScalar, _ place: SourceLocation) -> YAMLScalar {
        var out = ""
        var rest = scalar.text[...]
        var variable: String?
        var isWhole = true
        var isMissing = false
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            if before.last == "$" {
                out += before.dropLast() + "${"
                rest = rest[start.upperBound...]
                isWhole = false
                continue
            }
            out += before
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                log.warning(place, "`${` without a closing brace is taken as text: close it, or write `$${`")
                out += rest[start.lowerBound...]
                return YAMLScalar(text: out, isPlain: false, variable: variable)
            }
            let inside = rest[start.upperBound..<end]
            let name = inside.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            let after = inside[name.endIndex...]
            if name.isEmpty || name.first?.isNumber == true || !(after.isEmpty || after.hasPrefix(":-")) {
                log.warning(
                    place, "`${\(inside)}` names no variable and is taken as text: write `$${` if that is meant")
                out += rest[start.lowerBound...end]
                isWhole = false
            } else {
                if !before.isEmpty { isWhole = false }
                let value = value(String(name), fallback: after.isEmpty ? nil : after.dropFirst(2), place)
                out += value ?? ""
                isMissing = isMissing || value == nil
                variable = String(name)
            }
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { isWhole = false }
        let isPlain = scalar.isPlain && (isWhole || variable == nil)
        return YAMLScalar(text: out + rest, isPlain: isPlain, variable: variable, isMissing: isMissing)
    }

    /// As in a shell, the default also stands in for an empty value.
    private func value(_ name: String, fallback: Substring?, _ place: SourceLocation) -> String? {
        guard let fallback else { return look(name, place) }
        guard let value = environment[name], !value.isEmpty else { return String(fallback) }
        return value
    }

    private func look(_ name: String, _ place: SourceLocation) -> String? {
        if let value = environment[name] { return value }
        log.error(
            place,
            "the environment variable \(name) is not set: set it (it may be empty), or write `${\(name):-default}`"
        )
        return nil
    }
}
