import WeirAccess
import WeirCore

/// Values for the fields of forms: good ones, wrong ones, and those that are right and ugly.
enum NastyValues {
    static func sound(_ kind: FormField.Kind) -> JSONValue {
        switch kind {
        case .string, .longString: "some-thing"
        case .strings: ["some-thing"]
        case .count: 3
        case .money, .number: .number("1.5")
        case .bool: true
        case .object: ["a": 1]
        case .counts: ["a": 1]
        case .duration: "1d"
        case .moment: "2027-01-31T12:00:00Z"
        case .choice(let choices): .string(choices.first ?? "")
        case .list: []
        case .any: "some-thing"
        }
    }

    /// What cannot stand in such a field: refused with 422, whatever the office thinks.
    static func wrong(_ kind: FormField.Kind) -> [JSONValue] {
        let zero: JSONValue = "a\u{0}b"
        switch kind {
        case .string: return [5, true, [], [:], .string(String(repeating: "é", count: 4097)), zero]
        case .longString: return [5, true, [], [:], zero]
        case .strings: return [5, "a", [:], [1], [nil], [["a"]], .array([zero])]
        case .count:
            return [
                "a", "", -1, .number("1.5"), .number("1e13"), .number("1e999"), "1e3", "-1", true, [], [:],
            ]
        case .money:
            return ["a", "", .number("-0.01"), .number("1e10"), .number("1e99"), "1e3", true, [], [:]]
        case .number: return ["a", "", .number("1e20"), true, [], [:]]
        case .bool: return ["yes", "", 2, .number("0.5"), [], [:]]
        case .object: return [[], "a", 5, false, ["a": ["b": zero]], ["a\u{0}": 1]]
        case .counts: return [[], "a", 5, ["a": -1], ["a": "x"], ["a": nil], ["a": [:]]]
        case .duration: return ["", "5", "0s", "-1d", "1y", "1 d", "1000001s", "d", "１d", 5, [], zero]
        case .moment: return ["", "tomorrow", "2027-13-01", "2027-02-30", "1969-12-31", "2027-01-31T25:00:00Z", 5, []]
        case .choice: return ["none of these", "", 5, []]
        case .list: return [[:], "a", 5, .array([zero])]
        case .any: return [zero, .array([zero])]
        }
    }

    /// What a form takes, and an office may choke on.
    static func ugly(_ kind: FormField.Kind) -> [JSONValue] {
        let long = String(repeating: "x", count: 4096)
        let texts: [String] = [
            "", " ", long, "'; DROP TABLE keys; --", "\" OR 1=1", "../../etc/passwd", "%00", "\u{1F30A}\u{202E}",
            "null",
            "sk-", "*", "all-team-models", "\n\r\t", "{\"a\":", "\\u0000", "proxy_admin",
        ]
        switch kind {
        case .string, .longString: return texts.map { .string($0) } + [.null]
        case .strings:
            return texts.map { [.string($0)] } + [
                .null, [], ["a", "a"], .strings((0..<2000).map { "m\($0)" }), .array(Array(repeating: "", count: 50)),
            ]
        case .count: return [.null, 0, 1, "7", .number("12.0"), .number("1e12"), .number("-0")]
        case .money: return [.null, 0, .number("1e9"), .number("5e-324"), .number("0.30000000000000004"), "0.1"]
        case .number: return [.null, 0, .number("-1e12"), .number("1e-400")]
        case .bool: return [.null, true, false, "True", 0]
        case .object, .any:
            let names = texts.map { JSONObject.Member($0, .string($0)) }
            return [
                .null, [:], .object(JSONObject(names)), deep(50), ["tags": 5, "a": [nil]], ["tags": ["a"], "model": 7],
                ["budget_limit": "x", "time_period": 5], ["gpt": ["budget_limit": "x", "time_period": 5]],
            ]
        case .counts: return [.null, [:], ["": 1], ["a": "2", "b": .number("1e12")]]
        case .duration: return [.null, "1s", "1000000mo", "1000000w", "0000001d"]
        case .moment: return [.null, "1970-01-01", "9999-12-31T23:59:59.999999-23:59", "1970-01-01T00:00:00+23:59"]
        case .choice(let choices): return [.null] + choices.map { .string($0) }
        case .list:
            return [
                .null, [], [nil], [1, "a", [], [:]], [[:]], [["role": "admin"]], [["user_id": 5, "role": []]],
                [["budget_duration": 5, "max_budget": "x"]], .array(Array(repeating: [:], count: 200)),
            ]
        }
    }

    private static func deep(_ depth: Int) -> JSONValue {
        (0..<depth).reduce(JSONValue.string("bottom")) { value, _ in .object(["a": value]) }
    }
}
