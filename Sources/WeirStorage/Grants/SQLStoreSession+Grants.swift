import WeirAccess
import WeirCore

extension SQLStoreSession {
    /// A key that was replaced may itself take the place of one; no chain of more than this many is followed.
    private static let longestChain = 10

    /// Two statements for a key that names a budget somewhere, one for others, two for one that does not exist.
    func grant(of hash: String, at now: Int64) throws(StoreFault) -> GrantRecord? {
        var hash = hash
        var revokedAt: Int64?
        for _ in 0...Self.longestChain {
            if var record = try grant(ofKey: hash) {
                record.revokedAt = revokedAt
                return record
            }
            guard let retired = try entity(.retiredKeys, hash)?.document,
                let end = retired.int("revoke_at").map({ Int64($0) }), end > now, let next = retired.string("active")
            else { return nil }
            revokedAt = min(revokedAt ?? end, end)
            hash = next
        }
        return nil
    }

    private func grant(ofKey hash: String) throws(StoreFault) -> GrantRecord? {
        if hash.utf8.contains(0) { return nil }
        let columns = ["k", "t", "u", "o"].map(EntityTable.columns(of:)).joined(separator: ", ")
        // The primary key of each table.
        let rows = try query(
            """
            SELECT \(columns), m.role, m.document, m.spend
            FROM weir_keys AS k
            LEFT JOIN weir_teams AS t ON t.id = k.team_id
            LEFT JOIN weir_users AS u ON u.id = k.user_id
            LEFT JOIN weir_organizations AS o ON o.id = COALESCE(k.organization_id, t.organization_id)
            LEFT JOIN weir_team_members AS m ON m.owner_id = k.team_id AND m.user_id = k.user_id
            WHERE k.id = $1
            """, [.text(hash)])
        guard let row = rows.first else { return nil }
        var record = GrantRecord(key: try EntityTable(.keys).entity(from: row))
        record.team = try entity(.teams, row, at: 8)
        record.user = try entity(.users, row, at: 16)
        record.organization = try entity(.organizations, row, at: 24)
        if let role = row.text(32), let teamID = LookupField.teamID.value(of: record.key),
            let userID = LookupField.userID.value(of: record.key)
        {
            record.membership = Membership(
                owner: .team, ownerID: teamID, userID: userID, role: role, document: try row.document(33),
                spend: try row.money(34))
        }
        record.budgets = try budgets(of: record)
        return record
    }

    private func entity(_ kind: EntityKind, _ row: SQLRow, at first: Int) throws(StoreFault) -> Entity? {
        row.text(first) == nil ? nil : try EntityTable(kind).entity(from: row, at: first)
    }

    private func budgets(of record: GrantRecord) throws(StoreFault) -> [String: Entity] {
        let documents = [
            record.key.document, record.team?.document, record.user?.document, record.organization?.document,
            record.membership?.document,
        ]
        let ids = Set(documents.compactMap { $0?.string("budget_id") })
        let budgets = try entities(.budgets, ids: ids.sorted())
        return Dictionary(budgets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
