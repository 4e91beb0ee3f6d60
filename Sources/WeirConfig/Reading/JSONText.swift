/// JSON text from YAML values.
enum JSONText {
    /// The value as JSON, in the order in which it was written. Nil, with a problem noted, where JSON has no such value.
    static func write(_ node: YAMLNode, _ log: ProblemLog) -> String? {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.resolved {
            case .null: return "null"
            case .flag(let flag): return flag ? "true" : "false"
            case .number(let number): return number
            case .text: return quoted(scalar.text)
            case .notFinite:
                log.error(node.place, "\(scalar.shown) cannot be sent: JSON has finite numbers only; write a number")
                return nil
            }
        case .list(let items):
            let parts = items.compactMap { write($0, log) }
            return parts.count == items.count ? "[" + parts.joined(separator: ",") + "]" : nil
        case .map(let members):
            let parts = fields(members, log)
            guard parts.count == members.count else { return nil }
            return "{" + parts.map { quoted($0.key) + ":" + $0.json }.joined(separator: ",") + "}"
        }
    }

    static func fields(_ members: [YAMLMember], _ log: ProblemLog) -> [JSONField] {
        members.compactMap { member in
            write(member.value, log).map { JSONField(key: member.key, json: $0) }
        }
    }

    /// A JSON string (RFC 8259, section 7).
    static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
