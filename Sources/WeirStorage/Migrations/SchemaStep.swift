import WeirCore

/// One step of the schema.
package struct SchemaStep: Sendable, Hashable {
    package let number: Int
    package let name: String
    /// In order. Where the dialects differ, a word in braces stands for what each of them says: `{text}`, `{sequence}`, `{now}`, and
    /// `{member:name:}` for a member of the document.
    private let statements: [String]

    package init(_ number: Int, _ name: String, _ statements: [String]) {
        self.number = number
        self.name = name
        self.statements = statements
    }

    /// Of the text that is the same in both dialects: 16 hexadecimal digits.
    package var checksum: String { HexText.text(Digest64(of: statements.joined(separator: ";\n")).value) }

    func statements(_ dialect: SQLDialect) -> [String] {
        statements.map { statement in
            Self.words(dialect).reduce(statement) { $0.replacing($1.word, with: $1.meaning) }
        }
    }

    private static func words(_ dialect: SQLDialect) -> [(word: String, meaning: String)] {
        switch dialect {
        case .sqlite:
            [
                ("{text}", "TEXT"), ("{sequence}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
                ("{now}", "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"),
                ("{member:", "json_extract(document, '$."), (":}", "')"),
            ]
        case .postgres:
            [
                ("{text}", "TEXT COLLATE \"C\""),
                ("{sequence}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
                ("{now}", "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"),
                ("{member:", "(CAST(document AS JSON) ->> '"), (":}", "')"),
            ]
        }
    }
}
