import WeirAccess
import WeirCore

extension StoreContract {
    func checkUpdate(_ clause: Clause) async throws {
        switch clause {
        case .raisesTheVersion: try await raisesTheVersion()
        case .refusesStaleUpdates:
            try await insert([Self.sample(.teams, "t")])
            try await store.write { try $0.update(Self.sample(.teams, "t", ["n": 1])) }
            try await refused(as: .stale(.teams, "t")) { try $0.update(Self.sample(.teams, "t", ["n": 2])) }
            try await same(entity(.teams, "t")?.document, ["n": 1])
        case .refusesUpdatesOfNothing:
            try await refused(as: .missing(.teams, "t")) { try $0.update(Self.sample(.teams, "t")) }
            try await same(store.read { try $0.count(.teams, []) }, 0)
        case .changesAllOrNothing: try await changesAllOrNothing()
        case .readsChangeNothing: try await readsChangeNothing()
        case .deletesByID: try await deletesByID()
        case .deletesByCondition: try await deletesByCondition()
        default:
            try await insert([Self.sample(.users, "u")])
            try await same(store.write { try $0.delete(.users, where: []) }, 0)
            try await same(store.write { try $0.delete(.users, ids: []) }, 0)
            try await same(store.write { try $0.delete(.users, where: [.oneOf(.userRole, [])]) }, 0)
            try await same(store.write { try $0.delete(.users, where: [.any([])]) }, 0)
            try await same(store.read { try $0.count(.users, []) }, 1)
        }
    }

    private func raisesTheVersion() async throws {
        for kind in EntityKind.allCases {
            let first = Self.sample(kind, "one", ["team_id": "a", "budget_id": "b", "x": 1], at: 10)
            try await insert([first])
            var second = Self.sample(
                kind, "one", ["y": 2], spend: Money(attodollars: Money.scale), at: 999, updated: 20, by: "ben")
            second.updatedBy = "cid"
            try await store.write { [second] in try $0.update(second) }
            let expected = Entity(
                kind: kind, id: "one", document: ["y": 2], spend: Money(attodollars: Money.scale), createdAt: 10,
                updatedAt: 20, createdBy: "admin", updatedBy: "cid", version: 2)
            try await same(entity(kind, "one"), expected)
            for field in LookupField.fields(of: kind) where field != .createdBy {
                try await same(store.read { try $0.count(kind, [.isNull(field)]) }, 1, field.rawValue)
            }
        }
    }

    private func changesAllOrNothing() async throws {
        try await insert([Self.sample(.users, "old")])
        do {
            try await store.write { session in
                try session.insert(Self.sample(.users, "new"))
                try session.update(Self.sample(.users, "old", ["n": 1]))
                try session.put(.init(owner: .team, ownerID: "t", userID: "old", role: "user"))
                try session.record(Self.entry("e", at: 1))
                throw Breach(text: "on purpose")
            }
        } catch is Breach {}
        try await same(entity(.users, "new"), nil)
        try await same(entity(.users, "old")?.version, 1)
        try await same(store.read { try $0.count(.users, []) }, 1)
        try await same(store.read { try $0.memberships(.team, ofUser: "old").count }, 0)
        try await same(store.read { try $0.audit(AuditQuery()).total }, 0)
    }

    private func readsChangeNothing() async throws {
        for change: @Sendable (any StoreSession) throws -> Void in [
            { try $0.insert(Self.sample(.users, "new")) },
            { try $0.put(.init(owner: .team, ownerID: "t", userID: "u", role: "user")) },
            { try $0.record(Self.entry("e", at: 1)) },
        ] {
            var isRefused = false
            do { try await store.read(change) } catch { isRefused = true }
            try same(isRefused, true)
        }
        try await same(store.read { try $0.count(.users, []) }, 0)
        try await same(changes(after: 0), [])
    }

    private func deletesByID() async throws {
        for kind in EntityKind.allCases {
            try await insert(["1", "2", "3"].map { Self.sample(kind, $0) })
            try await same(store.write { try $0.delete(kind, ids: ["1", "3", "3", "4"]) }, 2)
            try await same(store.write { try $0.delete(kind, ids: ["1", "3"]) }, 0)
            let page = try await store.read { try $0.page(kind, .init()) }
            try same(page.entities.map(\.id), ["2"])
            try same(page.total, 1)
        }
    }

    private func deletesByCondition() async throws {
        try await insert([
            Self.sample(.keys, "1", ["team_id": "a", "user_id": "u"]), Self.sample(.keys, "2", ["team_id": "a"]),
            Self.sample(.keys, "3", ["team_id": "b", "user_id": "u"]), Self.sample(.keys, "4"),
        ])
        let count = { [store] (conditions: [EntityQuery.Condition]) in
            try await store.write { try $0.delete(.keys, where: conditions) }
        }
        try await same(count([.equals(.teamID, "a"), .equals(.userID, "u")]), 1)
        try await same(store.read { try $0.page(.keys, .init()).entities.map(\.id) }, ["4", "3", "2"])
        try await same(count([.any([.equals(.teamID, "a"), .oneOf(.userID, ["u", "v"])])]), 2)
        try await same(count([.isNull(.teamID)]), 1)
        try await same(store.read { try $0.count(.keys, []) }, 0)
    }
}
