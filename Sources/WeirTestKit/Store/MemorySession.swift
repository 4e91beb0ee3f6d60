import WeirAccess
import WeirCore

/// One transaction of a `MemoryStore`, on its own copy of the tables.
final class MemorySession: StoreSession {
    private(set) var tables: MemoryTables
    private let isReading: Bool

    init(_ tables: MemoryTables, isReading: Bool) {
        self.tables = tables
        self.isReading = isReading
    }

    // MARK: Entities

    func entity(_ kind: EntityKind, _ id: String) throws(StoreFault) -> Entity? { tables[kind, id] }

    func entityForUpdate(_ kind: EntityKind, _ id: String) throws(StoreFault) -> Entity? {
        try begin()
        return tables[kind, id]
    }

    func entities(_ kind: EntityKind, ids: [String]) throws(StoreFault) -> [Entity] {
        unique(ids).compactMap { tables[kind, $0] }
    }

    func entities(
        _ kind: EntityKind, where field: LookupField, is value: String, limit: Int
    ) throws(StoreFault) -> [Entity] {
        let found = try matching(kind, [.equals(field, value)])
        return Array(found.sorted { MemoryOrder.precedes($0.id, $1.id) }.prefix(limit))
    }

    func page(_ kind: EntityKind, _ query: EntityQuery) throws(StoreFault) -> EntityPage {
        if case .field(let field) = query.order, !SortField.fields(of: kind).contains(field) {
            throw .broken("\(kind.rawValue) are not sorted by \(field.rawValue)")
        }
        let found = try matching(kind, query.conditions)
        let sorted = MemoryOrder.sorted(found, by: query.order, descends: query.descends)
        return EntityPage(
            entities: MemoryOrder.page(sorted, number: query.page, size: query.size), total: sorted.count)
    }

    func count(_ kind: EntityKind, _ conditions: [EntityQuery.Condition]) throws(StoreFault) -> Int {
        try matching(kind, conditions).count
    }

    func insert(_ entity: Entity) throws(StoreFault) {
        try begin()
        try checkFit(entity)
        if tables[entity.kind, entity.id] != nil { throw .duplicate(entity.kind, nil) }
        try checkUnique(entity)
        tables[entity.kind, entity.id] = kept(entity)
        tables.note(entity.kind.rawValue, entity.id, at: entity.updatedAt)
    }

    func update(_ entity: Entity) throws(StoreFault) {
        try begin()
        guard let old = tables[entity.kind, entity.id] else { throw .missing(entity.kind, entity.id) }
        guard old.version == entity.version else { throw .stale(entity.kind, entity.id) }
        try checkFit(entity)
        try checkUnique(entity)
        let new = Entity(
            kind: entity.kind, id: entity.id, document: entity.document, spend: entity.spend,
            createdAt: old.createdAt, updatedAt: entity.updatedAt, createdBy: old.createdBy,
            updatedBy: entity.updatedBy, version: old.version + 1)
        tables[entity.kind, entity.id] = kept(new)
        tables.note(entity.kind.rawValue, entity.id, at: entity.updatedAt)
    }

    @discardableResult
    func delete(_ kind: EntityKind, ids: [String]) throws(StoreFault) -> Int {
        try begin()
        let gone = unique(ids).filter { tables[kind, $0] != nil }
        let goneIDs = Set(gone.map(MemoryTables.Exact.init))
        for id in gone {
            tables[kind, id] = nil
            tables.note(kind.rawValue, id)
        }
        tables.memberships = tables.memberships.filter { place, _ in
            switch kind {
            case .teams: !(place.owner == .team && goneIDs.contains(place.ownerID))
            case .organizations: !(place.owner == .organization && goneIDs.contains(place.ownerID))
            case .users: !goneIDs.contains(place.userID)
            default: true
            }
        }
        return gone.count
    }

    @discardableResult
    func delete(_ kind: EntityKind, where conditions: [EntityQuery.Condition]) throws(StoreFault) -> Int {
        try begin()
        if conditions.isEmpty { return 0 }
        return try delete(kind, ids: matching(kind, conditions).map(\.id))
    }

    // MARK: Memberships

    func members(_ owner: Membership.Owner, of ownerID: String) throws(StoreFault) -> [Membership] {
        tables.memberships.values.filter { $0.owner == owner && MemoryCondition.same($0.ownerID, ownerID) }
            .sorted { MemoryOrder.precedes($0.userID, $1.userID) }
    }

    func memberships(_ owner: Membership.Owner, ofUser userID: String) throws(StoreFault) -> [Membership] {
        tables.memberships.values.filter { $0.owner == owner && MemoryCondition.same($0.userID, userID) }
            .sorted { MemoryOrder.precedes($0.ownerID, $1.ownerID) }
    }

    func membership(
        _ owner: Membership.Owner, _ ownerID: String, user userID: String
    ) throws(StoreFault) -> Membership? {
        tables.memberships[.init(owner, ownerID, userID)]
    }

    func put(_ membership: Membership) throws(StoreFault) {
        try begin()
        guard LookupField.fits(membership.userID), LookupField.fits(membership.ownerID) else {
            throw .unfit(.users, nil)
        }
        var kept = membership
        kept.spend = MemoryOrder.wholeNanodollars(membership.spend)
        tables.memberships[.init(membership.owner, membership.ownerID, membership.userID)] = kept
        tables.note("\(membership.owner.rawValue)_members", membership.userID)
    }

