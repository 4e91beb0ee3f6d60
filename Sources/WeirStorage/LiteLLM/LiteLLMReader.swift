package import WeirAccess
package import WeirCore
import WeirWire

/// Reads a LiteLLM database (PostgreSQL) of any version: only the columns that are there.
package struct LiteLLMReader: LiteLLMSource {
    private static let aliases = "LiteLLM_ModelTable"
    private static let permissions = "LiteLLM_ObjectPermissionTable"

    private let database: any SQLDatabase
    private let schema: String
    /// Of each table of LiteLLM's that may be read.
    private let columns: [String: Set<String>]

    /// Asks which tables and columns there are. `schema` is the one that the address names (Prisma's `?schema=`); nil for
    /// the connection's own. Throws `ImportFault` when there is no LiteLLM in it.
    package static func open(_ database: any SQLDatabase, schema: String? = nil) async throws -> LiteLLMReader {
        guard database.dialect == .postgres else { throw ImportFault("LiteLLM keeps its data in PostgreSQL only") }
        let found = try await database.read { session in
            // Served by pg_class's own indexes.
            let name = try schema ?? session.query("SELECT current_schema()::text").first?.text(0) ?? "public"
            let rows = try session.query(
                """
                SELECT table_name::text, column_name::text FROM information_schema.columns
                WHERE table_schema = $1 AND table_name LIKE 'LiteLLM%'
                """, [.text(name)])
            return (name, rows)
        }
        var columns: [String: Set<String>] = [:]
        for row in found.1 {
            if let table = row.text(0), let column = row.text(1) { columns[table, default: []].insert(column) }
        }
        guard columns[LiteLLMTable.keys.rawValue] != nil else {
            throw ImportFault(
                "there is no table LiteLLM_VerificationToken in the schema '\(found.0)' of this database, or it may not be "
                    + "read: check the address, its ?schema= and the rights of its user")
        }
        return LiteLLMReader(database: database, schema: found.0, columns: columns)
    }

    package func has(_ table: LiteLLMTable) -> Bool {
        columns[table.rawValue].map { $0.isSuperset(of: table.primaryKey) } ?? false
    }

    package func rows(
        of table: LiteLLMTable, after key: [String]?, limit: Int
    ) async throws -> [JSONObject] {
        let sql = statement(table, isFirst: key == nil, limit: limit)
        let texts = try await database.read { session in
            try session.query(sql, (key ?? []).map { .text($0) }).compactMap { $0.text(0) }
        }
        return try texts.map { text in
            do { return try JSONObject(reading: text) } catch {
                throw ImportFault("a row of \(table.rawValue) is no JSON that can be read: \(error)")
            }
        }
    }

    /// The database writes each row as JSON, so that every type has one text: numbers the shortest that gives them back,
    /// moments in ISO 8601. Served by the table's primary key.
    private func statement(_ table: LiteLLMTable, isFirst: Bool, limit: Int) -> String {
        let there = columns[table.rawValue] ?? []
        let taken = table.columns.filter(there.contains).map { "t.\(Self.quoted($0))" } + joined(table, there)
        let keys = table.primaryKey.map { "t.\(Self.quoted($0))" }.joined(separator: ", ")
        let places = table.primaryKey.indices.map { "$\($0 + 1)::text" }.joined(separator: ", ")
        let condition = isFirst ? "" : "WHERE (\(keys)) > (\(places))"
        return """
            SELECT row_to_json(r)::text FROM (
                SELECT \(taken.joined(separator: ", ")) FROM \(name(table.rawValue)) AS t
                \(condition) ORDER BY \(keys) LIMIT \(limit)
            ) AS r
            """
    }

    /// What other tables hold for a row, under the names of the API; each served by its table's primary key.
    private func joined(_ table: LiteLLMTable, _ there: Set<String>) -> [String] {
        var joined: [String] = []
        if there.contains("model_id"), table == .teams, columns[Self.aliases]?.contains("aliases") ?? false {
            joined.append(
                "(SELECT m.aliases FROM \(name(Self.aliases)) AS m WHERE m.id = t.model_id) AS model_aliases")
        }
        if there.contains("object_permission_id"), columns[Self.permissions] != nil {
            joined.append(
                "(SELECT row_to_json(o) FROM \(name(Self.permissions)) AS o "
                    + "WHERE o.object_permission_id = t.object_permission_id) AS object_permission")
        }
        return joined
    }

    private func name(_ table: String) -> String { "\(Self.quoted(schema)).\(Self.quoted(table))" }

    private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
