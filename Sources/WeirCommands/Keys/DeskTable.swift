import WeirCore
import WeirServer
import WeirWire

/// Answers as people read them.
enum DeskTable {
    /// A column: its title, and the members that its cell is taken from, the first that is there.
    struct Column {
        let title: String
        let names: [String]

        init(_ title: String, _ names: String...) {
            self.title = title
            self.names = names
        }
    }

    /// A table with a row for each object.
    static func text(_ rows: [JSONObject], _ columns: [Column]) -> String {
        var table = TextTable(columns.map(\.title))
        for row in rows {
            table.add(columns.map { column in column.names.lazy.compactMap { row.value($0) }.first.map(cell) ?? "" })
        }
        return table.text
    }

    /// Members one below the other; what is empty is left out.
    static func text(_ object: JSONObject) -> String {
        let shown = object.members.filter { !isEmpty($0.value) }
        let width = shown.map(\.name.count).max() ?? 0
        return shown.map { member in
            "  \(member.name)\(String(repeating: " ", count: width - member.name.count))  \(cell(member.value))\n"
        }.joined()
    }

    static func cell(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): printable(text)
        case .array(let values) where values.allSatisfy { $0.string != nil }:
            printable(values.compactMap(\.string).joined(separator: ", "))
        case .bool(let flag): flag ? "yes" : "no"
        default: JSONWriter.text(of: value)
        }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let values): values.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .number: false
        }
    }

    /// Without what would steer a terminal: names come from whoever made the key.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: Unicode.Scalar(0x20)
                    default: scalar
                    }
                }))
    }

    /// The answer, as `--json` or for people.
    static func show(_ answer: JSONValue, json: Bool, _ people: () -> String) {
        print(json ? JSONWriter.text(of: answer) : people(), terminator: json ? "\n" : "")
    }
}