    @discardableResult
    func remove(_ owner: Membership.Owner, _ ownerID: String, user userID: String) throws(StoreFault) -> Bool {
        try begin()
        guard tables.memberships.removeValue(forKey: .init(owner, ownerID, userID)) != nil else { return false }
        tables.note("\(owner.rawValue)_members", userID)
        return true
    }

    // MARK: Grants, audit, changes

    func grant(of hash: String, at now: Int64) throws(StoreFault) -> GrantRecord? {
        var (hash, revokedAt, steps) = (hash, nil as Int64?, 0)
        while tables[.keys, hash] == nil {
            guard steps < 10, let document = tables[.retiredKeys, hash]?.document,
                let end = document.int("revoke_at"), Int64(end) > now, let next = document.string("active")
            else { return nil }
            revokedAt = min(revokedAt ?? Int64(end), Int64(end))
            hash = next
            steps += 1
        }
        guard let key = tables[.keys, hash] else { return nil }
        var record = GrantRecord(key: key, revokedAt: revokedAt)
        record.team = LookupField.teamID.value(of: key).flatMap { tables[.teams, $0] }
        record.user = LookupField.userID.value(of: key).flatMap { tables[.users, $0] }
        let organization = LookupField.organizationID.value(of: key)
        record.organization =
            (organization ?? record.team.flatMap { LookupField.organizationID.value(of: $0) })
            .flatMap { tables[.organizations, $0] }
        if let teamID = LookupField.teamID.value(of: key), let userID = LookupField.userID.value(of: key) {
            record.membership = tables.memberships[.init(.team, teamID, userID)]
        }
        let documents = [key, record.team, record.user, record.organization].compactMap(\.?.document)
        for document in documents + [record.membership?.document].compactMap(\.self) {
            guard let id = document.string("budget_id") else { continue }
            record.budgets[id] = tables[.budgets, id]
        }
        return record
    }

    func record(_ entry: AuditEntry) throws(StoreFault) {
        try begin()
        var kept = entry
        kept.changedBy = MemoryOrder.clipped(entry.changedBy)
        kept.changedByKey = MemoryOrder.clipped(entry.changedByKey)
        kept.objectID = MemoryOrder.clipped(entry.objectID)
        tables.audit.append(kept)
    }

    func audit(_ query: AuditQuery) throws(StoreFault) -> (entries: [AuditEntry], total: Int) {
        let found = tables.audit.filter { MemoryCondition.holds(query, $0) }
        let sorted = found.sorted { left, right in
            let (first, second) = query.descends ? (right, left) : (left, right)
            return first.at == second.at ? MemoryOrder.precedes(first.id, second.id) : first.at < second.at
        }
        return (MemoryOrder.page(sorted, number: query.page, size: query.size), sorted.count)
    }

    func changes(after sequence: Int64, limit: Int) throws(StoreFault) -> [Change]? {
        guard sequence <= tables.lastSequence, (tables.notes.first?.change.sequence ?? 1) <= sequence + 1 else {
            return nil
        }
        return Array(tables.notes.map(\.change).filter { $0.sequence > sequence }.prefix(limit))
    }

    func lastChange() throws(StoreFault) -> Int64 { tables.lastSequence }

    func pruneChanges(before moment: Int64) throws(StoreFault) {
        try begin()
        let last = tables.lastSequence
        tables.notes.removeAll { $0.at < moment && $0.change.sequence < last }
    }

    // MARK: Rules

    /// By id, each once.
    private func unique(_ ids: [String]) -> [String] {
        var met: Set<MemoryTables.Exact> = []
        return ids.filter { met.insert(.init($0)).inserted }.sorted(by: MemoryOrder.precedes)
    }

    private func begin() throws(StoreFault) {
        if isReading { throw .broken("a read transaction cannot change anything") }
    }

    private func kept(_ entity: Entity) -> Entity {
        var entity = entity
        entity.spend = MemoryOrder.wholeNanodollars(entity.spend)
        return entity
    }

    private func matching(
        _ kind: EntityKind, _ conditions: [EntityQuery.Condition]
    ) throws(StoreFault) -> [Entity] {
        for condition in conditions { try MemoryCondition.check(condition, kind) }
        return tables.all(kind).filter { entity in
            conditions.allSatisfy { MemoryCondition.holds($0, entity) }
        }
    }

    private func checkFit(_ entity: Entity) throws(StoreFault) {
        guard LookupField.fits(entity.id) else { throw .unfit(entity.kind, nil) }
        for field in LookupField.fields(of: entity.kind) {
            guard LookupField.fits(field.value(of: entity) ?? "") else { throw .unfit(entity.kind, field) }
        }
    }

    private func checkUnique(_ entity: Entity) throws(StoreFault) {
        for field in LookupField.unique(of: entity.kind) {
            guard let value = field.value(of: entity) else { continue }
            let isTaken = tables.all(entity.kind).contains { other in
                !MemoryCondition.same(other.id, entity.id) && MemoryCondition.same(field.value(of: other), value)
                    && (field != .keyAlias
                        || MemoryCondition.same(
                            LookupField.teamID.value(of: other), LookupField.teamID.value(of: entity)))
            }
            if isTaken { throw .duplicate(entity.kind, field) }
        }
    }
}
