import WeirAccess
import WeirCore

extension StoreContract {
    func checkMembers(_ clause: Clause) async throws {
        switch clause {
        case .putsMembers: try await putsMembers()
        case .removesMembers:
            try await join([("t", "u"), ("t", "v"), ("s", "u")])
            try await same(store.write { try $0.remove(.team, "t", user: "u") }, true)
            try await same(store.write { try $0.remove(.team, "t", user: "u") }, false)
            try await same(store.read { try $0.membership(.team, "t", user: "u") }, nil)
            try await same(places(.team), ["s u", "t v"])
            try await same(places(.organization), ["s u", "t u", "t v"])
        case .dropsMembersWithTheirOwner: try await dropsMembersWithTheirOwner()
        default:
            try await insert([Self.sample(.users, "u", ["user_role": "x"]), Self.sample(.users, "v")])
            try await join([("t", "u"), ("t", "v"), ("s", "u")])
            try await same(store.write { try $0.delete(.users, where: [.equals(.userRole, "x")]) }, 1)
            try await same(places(.team), ["t v"])
            try await same(places(.organization), ["t v"])
        }
    }

    private func putsMembers() async throws {
        var member = Membership(
            owner: .team, ownerID: "t", userID: "u", role: "user", document: ["budget_id": "b", "tpm_limit": 5],
            spend: Money(attodollars: Money.scale))
        try await store.write { [member] in try $0.put(member) }
        try await same(store.read { try $0.membership(.team, "t", user: "u") }, member)
        try await same(store.read { try $0.membership(.organization, "t", user: "u") }, nil)
        member.role = "admin"
        member.document = [:]
        member.spend = .zero
        try await store.write { [member] in try $0.put(member) }
        try await same(store.read { try $0.members(.team, of: "t") }, [member])
        try await join([("t", "ü"), ("t", "Z"), ("a", "u")])
        try await same(store.read { try $0.members(.team, of: "t").map(\.userID) }, ["Z", "u", "ü"])
        try await same(store.read { try $0.memberships(.team, ofUser: "u").map(\.ownerID) }, ["a", "t"])
        try await same(store.read { try $0.members(.team, of: "no").count }, 0)
    }

    private func dropsMembersWithTheirOwner() async throws {
        try await insert([
            Self.sample(.teams, "t"), Self.sample(.teams, "s", ["organization_id": "o"]),
            Self.sample(.organizations, "t"),
        ])
        try await join([("t", "u"), ("t", "v"), ("s", "u")])
        try await same(store.write { try $0.delete(.teams, where: [.equals(.organizationID, "o")]) }, 1)
        try await same(places(.team), ["t u", "t v"])
        try await same(store.write { try $0.delete(.teams, ids: ["t"]) }, 1)
        try await same(places(.team), [])
        try await same(places(.organization), ["s u", "t u", "t v"])
        try await same(store.write { try $0.delete(.organizations, ids: ["t"]) }, 1)
        try await same(places(.organization), ["s u"])
        try await same(store.write { try $0.delete(.keys, ids: ["s", "u"]) }, 0)
        try await same(places(.organization), ["s u"])
    }

    /// Everybody in the team and in the organisation of that id.
    private func join(_ places: [(owner: String, user: String)]) async throws {
        try await store.write { session in
            for owner in Membership.Owner.allCases {
                for place in places {
                    try session.put(.init(owner: owner, ownerID: place.owner, userID: place.user, role: "user"))
                }
            }
        }
    }

    private func places(_ owner: Membership.Owner) async throws -> [String] {
        try await store.read { session in
            try ["s", "t"].flatMap { try session.members(owner, of: $0).map { "\($0.ownerID) \($0.userID)" } }
        }
    }
}
