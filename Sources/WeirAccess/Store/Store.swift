/// Where keys, users, teams and all that is managed are kept. A port: `WeirStorage` has the one with SQL, the test kit one
/// in memory.
package protocol Store: Sendable {
    /// Reads what belongs together. `work` may run more than once, and must do nothing but read and compute.
    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result

    /// Changes what belongs together: all of it, or nothing when `work` throws. May run `work` more than once, when
    /// another change came between.
    func write<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result
}

/// What can be asked and changed within one transaction. Every insert, update and delete also notes the change for the
/// other replicas; none of them can be forgotten by a caller. Bound to the thread of its transaction.
package protocol StoreSession {
    func entity(_ kind: EntityKind, _ id: String) throws(StoreFault) -> Entity?
    /// The same, and nobody else changes it until this transaction is over.
    func entityForUpdate(_ kind: EntityKind, _ id: String) throws(StoreFault) -> Entity?
    /// Those of them that exist, in no order.
    func entities(_ kind: EntityKind, ids: [String]) throws(StoreFault) -> [Entity]
    /// The first `limit` by id of those whose field has this value.
    func entities(
        _ kind: EntityKind, where field: LookupField, is value: String, limit: Int
    ) throws(StoreFault) -> [Entity]
    func page(_ kind: EntityKind, _ query: EntityQuery) throws(StoreFault) -> EntityPage
    func count(_ kind: EntityKind, _ conditions: [EntityQuery.Condition]) throws(StoreFault) -> Int

    /// Throws `duplicate` when the id, or a unique field, is taken.
    func insert(_ entity: Entity) throws(StoreFault)
    /// Writes the entity with its version raised by one. Throws `missing` when there is none, `stale` when its version in the
    /// store is not `entity.version`.
    func update(_ entity: Entity) throws(StoreFault)
    /// How many there were. Loads nothing. A team's or an organisation's memberships go with it, and a user's.
    @discardableResult
    func delete(_ kind: EntityKind, ids: [String]) throws(StoreFault) -> Int
    /// Deletes those that meet all `conditions`; how many there were. No condition deletes nothing.
    @discardableResult
    func delete(_ kind: EntityKind, where conditions: [EntityQuery.Condition]) throws(StoreFault) -> Int

    func members(_ owner: Membership.Owner, of ownerID: String) throws(StoreFault) -> [Membership]
    func memberships(_ owner: Membership.Owner, ofUser userID: String) throws(StoreFault) -> [Membership]
    func membership(
        _ owner: Membership.Owner, _ ownerID: String, user userID: String
    ) throws(StoreFault) -> Membership?
    /// Inserts it, or puts it in the place of the one that is there.
    func put(_ membership: Membership) throws(StoreFault)
    @discardableResult
    func remove(_ owner: Membership.Owner, _ ownerID: String, user userID: String) throws(StoreFault) -> Bool

    /// Everything that decides about the key with this hash; nil when there is no such key, or when it was replaced and its
    /// time is over at `now` (µs).
    func grant(of hash: String, at now: Int64) throws(StoreFault) -> GrantRecord?

    func record(_ entry: AuditEntry) throws(StoreFault)
    func audit(_ query: AuditQuery) throws(StoreFault) -> (entries: [AuditEntry], total: Int)

    /// The changes behind `sequence` in their order, at most `limit`; nil when some of them are gone already, so that
    /// everything must be taken as changed.
    func changes(after sequence: Int64, limit: Int) throws(StoreFault) -> [Change]?
    func lastChange() throws(StoreFault) -> Int64
    /// Forgets changes that were noted before `moment` (µs).
    func pruneChanges(before moment: Int64) throws(StoreFault)
}

package enum StoreFault: Error, Sendable, Equatable {
    /// The database does not answer. The detail is for the log.
    case unavailable(String)
    /// The id is taken (nil) or a field that must be unique.
    case duplicate(EntityKind, LookupField?)
    /// The id (nil) or a field that things are found by is longer than `LookupField.longest`, or holds U+0000.
    case unfit(EntityKind, LookupField?)
    case missing(EntityKind, String)
    /// Somebody else changed it in the meantime.
    case stale(EntityKind, String)
    /// The database refused something that it should not have. The detail is for the log.
    case broken(String)
}
