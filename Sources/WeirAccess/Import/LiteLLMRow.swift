import WeirCore
import WeirWire

/// A row of LiteLLM's, read member by member. What had to be changed to be taken is told in `notes`.
struct LiteLLMRow {
    let table: LiteLLMTable
    let columns: JSONObject
    private(set) var notes: [String] = []

    init(_ table: LiteLLMTable, _ columns: JSONObject) {
        self.table = table
        self.columns = columns
    }

    mutating func note(_ sentence: String) { notes.append(sentence) }

    /// A text that must be there.
    func required(_ name: String) throws(ImportFault) -> String {
        guard let text = columns.string(name), !text.isEmpty else { throw ImportFault("its \(name) is empty") }
        return text
    }

    /// The members that are carried as they are; what is not set, or empty, is left out.
    mutating func document() throws(ImportFault) -> JSONObject {
        var document = JSONObject()
        for member in LiteLLMMembers.of(table) { document[member.name] = try value(member) }
        return document
    }

    /// To the nanodollar; LiteLLM keeps a binary fraction, whose shortest decimal text is meant.
    func spend() throws(ImportFault) -> Money {
        guard let value = columns.value("spend") else { return .zero }
        guard case .number(let text) = value,
            let nanodollars = DecimalText.scaled(text, decimals: 9, excess: .round),
            (0...Int128(Int64.max)).contains(nanodollars)
        else { throw ImportFault("its spend is no number of dollars that can be kept: \(JSONWriter.text(of: value))") }
        return Money(attodollars: nanodollars * 1_000_000_000)
    }

    /// Microseconds since 1970 UTC; nil where there is none.
    func moment(_ name: String) throws(ImportFault) -> Int64? {
        guard let value = columns.value(name), value != "infinity" else { return nil }
        guard let text = value.string, let moment = MomentText.microseconds(text) else {
            throw ImportFault("its \(name) is no moment between 1970 and 9999: \(JSONWriter.text(of: value))")
        }
        return moment
    }

    private mutating func value(_ member: LiteLLMMembers.Member) throws(ImportFault) -> JSONValue? {
        guard let value = columns.value(member.name) else { return nil }
        switch member.kind {
        case .text:
            guard let text = value.string else { throw wrong(member, "text") }
            if text.isEmpty { return nil }
            return value
        case .count:
            guard let number = value.int else { throw wrong(member, "whole number") }
            return .int(notNegative(number, member))
        case .money: return try money(value, member)
        case .moment: return try moment(member.name).map { .int($0) }
        case .flag:
            guard value.bool != nil else { throw wrong(member, "boolean") }
            return value
        case .texts:
            guard let values = value.array else { throw wrong(member, "list of texts") }
            let texts = values.compactMap(\.string)
            if texts.isEmpty { return nil }
            return .strings(texts)
        case .json: return Self.unwrapped(value)
        }
    }

    private mutating func money(_ value: JSONValue, _ member: LiteLLMMembers.Member) throws(ImportFault) -> JSONValue? {
        if value == "Infinity" { return nil }
        guard case .number(let text) = value, let scaled = DecimalText.scaled(text, decimals: 18, excess: .round),
            abs(scaled) <= Money.scale * 1_000_000_000_000_000
        else { throw wrong(member, "number of dollars") }
        if scaled < 0 { return .money(Money(attodollars: Int128(notNegative(-1, member)))) }
        return .money(Money(attodollars: scaled))
    }

    /// A limit below zero lets nothing pass in LiteLLM; here 0 says so.
    private mutating func notNegative(_ number: Int, _ member: LiteLLMMembers.Member) -> Int {
        guard number < 0 else { return number }
        note("its \(member.name) is below zero and was taken as 0, which lets nothing pass")
        return 0
    }

    private func wrong(_ member: LiteLLMMembers.Member, _ what: String) -> ImportFault {
        ImportFault("its \(member.name) is no \(what)")
    }

    /// Some versions kept a JSON value as a JSON text within the JSON column.
    static func unwrapped(_ value: JSONValue) -> JSONValue? {
        if case .string(let text) = value, let object = try? JSONObject(reading: text) {
            return unwrapped(.object(object))
        }
        let isEmpty =
            switch value {
            case .null: true
            case .string(let text): text.isEmpty
            case .object(let object): object.isEmpty
            case .array(let values): values.isEmpty
            case .bool, .number: false
            }
        if isEmpty { return nil }
        return value
    }
}
