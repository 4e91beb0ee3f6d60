package import WeirCore

/// What every office works with.
package struct Desk: Sendable {
    package let store: any Store
    /// Where lists come from: the same, or what follows it.
    private let lists: any Store
    package let time: TimeSource
    package let policy: OfficePolicy
    package let vault: Vault
    package let models: any ModelDirectory
    private let chance: @Sendable () -> UInt64

    /// `chance` must not be foreseeable: keys are made of it. `lists` may be a little behind `store`; nil: it is the same.
    package init(
        store: any Store, lists: (any Store)? = nil, time: TimeSource, policy: OfficePolicy, vault: Vault,
        models: any ModelDirectory = NoModels(), chance: @escaping @Sendable () -> UInt64
    ) {
        self.store = store
        self.lists = lists ?? store
        self.time = time
        self.policy = policy
        self.vault = vault
        self.models = models
        self.chance = chance
    }

    /// Microseconds since 1970 UTC.
    package var now: Int64 { Int64(time.wall() / 1000) }

    /// A UUID (RFC 9562, version 7): ordered by time, 74 bits by chance.
    package func newID() -> String {
        let (first, second) = (chance(), chance())
        let high = UInt64(now / 1000) << 16 | 0x7000 | first & 0x0FFF
        let low = second & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return HexText.uuid(high, low)
    }

    /// `sk-` and 16 bytes by chance in URL-safe base64: 22 characters.
    package func newKey() -> Secret {
        let bytes = [chance(), chance()].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
        return Secret("sk-" + Base64.url(bytes))
    }

    /// So many bytes by chance: for nonces and data keys.
    package func randomBytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let word = chance()
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
        return Array(bytes.prefix(count))
    }

    // MARK: The store

    /// Reads what belongs together.
    package func read<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws(OfficeFault) -> Result {
        do { return try await store.read(work) } catch { throw Self.fault(error) }
    }

    /// The same for answers that may be a little behind: lists, which somebody looks at. Nothing may be decided by it.
    package func list<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws(OfficeFault) -> Result {
        do { return try await lists.read(work) } catch { throw Self.fault(error) }
    }

    /// Changes what belongs together: all of it or nothing.
    package func write<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws(OfficeFault) -> Result {
        do { return try await store.write(work) } catch { throw Self.fault(error) }
    }

    private static func fault(_ error: any Error) -> OfficeFault {
        if let fault = error as? OfficeFault { return fault }
        if let fault = error as? StoreFault { return OfficeFault(fault) }
        if let fault = error as? VaultFault { return OfficeFault(fault) }
        return OfficeFault(500, "The request could not be carried out; nothing was changed.", detail: "\(error)")
    }

    /// Notes a change for the auditor, within the transaction that makes it. `before` and `after` are documents as the
    /// store has them; what is secret in them is masked here.
    package func audit(
        _ session: any StoreSession, _ request: Requester, _ action: String, _ kind: EntityKind, _ id: String,
        before: JSONObject?, after: JSONObject?
    ) throws(StoreFault) {
        try session.record(
            AuditEntry(
                id: newID(), at: now, changedBy: request.name, changedByKey: request.keyHash, address: request.address,
                action: action, table: Self.table(kind), objectID: id, before: before.map(Mask.masked),
                after: after.map(Mask.masked)))
    }

    /// LiteLLM's name of the table, which its audit log shows.
    package static func table(_ kind: EntityKind) -> String {
        switch kind {
        case .keys: "LiteLLM_VerificationToken"
        case .retiredKeys: "LiteLLM_DeprecatedVerificationToken"
        case .users: "LiteLLM_UserTable"
        case .teams: "LiteLLM_TeamTable"
        case .organizations: "LiteLLM_OrganizationTable"
        case .customers: "LiteLLM_EndUserTable"
        case .budgets: "LiteLLM_BudgetTable"
        case .tags: "LiteLLM_TagTable"
        case .models: "LiteLLM_ProxyModelTable"
        case .credentials: "LiteLLM_CredentialsTable"
        case .accessGroups: "LiteLLM_AccessGroupTable"
        case .dataKeys: "data_keys"
        }
    }

    /// A new entity, made now by `request`.
    package func entity(_ kind: EntityKind, _ id: String, _ document: JSONObject, by request: Requester) -> Entity {
        let now = now
        return Entity(
            kind: kind, id: id, document: document, createdAt: now, updatedAt: now, createdBy: request.name,
            updatedBy: request.name)
    }

    /// `entity` with another document, changed now by `request`.
    package func changed(_ entity: Entity, _ document: JSONObject, by request: Requester) -> Entity {
        var changed = entity
        changed.document = document
        changed.updatedAt = now
        changed.updatedBy = request.name
        return changed
    }
}

/// What the configuration says of management.
package struct OfficePolicy: Sendable, Hashable {
    package var compat = Compat.v1_83
    /// `default_key_generate_params`: set where a request for a key sets nothing.
    package var defaultKeyParams = JSONObject()
    /// `upperbound_key_generate_params`: no key may have more.
    package var upperboundKeyParams = JSONObject()
    /// `key_generation_settings`.
    package var keyGeneration = JSONObject()
    /// `default_internal_user_params`.
    package var defaultUserParams = JSONObject()
    /// `default_team_params`.
    package var defaultTeamParams = JSONObject()
    /// `disable_custom_api_keys`: keys are always made here.
    package var refusesCustomKeys = false
    /// `store_model_in_db: false`: models come from the configuration only.
    package var storesModels = true
    /// The configured master key's digest: `/key/*` leave it alone.
    package var masterKeyHash: String?

    package init() {}
}

/// Secrets in documents, made unreadable for answers and the audit: `sk****23`.
package enum Mask {
    private static let words = ["api_key", "secret", "password", "token", "credential", "private_key", "authorization"]
    /// Names that hold one of the words and are no secret.
    private static let plain: Set<String> = [
        "token", "token_id", "max_tokens", "max_input_tokens", "max_output_tokens", "input_cost_per_token",
        "output_cost_per_token", "litellm_credential_name", "credential_name", "credential_info",
        "encryption_algorithm",
    ]

    package static func masked(_ object: JSONObject) -> JSONObject {
        JSONObject(object.members.map { .init($0.name, value($0.value, named: $0.name)) })
    }

    package static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        if plain.contains(name) || name.hasSuffix("_per_token") || name.hasSuffix("_tokens") { return false }
        return words.contains { name.contains($0) }
    }

    /// The first two and the last two characters of a text of more than 8; nothing of a shorter one.
    package static func text(_ text: String) -> String {
        text.count > 8 ? "\(text.prefix(2))****\(text.suffix(2))" : "****"
    }

    private static func value(_ value: JSONValue, named name: String) -> JSONValue {
        switch value {
        case .string(let secret) where isSecret(name): .string(text(secret))
        case .object(let object):
            name == "credential_values"
                ? .object(JSONObject(object.members.map { .init($0.name, hidden($0.value)) })) : .object(masked(object))
        case .array(let values): .array(values.map { self.value($0, named: name) })
        default: value
        }
    }

    private static func hidden(_ value: JSONValue) -> JSONValue {
        if case .string(let secret) = value { .string(text(secret)) } else { value }
    }
}
