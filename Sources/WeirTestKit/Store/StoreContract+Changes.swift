import WeirAccess
import WeirCore

extension StoreContract {
    func checkChanges(_ clause: Clause) async throws {
        switch clause {
        case .notesEveryChange: try await notesEveryChange()
        case .forgetsWhatFailed:
            do {
                try await store.write { session in
                    try session.insert(Self.sample(.users, "u"))
                    throw Breach(text: "on purpose")
                }
            } catch is Breach {}
            try await same(store.read { try $0.lastChange() }, 0)
            try await same(changes(after: 0), [])
        case .tellsOfGaps: try await tellsOfGaps()
        default: try await losesNoWrite()
        }
    }

    private func notesEveryChange() async throws {
        try await same(store.read { try $0.lastChange() }, 0)
        try await insert([
            Self.sample(.users, "u"), Self.sample(.teams, "t"), Self.sample(.keys, "k", ["team_id": "t"]),
        ])
        try await store.write { session in
            try session.update(Self.sample(.users, "u"))
            try session.put(.init(owner: .team, ownerID: "t", userID: "u", role: "user"))
            try session.put(.init(owner: .organization, ownerID: "o", userID: "u", role: "user"))
            try session.remove(.organization, "o", user: "u")
            try session.remove(.organization, "o", user: "u")
            try session.delete(.keys, where: [.equals(.teamID, "t")])
            try session.delete(.teams, ids: ["t", "no"])
            try session.record(Self.entry("e", at: 1))
        }
        let changes = try await changes(after: 0) ?? []
        try same(
            changes.map { "\($0.kind) \($0.id)" },
            [
                "users u", "teams t", "keys k", "users u", "team_members u", "organization_members u",
                "organization_members u", "keys k", "teams t",
            ])
        try same(zip(changes, changes.dropFirst()).allSatisfy { $0.sequence < $1.sequence }, true)
        let last = changes.last?.sequence
        try await same(store.read { try $0.lastChange() }, last)
        guard changes.count == 9 else { return }
        try await same(
            store.read { try $0.changes(after: changes[1].sequence, limit: 2) }, Array(changes[2...3]))
        try await same(self.changes(after: changes[8].sequence), [])
    }

    private func tellsOfGaps() async throws {
        try await insert(["1", "2", "3"].map { Self.sample(.users, $0) })
        let noted = try await changes(after: 0) ?? []
        try await store.write { try $0.pruneChanges(before: 0) }
        try await same(changes(after: 0), noted)
        try await store.write { try $0.pruneChanges(before: .max) }
        try await same(changes(after: 0), nil)
        try await same(changes(after: noted[1].sequence), [noted[2]])
        try await same(changes(after: noted[2].sequence), [])
        try await same(store.read { try $0.lastChange() }, noted[2].sequence)
        // A store that was put back to an earlier state: nothing of what is known can be trusted.
        try await same(changes(after: noted[2].sequence + 1), nil)
        try await insert([Self.sample(.users, "4")])
        try await same(changes(after: noted[2].sequence)?.map(\.id), ["4"])
    }

    /// Many at once who each read, compute and write.
    private func losesNoWrite() async throws {
        try await insert([Self.sample(.teams, "t", ["n": 0])])
        let start = try await store.read { try $0.lastChange() }
        let store = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    try await store.write { session in
                        guard var team = try session.entityForUpdate(.teams, "t") else { return }
                        team.document["n"] = .int((team.document.int("n") ?? 0) + 1)
                        try session.update(team)
                    }
                }
            }
            try await group.waitForAll()
        }
        try await same(entity(.teams, "t")?.document.int("n"), 40)
        try await same(entity(.teams, "t")?.version, 41)
        try await same(changes(after: start)?.count, 40)
    }
}
