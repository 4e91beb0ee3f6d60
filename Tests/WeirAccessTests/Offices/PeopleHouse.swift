import WeirAccess
import WeirCore
import WeirTestKit

/// A store in memory with offices on it, and the ways in which tests ask them.
struct PeopleHouse: Sendable {
    /// Saturday, 21 November 2026, 03:32:47.148 UTC.
    static let start: UInt64 = 1_795_231_967_148_000_000

    let store = MemoryStore()
    let clock = TestClock(wall: PeopleHouse.start)
    let offices: Offices

    init(_ compat: Compat = .v1_83, _ edit: (inout OfficePolicy) -> Void = { _ in }) {
        var policy = OfficePolicy()
        policy.compat = compat
        edit(&policy)
        let numbers = Numbers()
        offices = Offices(
            Desk(
                store: store, time: clock.source, policy: policy, vault: Vault(master: nil),
                chance: { numbers.next() }))
    }

    // MARK: Who asks

    static let master = Requester(
        role: .proxyAdmin, userID: "default_user_id", keyHash: "master", address: "127.0.0.1")

    static func user(_ id: String?, _ role: Role = .internalUser, team: String? = nil) -> Requester {
        Requester(role: role, userID: id, teamID: team, keyHash: "hash of \(id ?? "nobody")", address: "10.0.0.1")
    }

    static func asking(
        _ body: JSONObject = [:], query: [String: String] = [:], path: [String: String] = [:],
        as requester: Requester = master
    ) -> OfficeRequest {
        OfficeRequest(requester: requester, body: body, query: query, path: path)
    }

    // MARK: What stands in the store

    func document(_ kind: EntityKind, _ id: String) async throws -> JSONObject? {
        try await store.read { try $0.entity(kind, id)?.document }
    }

    func spent(_ kind: EntityKind, _ id: String) async throws -> Money? {
        try await store.read { try $0.entity(kind, id)?.spend }
    }

    func count(_ kind: EntityKind, _ conditions: [EntityQuery.Condition] = []) async throws -> Int {
        try await store.read { try $0.count(kind, conditions) }
    }

    func member(_ owner: Membership.Owner, _ id: String, _ user: String) async throws -> Membership? {
        try await store.read { try $0.membership(owner, id, user: user) }
    }

    func audited() async throws -> [AuditEntry] {
        try await store.read {
            var query = AuditQuery()
            query.size = 1000
            query.descends = false
            return try $0.audit(query).entries
        }
    }

    // MARK: What stories begin with

    func makeUser(_ id: String, _ more: JSONObject = [:]) async throws {
        let body: JSONObject = ["user_id": .string(id), "auto_create_key": false]
        _ = try await offices.users.new(Self.asking(body.merging(more)))
    }

    /// Made by the master key, which then is an admin of it.
    func makeTeam(_ id: String, _ more: JSONObject = [:]) async throws {
        let body: JSONObject = ["team_id": .string(id), "team_alias": .string("The \(id)")]
        _ = try await offices.teams.new(Self.asking(body.merging(more)))
    }

    func makeOrganization(_ id: String, admin: String? = nil, _ more: JSONObject = [:]) async throws {
        let body: JSONObject = ["organization_id": .string(id), "organization_alias": .string("The \(id)")]
        _ = try await offices.organizations.new(Self.asking(body.merging(more)))
        guard let admin else { return }
        _ = try await offices.organizations.addMembers(
            Self.asking([
                "organization_id": .string(id), "member": ["role": "org_admin", "user_id": .string(admin)],
            ]))
    }

    func addMember(_ user: String, to team: String, role: String = "user", _ more: JSONObject = [:]) async throws {
        let body: JSONObject = [
            "team_id": .string(team), "member": ["role": .string(role), "user_id": .string(user)],
        ]
        _ = try await offices.teams.addMembers(Self.asking(body.merging(more)))
    }

    /// Puts a key into the store, as the office of keys would.
    func putKey(_ hash: String, _ document: JSONObject) async throws {
        let desk = offices.desk
        try await store.write { try $0.insert(desk.entity(.keys, hash, document, by: Self.master)) }
    }
}

/// The fault that `work` throws; nil when it throws none.
func fault(_ work: () async throws(OfficeFault) -> OfficeAnswer) async -> OfficeFault? {
    do throws(OfficeFault) {
        _ = try await work()
        return nil
    } catch { return error }
}

extension OfficeAnswer {
    var object: JSONObject { value.object ?? [:] }
}

extension JSONObject {
    /// Only the member with this name.
    func keeping(_ name: String) -> JSONObject { JSONObject(members.filter { $0.name == name }) }
}
