import WeirCore

/// Takes over what a LiteLLM database has: keys by their hashes, so that they go on working, and all that they depend on.
///
/// May be run as often as one likes: what is equal is left alone, what changed at the source follows, and what was changed
/// here since stays as it is. A row that cannot be taken is reported and stops nothing. Nothing is ever deleted.
package struct LiteLLMImport: Sendable {
    /// Rows read, and written in one transaction, at a time.
    private static let batch = 1000

    private let source: any LiteLLMSource
    private let desk: Desk
    private let mapping: LiteLLMMapping
    private let isDryRun: Bool

    /// - Parameters:
    ///   - desk: where to; its vault seals the secrets of models and credentials anew.
    ///   - seal: opens what is sealed in the source.
    ///   - isDryRun: only reads and counts.
    package init(from source: any LiteLLMSource, to desk: Desk, seal: LiteLLMSeal, isDryRun: Bool) {
        self.source = source
        self.desk = desk
        mapping = LiteLLMMapping(seal: seal, now: desk.now)
        self.isDryRun = isDryRun
    }

    /// Throws when one of the databases is away; what was taken over by then stays, and another run goes on with the rest.
    ///
    /// - Parameter progress: is told each table when it is done.
    package func run(_ progress: (ImportReport.Tally) -> Void = { _ in }) async throws -> ImportReport {
        var report = ImportReport(isDryRun: isDryRun)
        if !isDryRun {
            for family in [EntityKind.models, .credentials] where desk.vault.canSeal {
                try await desk.vault.prepare(family, desk)
            }
        }
        var planned: Set<ImportWriting.Place> = []
        for table in LiteLLMTable.allCases {
            guard try await source.has(table) else {
                report.missing.append(table.rawValue)
                continue
            }
            for tally in try await take(table, &planned, &report) {
                report.tallies.append(tally)
                progress(tally)
            }
        }
        if !isDryRun { try await note(report) }
        return report
    }

    private func take(
        _ table: LiteLLMTable, _ planned: inout Set<ImportWriting.Place>, _ report: inout ImportReport
    ) async throws -> [ImportReport.Tally] {
        var tally = ImportReport.Tally(table: table.rawValue)
        var members = ImportReport.Tally(table: "\(table.rawValue).members_with_roles")
        var key: [String]?
        while true {
            let rows = try await source.rows(of: table, after: key, limit: Self.batch)
            guard let last = rows.last else { break }
            try await apply(items(rows, table, &tally, &report), planned, &tally, &report)
            if table == .teams {
                let items = try await named(rows).flatMap(mapping.members)
                members.read += items.count
                try await apply(items, planned, &members, &report)
                if isDryRun { planned.formUnion(items.compactMap(ImportWriting.Place.init)) }
            }
            key = table.primaryKey.map { last.string($0) ?? "" }
            guard rows.count == Self.batch else { break }
        }
        return table == .teams ? [tally, members] : [tally]
    }

    private func items(
        _ rows: [JSONObject], _ table: LiteLLMTable, _ tally: inout ImportReport.Tally, _ report: inout ImportReport
    ) -> [ImportItem] {
        tally.read += rows.count
        return rows.compactMap { row in
            do throws(ImportFault) {
                switch try mapping.map(row, of: table) {
                case .item(let item): return item
                case .skipped: tally.skipped += 1
                }
            } catch {
                tally.failed += 1
                let label = Self.label(row, table)
                report.add(.init(table: tally.table, row: label, sentence: error.description, isFailure: true))
            }
            return nil
        }
    }

    /// Never a key: some rows hold one where its hash should be.
    private static func label(_ row: JSONObject, _ table: LiteLLMTable) -> String {
        switch table {
        case .keys: row.string("key_alias") ?? row.string("key_name") ?? "a key without a name"
        case .credentials: row.string("credential_name") ?? "a credential without a name"
        default: table.primaryKey.map { row.string($0) ?? "?" }.joined(separator: " in ")
        }
    }

    /// The teams' rows with the ids of members who are named by their e-mail alone.
    private func named(_ rows: [JSONObject]) async throws -> [JSONObject] {
        let mapping = mapping
        let emails = Set(rows.flatMap(mapping.emails))
        if emails.isEmpty { return rows }
        let ids = try await desk.store.read { session in
            var ids: [String: String] = [:]
            for email in emails {
                let found = try session.entities(.users, where: .userEmail, is: email, limit: 2)
                if found.count == 1 { ids[email] = found[0].id }
            }
            return ids
        }
        return rows.map { mapping.named($0, ids) }
    }

    // MARK: Writing

    /// In one transaction; where one of them cannot be written, each in its own.
    private func apply(
        _ items: [ImportItem], _ planned: Set<ImportWriting.Place>, _ tally: inout ImportReport.Tally,
        _ report: inout ImportReport
    ) async throws {
        if items.isEmpty { return }
        do {
            let outcomes = try await outcomes(of: items, planned)
            for (item, outcome) in zip(items, outcomes) { count(item, outcome, &tally, &report) }
        } catch {
            if case StoreFault.unavailable? = error as? StoreFault { throw error }
            for item in items { try await applyAlone(item, planned, &tally, &report) }
        }
    }

    private func applyAlone(
        _ item: ImportItem, _ planned: Set<ImportWriting.Place>, _ tally: inout ImportReport.Tally,
        _ report: inout ImportReport
    ) async throws {
        do {
            let outcome = try await outcomes(of: [item], planned)[0]
            count(item, outcome, &tally, &report)
        } catch {
            if case StoreFault.unavailable? = error as? StoreFault { throw error }
            if let other = Self.without(error as? StoreFault, item) {
                return try await applyAlone(other, planned, &tally, &report)
            }
            tally.failed += 1
            report.add(
                .init(table: tally.table, row: item.label, sentence: Self.sentence(error), isFailure: true))
        }
    }

    private func outcomes(
        of items: [ImportItem], _ planned: Set<ImportWriting.Place>
    ) async throws -> [ImportOutcome] {
        let (desk, isDryRun) = (desk, isDryRun)
        if isDryRun {
            return try await desk.store.read { session in
                try ImportWriting(session: session, desk: desk, planned: planned, isDryRun: true).apply(items)
            }
        }
        return try await desk.store.write { session in
            try ImportWriting(session: session, desk: desk, planned: [], isDryRun: false).apply(items)
        }
    }

    /// The item without what only one may have, and another has: LiteLLM lets two users share an e-mail.
    private static func without(_ fault: StoreFault?, _ item: ImportItem) -> ImportItem? {
        guard case .duplicate(_, let field?)? = fault, case .entity(var entity) = item.content,
            [.keyAlias, .userEmail, .ssoUserID].contains(field), entity.document.value(field.rawValue) != nil
        else { return nil }
        entity.document[field.rawValue] = nil
        var other = item
        other.content = .entity(entity)
        other.notes.append("its \(field.rawValue) is taken by another of \(entity.kind.rawValue) and was left out")
        return other
    }

    private func count(
        _ item: ImportItem, _ outcome: ImportOutcome, _ tally: inout ImportReport.Tally, _ report: inout ImportReport
    ) {
        switch outcome {
        case .new: tally.new += 1
        case .updated: tally.updated += 1
        case .equal: tally.equal += 1
        case .kept: tally.kept += 1
        case .skipped:
            tally.skipped += 1
            report.add(
                .init(
                    table: tally.table, row: item.label,
                    sentence: "the team does not list this user as a member, so he is none here", isFailure: false))
        }
        for note in item.notes {
            report.add(.init(table: tally.table, row: item.label, sentence: note, isFailure: false))
        }
    }

    private static func sentence(_ error: any Error) -> String {
        switch error {
        case let fault as VaultFault: fault.description
        case let fault as StoreFault: OfficeFault(fault).message
        case let fault as OfficeFault: fault.message
        default: "it could not be written"
        }
    }

    /// One entry for the auditor: who reads the trail later must see where a million keys came from.
    private func note(_ report: ImportReport) async throws {
        let desk = desk
        let after: JSONObject = ["tables": report.json["tables"] ?? []]
        let entry = AuditEntry(
            id: desk.newID(), at: desk.now, changedBy: LiteLLMMapping.author, changedByKey: "", address: "command line",
            action: "imported", table: "LiteLLM", objectID: desk.newID(), before: nil, after: after)
        try await desk.store.write { session in try session.record(entry) }
    }
}
