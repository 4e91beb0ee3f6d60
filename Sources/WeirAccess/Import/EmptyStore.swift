/// A store that has nothing and keeps nothing: stands in, for a dry run, where the tables are not there yet.
package struct EmptyStore: Store {
    package init() {}

    package func read<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result { try work(EmptySession()) }

    package func write<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result { throw EmptySession.refusal }
}

private struct EmptySession: StoreSession {
    static let refusal = StoreFault.unavailable("it has no tables yet")

    func entity(_ kind: EntityKind, _ id: String) -> Entity? { nil }
    func entityForUpdate(_ kind: EntityKind, _ id: String) -> Entity? { nil }
    func entities(_ kind: EntityKind, ids: [String]) -> [Entity] { [] }
    func entities(_ kind: EntityKind, where field: LookupField, is value: String, limit: Int) -> [Entity] { [] }
    func page(_ kind: EntityKind, _ query: EntityQuery) -> EntityPage { EntityPage(entities: [], total: 0) }
    func count(_ kind: EntityKind, _ conditions: [EntityQuery.Condition]) -> Int { 0 }
    func insert(_ entity: Entity) throws(StoreFault) { throw Self.refusal }
    func update(_ entity: Entity) throws(StoreFault) { throw Self.refusal }
    func delete(_ kind: EntityKind, ids: [String]) -> Int { 0 }
    func delete(_ kind: EntityKind, where conditions: [EntityQuery.Condition]) -> Int { 0 }
    func members(_ owner: Membership.Owner, of ownerID: String) -> [Membership] { [] }
    func memberships(_ owner: Membership.Owner, ofUser userID: String) -> [Membership] { [] }
    func membership(_ owner: Membership.Owner, _ ownerID: String, user userID: String) -> Membership? { nil }
    func put(_ membership: Membership) throws(StoreFault) { throw Self.refusal }
    func remove(_ owner: Membership.Owner, _ ownerID: String, user userID: String) -> Bool { false }
    func grant(of hash: String, at now: Int64) -> GrantRecord? { nil }
    func record(_ entry: AuditEntry) throws(StoreFault) { throw Self.refusal }
    func audit(_ query: AuditQuery) -> (entries: [AuditEntry], total: Int) { ([], 0) }
    func changes(after sequence: Int64, limit: Int) -> [Change]? { [] }
    func lastChange() -> Int64 { 0 }
    func pruneChanges(before moment: Int64) {}
}
