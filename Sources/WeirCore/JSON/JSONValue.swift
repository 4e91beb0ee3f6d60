/// A JSON value as a word of the house: what management requests carry and stores keep. Never on the way of a model call.
package indirect enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The number as it was written, so that money stays exact.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    package static func int(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }
    /// Dollars, with the `.0` that a float has in LiteLLM's answers.
    package static func money(_ value: Money) -> JSONValue {
        let text = value.description
        return .number(text.contains(".") ? text : text + ".0")
    }
    package static func strings(_ values: some Sequence<String>) -> JSONValue { .array(values.map { .string($0) }) }

    package var isNull: Bool { self == .null }

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }
    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
    package var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }
    /// The strings of a list of strings; nil when it is none, or holds anything else.
    package var strings: [String]? {
        guard let values = array else { return nil }
        let texts = values.compactMap(\.string)
        return texts.count == values.count ? texts : nil
    }
    /// A whole number, `12.0` included.
    package var int: Int? {
        guard case .number(let text) = self else { return nil }
        if let number = Int(text) { return number }
        guard let scaled = DecimalText.scaled(text, decimals: 18), scaled % Money.scale == 0 else { return nil }
        return Int(exactly: scaled / Money.scale)
    }
    package var money: Money? {
        if case .number(let text) = self { Money(text) } else { nil }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .number(String(value)) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { .init($0.0, $0.1) }))
    }
}
