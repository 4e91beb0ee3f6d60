import WeirAccess
import WeirCore

extension SQLStoreSession {
    func members(_ owner: Membership.Owner, of ownerID: String) throws(StoreFault) -> [Membership] {
        if ownerID.utf8.contains(0) { return [] }
        // Primary key.
        return try memberships(
            owner,
            query(
                """
                SELECT owner_id, user_id, role, document, spend FROM \(Self.table(owner))
                WHERE owner_id = $1 ORDER BY user_id
                """, [.text(ownerID)]))
    }

    func memberships(_ owner: Membership.Owner, ofUser userID: String) throws(StoreFault) -> [Membership] {
        if userID.utf8.contains(0) { return [] }
        // weir_<owner>_members_user.
        return try memberships(
            owner,
            query(
                """
                SELECT owner_id, user_id, role, document, spend FROM \(Self.table(owner))
                WHERE user_id = $1 ORDER BY owner_id
                """, [.text(userID)]))
    }

    func membership(
        _ owner: Membership.Owner, _ ownerID: String, user userID: String
    ) throws(StoreFault) -> Membership? {
        if ownerID.utf8.contains(0) || userID.utf8.contains(0) { return nil }
        // Primary key.
        return try memberships(
            owner,
            query(
                """
                SELECT owner_id, user_id, role, document, spend FROM \(Self.table(owner))
                WHERE owner_id = $1 AND user_id = $2
                """, [.text(ownerID), .text(userID)])
        ).first
    }

    func put(_ membership: Membership) throws(StoreFault) {
        guard LookupField.fits(membership.ownerID), LookupField.fits(membership.userID) else {
            throw .unfit(.users, nil)
        }
        // Primary key.
        try execute(
            """
            INSERT INTO \(Self.table(membership.owner)) (owner_id, user_id, role, document, spend)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (owner_id, user_id)
            DO UPDATE SET role = excluded.role, document = excluded.document, spend = excluded.spend
            """,
            [
                .text(membership.ownerID), .text(membership.userID), .text(membership.role),
                .json(membership.document), .nanodollars(membership.spend),
            ])
        try note("\(membership.owner.rawValue)_members", membership.userID)
    }

    @discardableResult
    func remove(_ owner: Membership.Owner, _ ownerID: String, user userID: String) throws(StoreFault) -> Bool {
        if ownerID.utf8.contains(0) || userID.utf8.contains(0) { return false }
        // Primary key.
        let removed = try execute(
            "DELETE FROM \(Self.table(owner)) WHERE owner_id = $1 AND user_id = $2", [.text(ownerID), .text(userID)])
        guard removed > 0 else { return false }
        try note("\(owner.rawValue)_members", userID)
        return true
    }

    /// Those that go with the teams, organisations or users that `chosen` selects. No notes of their own: what they belong to
    /// has one.
    func deleteMemberships(of kind: EntityKind, _ chosen: String, _ values: [SQLValue]) throws(StoreFault) {
        // Primary key, or weir_<owner>_members_user.
        switch kind {
        case .teams: try execute("DELETE FROM \(Self.table(.team)) WHERE owner_id IN (\(chosen))", values)
        case .organizations:
            try execute("DELETE FROM \(Self.table(.organization)) WHERE owner_id IN (\(chosen))", values)
        case .users:
            for owner in Membership.Owner.allCases {
                try execute("DELETE FROM \(Self.table(owner)) WHERE user_id IN (\(chosen))", values)
            }
        default: break
        }
    }

    private static func table(_ owner: Membership.Owner) -> String { "weir_\(owner.rawValue)_members" }

    private func memberships(_ owner: Membership.Owner, _ rows: [SQLRow]) throws(StoreFault) -> [Membership] {
        var memberships: [Membership] = []
        for row in rows {
            memberships.append(
                Membership(
                    owner: owner, ownerID: try row.neededText(0), userID: try row.neededText(1),
                    role: try row.neededText(2), document: try row.document(3), spend: try row.money(4)))
        }
        return memberships
    }
}
