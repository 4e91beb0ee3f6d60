package import WeirCore

extension Form {
    package struct Filled: Sendable, Hashable {
        /// Nulls are kept: in an update they take a setting away.
        package var values: JSONObject
        /// Members that the form does not know.
        package var unknown: [String]
    }

    /// Checks a body. Throws `OfficeFault.form` with every problem.
    package func read(_ body: JSONObject) throws(OfficeFault) -> Filled {
        var filled = Filled(values: JSONObject(), unknown: [])
        var problems: [OfficeFault.Problem] = []
        let known = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for member in body.members {
            guard let field = known[member.name] else {
                if isOpen {
                    if case .problem(let kind, let message) = FieldCheck.kept(member) {
                        problems.append(.init(member.name, kind, message))
                    } else {
                        filled.values[member.name] = member.value
                    }
                } else {
                    filled.unknown.append(member.name)
                }
                continue
            }
            switch FieldCheck.check(member.value, field.kind) {
            case .value("") where field.isRequired && field.kind == .string:
                problems.append(.init(field.name, "string_too_short", "String should have at least 1 character"))
            case .value(let value): filled.values[member.name] = value
            case .problem(let kind, let message): problems.append(.init(field.name, kind, message))
            }
        }
        for field in fields
        where field.isRequired && filled.values.value(field.name) == nil
            && !problems.contains(where: { $0.field == field.name })
        {
            problems.append(.init(field.name, "missing", "Field required"))
        }
        guard problems.isEmpty else { throw .form(problems) }
        return filled
    }
}

