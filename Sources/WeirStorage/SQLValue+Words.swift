import WeirAccess
import WeirCore
import WeirWire

extension SQLValue {
    /// Null for nil.
    static func text(orNull text: String?) -> SQLValue { text.map { .text($0) } ?? .null }

    /// Whole nanodollars, the nearest ones, within ±9.2 billion dollars.
    static func nanodollars(_ money: Money) -> SQLValue {
        let unit: Int128 = 1_000_000_000
        let (whole, rest) = money.attodollars.quotientAndRemainder(dividingBy: unit)
        let step: Int128 = rest.magnitude * 2 >= unit.magnitude ? (rest < 0 ? -1 : 1) : 0
        return .int(Int64(clamping: whole + step))
    }

    static func json(_ document: JSONObject) -> SQLValue { .text(JSONWriter.text(of: .object(document))) }

    /// A list of texts as one value, for lists that are too long for a parameter each.
    static func json(_ texts: [String]) -> SQLValue { .text(JSONWriter.text(of: .strings(texts))) }
}

extension SQLRow {
    /// Moving a request's member into another makes a document deeper than a request may be.
    private static let depth = 128

    func neededText(_ index: Int) throws(StoreFault) -> String {
        guard let text = text(index) else { throw .broken("column \(index) holds no text") }
        return text
    }

    func neededInt(_ index: Int) throws(StoreFault) -> Int64 {
        guard let number = int(index) else { throw .broken("column \(index) holds no number") }
        return number
    }

    func money(_ index: Int) throws(StoreFault) -> Money {
        Money(attodollars: Int128(try neededInt(index)) * 1_000_000_000)
    }

    func document(_ index: Int) throws(StoreFault) -> JSONObject {
        let text = try neededText(index)
        do {
            return try JSONObject(reading: text, maximumDepth: Self.depth)
        } catch {
            throw .broken("column \(index) holds no document: \(error.sentence)")
        }
    }
}
