import Synchronization
import WeirAccess
import WeirCore
import WeirTestKit

/// Offices over a store in memory, with time and chance held still, and a directory that a test fills.
struct VaultRoom {
    static let master = Secret("a-master-secret-of-some-length")
    /// Planted as provider keys: must be found nowhere.
    static let planted = "sk-planted-4711-never-to-be-seen-23"

    let store: any Store
    let clock = TestClock()
    var policy = OfficePolicy()
    var models = ScriptedModels()
    var vault: Vault
    private let chance: ScriptedChance

    init(master: Secret? = VaultRoom.master, store: any Store = MemoryStore(), seed: UInt64 = 7) {
        self.store = store
        vault = Vault(master: master)
        chance = ScriptedChance(seed: seed)
    }

    var desk: Desk {
        Desk(
            store: store, time: clock.source, policy: policy, vault: vault, models: models,
            chance: { [chance] in chance.next() })
    }
    var offices: Offices { Offices(desk) }

    static let admin = Requester(
        role: .proxyAdmin, userID: "default_user_id", keyHash: "masterhash", address: "203.0.113.9")

    static func ask(
        _ body: JSONObject = JSONObject(), query: [String: String] = [:], path: [String: String] = [:],
        by requester: Requester = VaultRoom.admin
    ) -> OfficeRequest {
        OfficeRequest(requester: requester, body: body, query: query, path: path)
    }

    /// Puts a record into the store as it is.
    func plant(_ kind: EntityKind, _ id: String, _ document: JSONObject) async throws {
        let entity = desk.entity(kind, id, document, by: Self.admin)
        try await store.write { session in try session.insert(entity) }
    }

    func document(_ kind: EntityKind, _ id: String) async throws -> JSONObject? {
        try await store.read { session in try session.entity(kind, id)?.document }
    }

    /// Puts another document in the place of a record's.
    func overwrite(
        _ kind: EntityKind, _ id: String, _ change: @escaping @Sendable (inout JSONObject) -> Void
    ) async throws {
        try await store.write { session in
            guard var entity = try session.entity(kind, id) else { return }
            change(&entity.document)
            try session.update(entity)
        }
    }

    func trail() async throws -> [AuditEntry] {
        try await store.read { session in
            var query = AuditQuery()
            query.size = 1000
            return try session.audit(query).entries
        }
    }

    /// Everything that the store holds, as text.
    func everything() async throws -> String {
        try await store.read { session in
            var text = ""
            for kind in EntityKind.allCases {
                var query = EntityQuery()
                query.size = 1000
                text += "\(try session.page(kind, query).entities)"
            }
            var query = AuditQuery()
            query.size = 1000
            return text + "\(try session.audit(query).entries)"
        }
    }
}

/// What is deployed, as a test says.
struct ScriptedModels: ModelDirectory {
    var models: [DeployedModel] = []
    var found: [String] = []
    var configured: [JSONObject] = []
    let seen = SeenEntries()

    func deployed() -> [DeployedModel] { models }
    func problems(of entry: JSONObject) -> [String] {
        seen.note(entry)
        return found
    }
    func credentials() -> [JSONObject] { configured }

    /// The entries that were asked about.
    final class SeenEntries: Sendable {
        private let entries = Mutex<[JSONObject]>([])
        func note(_ entry: JSONObject) { entries.withLock { $0.append(entry) } }
        var last: JSONObject? { entries.withLock { $0.last } }
    }
}

final class ScriptedChance: Sendable {
    private let random: Mutex<SeededRandom>
    init(seed: UInt64) { random = Mutex(SeededRandom(seed: seed)) }
    func next() -> UInt64 { random.withLock { $0.next() } }
}