/// Whether a value can stand in a field, and what it is then.
package enum FieldCheck {
    enum Outcome {
        case value(JSONValue)
        case problem(kind: String, message: String)
    }

    /// Greatest count that a field takes: 10¹².
    package static let greatestCount = 1_000_000_000_000
    /// Longest text, in Unicode scalars, as JSON Schema counts them.
    package static let stringLength = 4096
    package static let longStringLength = 1 << 20
    package static let listLength = 10_000

    /// A member that no field names, in a form that is open.
    static func kept(_ member: JSONObject.Member) -> Outcome {
        unstorable(.string(member.name)) ?? check(member.value, .any)
    }

    static func check(_ value: JSONValue, _ kind: FormField.Kind) -> Outcome {
        if value.isNull { return .value(.null) }
        if let problem = unstorable(value) { return problem }
        switch kind {
        case .string: return text(value, limit: stringLength)
        case .longString: return text(value, limit: longStringLength)
        case .strings:
            guard let strings = value.strings else {
                return .problem(kind: "list_type", message: "Input should be a list of strings")
            }
            guard strings.count <= listLength, strings.allSatisfy({ fits($0, stringLength) }) else {
                return .problem(
                    kind: "too_long", message: "at most \(listLength) strings of \(stringLength) characters each")
            }
            return .value(value)
        case .count: return count(value)
        case .money: return money(value)
        case .number:
            guard let text = numberText(value), let number = DecimalText.scaled(text, decimals: 18, excess: .round),
                number.magnitude <= Int128(greatestCount).magnitude * Money.scale.magnitude
            else {
                return .problem(
                    kind: "float_parsing",
                    message: "Input should be a number from -\(greatestCount) to \(greatestCount)")
            }
            return .value(.number(text))
        case .bool:
            if value.bool != nil { return .value(value) }
            switch value {
            case "true", "True", 1: return .value(true)
            case "false", "False", 0: return .value(false)
            default: return .problem(kind: "bool_parsing", message: "Input should be a valid boolean")
            }
        case .object:
            return value.object == nil
                ? .problem(kind: "dict_type", message: "Input should be a valid dictionary") : .value(value)
        case .counts: return counts(value)
        case .duration:
            guard let text = value.string, DurationText(text) != nil else {
                return .problem(
                    kind: "value_error", message: "Input should be a duration such as 30s, 15m, 12h, 30d, 2w or 1mo")
            }
            return .value(value)
        case .moment:
            guard let text = value.string, let moment = MomentText.microseconds(text) else {
                return .problem(
                    kind: "datetime_parsing", message: "Input should be a moment such as 2027-01-31T12:00:00Z")
            }
            return .value(.int(moment))
        case .choice(let choices):
            guard let text = value.string, choices.contains(text) else {
                return .problem(kind: "enum", message: "Input should be one of \(choices.joined(separator: ", "))")
            }
            return .value(value)
        case .list:
            return value.array == nil
                ? .problem(kind: "list_type", message: "Input should be a valid list") : .value(value)
        case .any: return .value(value)
        }
    }

    private static func text(_ value: JSONValue, limit: Int) -> Outcome {
        guard let text = value.string else {
            return .problem(kind: "string_type", message: "Input should be a valid string")
        }
        guard fits(text, limit) else {
            return .problem(kind: "string_too_long", message: "String should have at most \(limit) characters")
        }
        return .value(value)
    }

    private static func fits(_ text: String, _ limit: Int) -> Bool {
        text.utf8.count <= limit || text.unicodeScalars.count <= limit
    }

    private static func count(_ value: JSONValue) -> Outcome {
        guard let text = numberText(value), let number = JSONValue.number(text).int else {
            return .problem(kind: "int_parsing", message: "Input should be a valid integer")
        }
        guard (0...greatestCount).contains(number) else {
            return .problem(
                kind: "value_error", message: "Input should be between 0 and \(greatestCount), it is \(number)")
        }
        return .value(.int(number))
    }

    private static func money(_ value: JSONValue) -> Outcome {
        // Fractions of floats go beyond what is counted: the nearest attodollar is meant.
        guard let text = numberText(value), let number = DecimalText.scaled(text, decimals: 18, excess: .round) else {
            return .problem(kind: "float_parsing", message: "Input should be a number of dollars")
        }
        let money = Money(attodollars: number)
        guard money >= .zero else {
            return .problem(kind: "greater_than_equal", message: "Input should be 0 or more dollars")
        }
        guard money <= greatestMoney else {
            return .problem(kind: "less_than_equal", message: "Input should be at most 1000000000 dollars")
        }
        return .value(.money(money))
    }

    /// 10⁹ dollars: nothing is left out of what a store counts in nanodollars.
    private static let greatestMoney = Money(attodollars: Money.scale * 1_000_000_000)

    private static func counts(_ value: JSONValue) -> Outcome {
        guard let object = value.object else {
            return .problem(kind: "dict_type", message: "Input should be a dictionary of names and numbers")
        }
        for member in object.members {
            if case .problem(let kind, let message) = count(member.value) {
                return .problem(kind: kind, message: "\(member.name): \(message)")
            }
        }
        return .value(value)
    }

    /// A number, or a string that holds one in plain digits.
    private static func numberText(_ value: JSONValue) -> String? {
        switch value {
        case .number(let text): text
        case .string(let text) where isPlain(text): text
        default: nil
        }
    }

    /// At most 12 digits, and 18 behind a point; no exponent.
    private static func isPlain(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.utf8.dropFirst() : text.utf8[...]
        let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        return zip(parts, [1...12, 1...18]).allSatisfy { part, length in
            length.contains(part.count) && part.allSatisfy { (48...57).contains($0) }
        }
    }

    /// U+0000 cannot be kept by PostgreSQL, so it is kept nowhere.
    private static func unstorable(_ value: JSONValue) -> Outcome? {
        switch value {
        case .string(let text) where text.utf8.contains(0):
            return .problem(kind: "value_error", message: "the character U+0000 cannot be stored")
        case .array(let values): return values.lazy.compactMap(unstorable).first
        case .object(let object):
            return object.members.lazy.compactMap { unstorable(.string($0.name)) ?? unstorable($0.value) }.first
        default: return nil
        }
    }
}
