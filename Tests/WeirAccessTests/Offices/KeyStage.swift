import NIOCore
import Synchronization
import Testing
import WeirAccess
import WeirCore
import WeirTestKit
import WeirWire

/// The office of keys on a store in memory, at a known moment and with known chances.
struct KeyStage: Sendable {
    /// 2026-11-21T03:32:38.571Z.
    static let start: Int64 = 1_795_231_958_571_000

    let store = MemoryStore()
    let clock = TestClock(wall: UInt64(start) * 1000)
    let offices: Offices
    private let chances: Chances

    /// Words that were given, and behind them 1, 2, 3 …
    private final class Chances: Sendable {
        private let left: Mutex<(given: [UInt64], next: UInt64)>
        init(_ given: [UInt64]) { left = Mutex((given, 1)) }
        func next() -> UInt64 {
            left.withLock { left in
                if !left.given.isEmpty { return left.given.removeFirst() }
                left.next += 1
                return left.next - 1
            }
        }
    }

    /// `keys` are the next that are made.
    init(
        _ compat: Compat = .v1_109, keys: [String] = [], models: any ModelDirectory = NoModels(),
        _ change: (inout OfficePolicy) -> Void = { _ in }
    ) {
        var policy = OfficePolicy()
        policy.compat = compat
        policy.masterKeyHash = KeyDigest(of: Secret(Self.masterKey)).hex
        change(&policy)
        let words = keys.flatMap { key -> [UInt64] in
            let bytes = Base64.bytes(String(key.dropFirst(3))) ?? []
            return [bytes.prefix(8), bytes.dropFirst(8)].map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        }
        let chances = Chances(words)
        self.chances = chances
        offices = Offices(
            Desk(
                store: store, time: clock.source, policy: policy, vault: Vault(master: nil), models: models,
                chance: { chances.next() }))
    }

    static let masterKey = "sk-the-master-key-itself"

    // MARK: Who asks

    static let admin = Requester(
        role: .proxyAdmin, userID: "default_user_id", keyHash: KeyDigest(of: Secret(masterKey)).hex, address: "10.0.0.1"
    )
    static let viewer = Requester(role: .proxyAdminViewer, userID: "eve", keyHash: "v", address: "10.0.0.1")

    static func user(_ id: String?, _ role: Role = .internalUser, key: String = "k") -> Requester {
        Requester(role: role, userID: id, keyHash: key, address: "10.0.0.2")
    }

    // MARK: What is there

    func add(_ kind: EntityKind, _ id: String, _ document: JSONObject = [:]) async throws {
        let entity = offices.desk.entity(kind, id, document, by: Self.admin)
        try await store.write { try $0.insert(entity) }
    }

    func add(
        _ user: String, to team: String, _ role: String = "user", owner: Membership.Owner = .team
    ) async throws {
        try await store.write {
            try $0.put(Membership(owner: owner, ownerID: team, userID: user, role: role))
        }
    }

    func key(_ hash: String) async throws -> Entity? { try await store.read { try $0.entity(.keys, hash) } }

    func grant(_ key: String) async throws -> GrantRecord? {
        let now = offices.desk.now
        return try await store.read { try $0.grant(of: KeyDigest(of: Secret(key)).hex, at: now) }
    }

    func audit() async throws -> [AuditEntry] {
        var query = AuditQuery()
        query.size = 1000
        query.descends = false
        let asked = query
        return try await store.read { try $0.audit(asked).entries }
    }

    // MARK: Asking

    typealias Action = @Sendable (KeyOffice, OfficeRequest) async throws(OfficeFault) -> OfficeAnswer

    /// As a route asks: what the form refuses is refused here as well.
    @discardableResult
    func ask(
        _ action: Action, _ body: JSONObject = [:], form: Form? = nil, query: [String: String] = [:],
        path: [String: String] = [:], as requester: Requester = Self.admin
    ) async throws(OfficeFault) -> JSONObject {
        let values = try form?.read(body).values ?? body
        let request = OfficeRequest(requester: requester, body: values, query: query, path: path)
        return try await action(offices.keys, request).value.object ?? JSONObject()
    }

    @discardableResult
    func generate(
        _ body: JSONObject = [:], as requester: Requester = Self.admin
    ) async throws(OfficeFault) -> JSONObject {
        try await ask(Self.generate, body, form: KeyForms.generate, as: requester)
    }

    @discardableResult
    func update(_ body: JSONObject, as requester: Requester = Self.admin) async throws(OfficeFault) -> JSONObject {
        try await ask(Self.update, body, form: KeyForms.update, as: requester)
    }

    @discardableResult
    func regenerate(
        _ body: JSONObject, as requester: Requester = Self.admin
    ) async throws(OfficeFault) -> JSONObject {
        try await ask(Self.regenerate, body, form: KeyForms.regenerate, as: requester)
    }

    func refusal(_ work: () async throws(OfficeFault) -> JSONObject) async -> OfficeFault? {
        do throws(OfficeFault) {
            _ = try await work()
            return nil
        } catch { return error }
    }

    // A method of an office, as a value with its typed throw.
    static let generate: Action = { office, request throws(OfficeFault) in try await office.generate(request) }
    static let generateForService: Action = { office, request throws(OfficeFault) in
        try await office.generateForService(request)
    }
    static let info: Action = { office, request throws(OfficeFault) in try await office.info(request) }
    static let infoOfMany: Action = { office, request throws(OfficeFault) in try await office.infoOfMany(request) }
    static let update: Action = { office, request throws(OfficeFault) in try await office.update(request) }
    static let bulkUpdate: Action = { office, request throws(OfficeFault) in try await office.bulkUpdate(request) }
    static let bulkUpdateOfTeam: Action = { office, request throws(OfficeFault) in
        try await office.bulkUpdateOfTeam(request)
    }
    static let delete: Action = { office, request throws(OfficeFault) in try await office.delete(request) }
    static let regenerate: Action = { office, request throws(OfficeFault) in try await office.regenerate(request) }
    static let block: Action = { office, request throws(OfficeFault) in try await office.block(request) }
    static let unblock: Action = { office, request throws(OfficeFault) in try await office.unblock(request) }
    static let resetSpend: Action = { office, request throws(OfficeFault) in try await office.resetSpend(request) }
    static let list: Action = { office, request throws(OfficeFault) in try await office.list(request) }
    static let aliases: Action = { office, request throws(OfficeFault) in try await office.aliases(request) }
    static let health: Action = { office, request throws(OfficeFault) in try await office.health(request) }
}

extension JSONObject {
    /// As a test writes it.
    init(text: String) throws {
        self = try JSONObject(reading: Bytes(string: text))
    }
}
