import WeirCore

/// Compares rows with what is here, and writes what must be, within one transaction.
struct ImportWriting {
    let session: any StoreSession
    let desk: Desk
    /// Memberships that a dry run would have written before.
    let planned: Set<Place>
    let isDryRun: Bool

    /// Somebody's place in a team.
    struct Place: Hashable, Sendable {
        let team: String
        let user: String

        private init(_ membership: Membership) {
            team = membership.ownerID
            user = membership.userID
        }

        /// Nil for what is no place in a team.
        init?(_ item: ImportItem) {
            switch item.content {
            case .role(let membership), .place(let membership): self.init(membership)
            case .entity, .membership: return nil
            }
        }
    }

    /// One outcome for each item, in their order.
    func apply(_ items: [ImportItem]) throws -> [ImportOutcome] {
        let here = try known(items)
        return try items.map { item in
            switch item.content {
            case .entity(let entity): try apply(entity, here[entity.id])
            case .role(let membership): try applyRole(membership)
            case .place(let membership):
                try applyPlace(membership, isPlanned: Place(item).map(planned.contains) ?? false)
            case .membership(let membership): try applyWhole(membership)
            }
        }
    }

    private func known(_ items: [ImportItem]) throws -> [String: Entity] {
        let entities = items.compactMap { item in
            if case .entity(let entity) = item.content { entity } else { nil }
        }
        guard let kind = entities.first?.kind else { return [:] }
        let found = try session.entities(kind, ids: entities.map(\.id))
        return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Entities

    private func apply(_ entity: Entity, _ existing: Entity?) throws -> ImportOutcome {
        guard let existing else {
            if !isDryRun {
                var sealed = entity
                sealed.document = try document(entity)
                try session.insert(sealed)
            }
            return .new
        }
        let isSame = try isEqual(entity, existing)
        let spend = Self.spend(entity, existing)
        if isSame, spend == existing.spend { return .equal }
        guard existing.updatedBy == LiteLLMMapping.author else { return .kept }
        if !isDryRun {
            var changed = existing
            if !isSame { changed.document = try document(entity) }
            changed.spend = spend
            changed.updatedAt = desk.now
            try session.update(changed)
        }
        return .updated
    }

    private var seals: Set<EntityKind> { [.models, .credentials] }

    private func document(_ entity: Entity) throws -> JSONObject {
        guard seals.contains(entity.kind) else { return entity.document }
        return try DocumentSeal(desk.vault, entity).sealed(entity.document, session, desk)
    }

    /// With the secrets of what is here opened; when they cannot be, it is taken as another.
    private func isEqual(_ entity: Entity, _ existing: Entity) throws -> Bool {
        guard seals.contains(entity.kind) else {
            return ImportComparison.areEqual(entity.document, existing.document)
        }
        do {
            let opened = try DocumentSeal(desk.vault, existing).opened(existing.document, session)
            return ImportComparison.areEqual(entity.document, opened)
        } catch is VaultFault {
            return false
        }
    }

    /// What was spent here since the import is not forgotten: the larger of both, unless the source began a new period.
    private static func spend(_ entity: Entity, _ existing: Entity) -> Money {
        let began = entity.document.int("budget_reset_at") != existing.document.int("budget_reset_at")
        return began ? entity.spend : max(entity.spend, existing.spend)
    }

    // MARK: Memberships

    private func applyRole(_ membership: Membership) throws -> ImportOutcome {
        guard let existing = try here(membership) else { return try put(membership, .new) }
        if existing.role == membership.role { return .equal }
        var changed = existing
        changed.role = membership.role
        return try change(changed)
    }

    private func applyPlace(_ membership: Membership, isPlanned: Bool) throws -> ImportOutcome {
        let known = try here(membership)
        let made = isPlanned ? Membership(owner: .team, ownerID: "", userID: "", role: membership.role) : nil
        guard let existing = known ?? made else { return .skipped }
        var changed = existing
        changed.document = membership.document
        changed.spend = max(existing.spend, membership.spend)
        if isSame(changed, existing) { return .equal }
        if existing.document.isEmpty, existing.spend == .zero { return try put(changed, .new) }
        return try change(changed)
    }

    private func applyWhole(_ membership: Membership) throws -> ImportOutcome {
        guard let existing = try here(membership) else { return try put(membership, .new) }
        var changed = membership
        changed.spend = max(existing.spend, membership.spend)
        return isSame(changed, existing) ? .equal : try change(changed)
    }

    private func here(_ membership: Membership) throws -> Membership? {
        try session.membership(membership.owner, membership.ownerID, user: membership.userID)
    }

    private func isSame(_ left: Membership, _ right: Membership) -> Bool {
        left.role == right.role && left.spend == right.spend && ImportComparison.areEqual(left.document, right.document)
    }

    private func put(_ membership: Membership, _ outcome: ImportOutcome) throws -> ImportOutcome {
        if !isDryRun { try session.put(membership) }
        return outcome
    }

    /// A membership does not tell who changed it last: the audit trail of its team or organisation does.
    private func change(_ membership: Membership) throws -> ImportOutcome {
        var query = AuditQuery()
        query.objectID = membership.ownerID
        query.size = 1
        return try session.audit(query).total > 0 ? .kept : try put(membership, .updated)
    }
}
