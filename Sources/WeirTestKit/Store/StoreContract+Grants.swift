import WeirAccess
import WeirCore

extension StoreContract {
    func checkGrant(_ clause: Clause) async throws {
        switch clause {
        case .gathersGrants: try await gathersGrants()
        case .grantsPlainKeys:
            let key = Self.sample(.keys, "k", ["team_id": "gone", "user_id": "gone", "budget_id": "gone"])
            try await insert([key, Self.sample(.keys, "bare")])
            for id in ["k", "bare"] {
                let record = try await grant(id, at: 0)
                try same(record?.key.id, id)
                try same(
                    [record?.team, record?.user, record?.organization].compactMap(\.self).isEmpty
                        && record?.membership == nil && record?.budgets == [:] && record?.revokedAt == nil, true)
            }
            try await same(grant("no", at: 0) == nil, true)
        case .findsTheTeamsOrganization:
            try await insert([
                Self.sample(.teams, "t", ["organization_id": "o1"]), Self.sample(.organizations, "o1"),
                Self.sample(.organizations, "o2"), Self.sample(.keys, "1", ["team_id": "t"]),
                Self.sample(.keys, "2", ["team_id": "t", "organization_id": "o2"]),
            ])
            try await same(grant("1", at: 0)?.organization?.id, "o1")
            try await same(grant("2", at: 0)?.organization?.id, "o2")
        case .grantsReplacedKeys:
            try await insert([
                Self.sample(.keys, "new"), Self.sample(.retiredKeys, "old", ["active": "new", "revoke_at": 100]),
                Self.sample(.retiredKeys, "lost", ["active": "gone", "revoke_at": 100]),
            ])
            try await same(grant("old", at: 99)?.key.id, "new")
            try await same(grant("old", at: 99)?.revokedAt, 100)
            try await same(grant("old", at: 100) == nil, true)
            try await same(grant("new", at: 100)?.revokedAt, nil)
            try await same(grant("lost", at: 0) == nil, true)
        default:
            try await insert([
                Self.sample(.keys, "3"), Self.sample(.retiredKeys, "1", ["active": "2", "revoke_at": 100]),
                Self.sample(.retiredKeys, "2", ["active": "3", "revoke_at": 50]),
                Self.sample(.retiredKeys, "ring", ["active": "ring", "revoke_at": 50]),
            ])
            try await same(grant("1", at: 49)?.key.id, "3")
            try await same(grant("1", at: 49)?.revokedAt, 50)
            try await same(grant("1", at: 50) == nil, true)
            try await same(grant("ring", at: 0) == nil, true)
        }
    }

    private func grant(_ hash: String, at now: Int64) async throws -> GrantRecord? {
        try await store.read { try $0.grant(of: hash, at: now) }
    }

    private func gathersGrants() async throws {
        let budgets = ["bk", "bo", "bm", "other"].map { Self.sample(.budgets, $0, ["max_budget": 5]) }
        let key = Self.sample(
            .keys, "k", ["user_id": "u", "team_id": "t", "organization_id": "o", "budget_id": "bk", "models": ["m"]])
        let team = Self.sample(.teams, "t", ["team_alias": "T"], spend: Money(attodollars: Money.scale))
        let user = Self.sample(.users, "u", ["user_email": "e"])
        let organization = Self.sample(.organizations, "o", ["budget_id": "bo"])
        let member = Membership(owner: .team, ownerID: "t", userID: "u", role: "admin", document: ["budget_id": "bm"])
        try await insert(
            budgets + [key, team, user, organization, Self.sample(.keys, "other", ["user_id": "u", "team_id": "s"])])
        try await store.write { session in
            try session.put(member)
            try session.put(.init(owner: .organization, ownerID: "t", userID: "u", role: "org_admin"))
        }
        let record = try await grant("k", at: 0)
        try same(record?.key, key)
        try same(record?.team, team)
        try same(record?.user, user)
        try same(record?.organization, organization)
        try same(record?.membership, member)
        try same(record?.budgets, ["bk": budgets[0], "bo": budgets[1], "bm": budgets[2]])
        try await same(grant("other", at: 0)?.membership, nil)
        try await same(grant("other", at: 0)?.user, user)
    }
}
