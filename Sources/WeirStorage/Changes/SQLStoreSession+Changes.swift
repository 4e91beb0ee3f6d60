import WeirAccess

extension SQLStoreSession {
    /// Tells the other replicas. The moment is the database's own, the same clock for all of them.
    func note(_ kind: String, _ id: String) throws(StoreFault) {
        try execute("INSERT INTO weir_changes (kind, id) VALUES ($1, $2)", [.text(kind), .text(id)])
    }

    func changes(after sequence: Int64, limit: Int) throws(StoreFault) -> [Change]? {
        // Primary key, at both ends.
        let ends = try query("SELECT COALESCE(min(seq), 1), COALESCE(max(seq), 0) FROM weir_changes")
        guard let ends = ends.first else { throw .broken("an aggregate without a row") }
        let (first, last) = (try ends.neededInt(0), try ends.neededInt(1))
        guard sequence >= first - 1, sequence <= last else { return nil }
        // Primary key.
        let rows = try query(
            "SELECT seq, kind, id FROM weir_changes WHERE seq > $1 ORDER BY seq LIMIT $2",
            [.int(sequence), .int(Int64(max(0, limit)))])
        var changes: [Change] = []
        for row in rows {
            changes.append(
                Change(
                    sequence: try row.neededInt(0), kind: try row.neededText(1), id: try row.neededText(2)))
        }
        return changes
    }

    func lastChange() throws(StoreFault) -> Int64 {
        // Primary key.
        let rows = try query("SELECT COALESCE(max(seq), 0) FROM weir_changes")
        return try rows.first?.neededInt(0) ?? 0
    }

    /// The last change always stays: it tells how far the numbers have come.
    func pruneChanges(before moment: Int64) throws(StoreFault) {
        // Primary key: the table holds little more than what may stay.
        try execute(
            "DELETE FROM weir_changes WHERE at < $1 AND seq < (SELECT max(seq) FROM weir_changes)", [.int(moment)])
    }
}
