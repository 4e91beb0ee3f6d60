package import WeirCore

extension Offices {
    package var secrets: SecretsOffice { SecretsOffice(desk) }
}

/// The keeper of what is sealed: proves that all is, and seals it anew. For the one who runs Weir, on the store itself.
package struct SecretsOffice: Sendable {
    /// The families of records that hold secrets.
    private static let families: [EntityKind] = [.models, .credentials]
    private static let pageSize = 200

    /// What `verify` found.
    package struct Report: Sendable, Hashable {
        package var models = 0
        package var credentials = 0
        /// Secrets that are sealed, and open.
        package var sealed = 0
        /// Names of environment variables in a secret's place.
        package var references = 0
        /// `models/<id>/litellm_params/api_key`: secrets that stand there for all to read.
        package var plain: [String] = []
        /// The same of those that cannot be opened.
        package var unreadable: [String] = []

        package init() {}

        package var isSound: Bool { plain.isEmpty && unreadable.isEmpty }
    }

    let desk: Desk

    package init(_ desk: Desk) { self.desk = desk }

    /// Whether the master secret fits what is sealed: throws a fault whose sentence names the variable that is missing or
    /// wrong, and how many records need it.
    package func check() async throws(OfficeFault) {
        let vault = desk.vault
        try await desk.read { session in try vault.check(session) }
    }

    /// Wraps all data keys with `new` instead of `old`, in one transaction; how many there were to wrap. What is sealed stays
    /// as it is, so replicas that hold the data keys in memory go on; restart them with the new secret. Those that are
    /// wrapped with `new` already are left alone, so that it can be done again.
    package func rotate(
        from old: Secret, to new: Secret, by requester: Requester
    ) async throws(OfficeFault) -> Int {
        guard !new.isEmpty else { throw .bad("The new secret is empty.") }
        let (desk, before, after) = (desk, Vault(master: old), Vault(master: new))
        return try await desk.write { session in
            var count = 0
            for entity in try DataKey.all(session) {
                guard let dataKey = DataKey(entity),
                    let next = try before.rewrapped(dataKey, for: after, session, desk)
                else { continue }
                try session.update(desk.changed(entity, next.document, by: requester))
                try desk.audit(session, requester, "rotated", .dataKeys, entity.id, before: nil, after: nil)
                count += 1
            }
            return count
        }
    }

    /// Makes new data keys and seals every record with them, page by page; how many records were sealed anew. Old data keys
    /// stay, for backups and for records that are written meanwhile.
    package func rotateRecords(by requester: Requester) async throws(OfficeFault) -> Int {
        let desk = desk
        var count = 0
        for family in Self.families {
            let ids = try await ids(of: family)
            guard !ids.isEmpty else { continue }
            try await desk.write { session in
                let id = try desk.vault.renew(family, session, desk)
                try desk.audit(session, requester, "created", .dataKeys, id, before: nil, after: nil)
            }
            for start in stride(from: 0, to: ids.count, by: Self.pageSize) {
                let page = Array(ids[start..<min(start + Self.pageSize, ids.count)])
                count += try await desk.write { session in try reseal(page, of: family, session, requester) }
            }
        }
        return count
    }

    private func reseal(
        _ ids: [String], of family: EntityKind, _ session: any StoreSession, _ requester: Requester
    ) throws -> Int {
        var count = 0
        for id in ids {
            guard let entity = try session.entityForUpdate(family, id) else { continue }
            let document = try DocumentSeal(desk.vault, entity).resealed(entity.document, session, desk)
            guard document != entity.document else { continue }
            try session.update(desk.changed(entity, document, by: requester))
            try desk.audit(session, requester, "rotated", family, id, before: nil, after: nil)
            count += 1
        }
        return count
    }

    /// Walks all models and credentials: every secret of theirs must be sealed, and open.
    package func verify() async throws(OfficeFault) -> Report {
        let desk = desk
        var report = Report()
        for family in Self.families {
            let ids = try await ids(of: family)
            if family == .models { report.models = ids.count } else { report.credentials = ids.count }
            for start in stride(from: 0, to: ids.count, by: Self.pageSize) {
                let page = Array(ids[start..<min(start + Self.pageSize, ids.count)])
                let soFar = report
                report = try await desk.read { session in
                    var report = soFar
                    for entity in try session.entities(family, ids: page).sorted(by: { $0.id < $1.id }) {
                        try Self.look(at: entity, desk.vault, session, &report)
                    }
                    return report
                }
            }
        }
        return report
    }

    private static func look(
        at entity: Entity, _ vault: Vault, _ session: any StoreSession, _ report: inout Report
    ) throws {
        let tenant = entity.document.string("team_id") ?? ""
        report.plain += SecretMembers.numbers(entity.document).map { "\(entity.kind.rawValue)/\(entity.id)\($0)" }
        for place in SecretMembers.places(entity.document) where place.isSecret {
            let name = "\(entity.kind.rawValue)/\(entity.id)\(place.path)"
            if place.isReference {
                report.references += 1
            } else if SealedText.isSealed(place.text) {
                do {
                    let context = SealContext(entity.kind, entity.id, path: place.path, tenant: tenant)
                    _ = try vault.open(place.text, in: context, session)
                    report.sealed += 1
                } catch is VaultFault {
                    report.unreadable.append(name)
                }
            } else {
                report.plain.append(name)
            }
        }
    }

    /// Of all records of a family, in their order, read before any of them is changed.
    private func ids(of family: EntityKind) async throws(OfficeFault) -> [String] {
        try await desk.read { session in try EntityWalk.all(family, session).map(\.id) }
    }
}
