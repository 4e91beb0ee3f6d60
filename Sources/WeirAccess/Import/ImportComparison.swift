import WeirCore

/// Whether two documents say the same, however a database ordered their members and wrote their numbers.
enum ImportComparison {
    static func areEqual(_ left: JSONObject, _ right: JSONObject) -> Bool {
        guard left.members.count == right.members.count else { return false }
        let others = Dictionary(right.members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        return left.members.allSatisfy { member in others[member.name].map { areEqual(member.value, $0) } ?? false }
    }

    static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.object(let left), .object(let right)): areEqual(left, right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { areEqual($0.0, $0.1) }
        case (.number(let left), .number(let right)): left == right || number(left) == number(right)
        default: left == right
        }
    }

    /// Numbers that cannot be read are equal only when they are written alike.
    private static func number(_ text: String) -> JSONValue {
        DecimalText.scaled(text, decimals: 18).map { .int($0) } ?? .string(text)
    }
}
