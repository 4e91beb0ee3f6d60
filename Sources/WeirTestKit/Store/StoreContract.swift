package import WeirAccess
import WeirCore

/// What every `Store` must do, clause by clause, so that the same suite runs on the one in memory and on both databases:
///
///     @Test(arguments: StoreContract.Clause.allCases)
///     func `the store keeps its contract`(clause: StoreContract.Clause) async {
///         #expect(await StoreContract(store: freshStore()).breach(of: clause) == nil)
///     }
package struct StoreContract: Sendable {
    package enum Clause: String, Sendable, CaseIterable {
        case givesBackWhatItTook, givesBackEveryText, givesBackWholeNanodollars, refusesTakenIDs, refusesTakenFields
        case keepsAliasesApartByTeam, goesOnAfterARefusal, refusesWhatNoIndexHolds, findsNothingByZero
        case raisesTheVersion, refusesStaleUpdates, refusesUpdatesOfNothing, changesAllOrNothing
        case readsChangeNothing, deletesByID, deletesByCondition, deletesNothingWithoutCondition
        case findsByField, takesLongLists
        case showsTheNewestFirst, sortsByEveryOrder, pagesMeetWithoutGaps, meetsEveryCondition
        case foldsASCII, refusesUnknownFields, hasPagesOfNothing
        case putsMembers, removesMembers, dropsMembersWithTheirOwner, dropsMembersWithTheirUser
        case gathersGrants, grantsPlainKeys, findsTheTeamsOrganization, grantsReplacedKeys, followsReplacements
        case findsAuditEntries, pagesAudit, clipsAudit
        case notesEveryChange, forgetsWhatFailed, tellsOfGaps, losesNoWrite
    }

    /// Somebody gave a text for a value to see what the store makes of it.
    static let hostileTexts = [
        "'; DROP TABLE weir_keys; --", "' OR '1'='1", "\" OR \"\"=\"", "\\'; SELECT 1; --", "$1", "?1", ":name", "%",
        "_",
        "\\", "%%\\_%", "{text}", "a\nb\tc\r", "\u{1}\u{1F}\u{7F}", "ü", "u\u{308}", "日本語", "🧱", "\u{202E}abc",
        "\u{FEFF}x",
        "NULL", "null", "0", "1e9", " leading and trailing ",
    ]

    let store: any Store

    /// `store` holds nothing; each clause needs one of its own.
    package init(store: any Store) { self.store = store }

    /// What the store did against the clause; nil when it kept it.
    package func breach(of clause: Clause) async -> String? {
        do {
            try await check(clause)
            return nil
        } catch let breach as Breach {
            return breach.text
        } catch {
            return "\(error)"
        }
    }

    private func check(_ clause: Clause) async throws {
        switch clause {
        case .givesBackWhatItTook, .givesBackEveryText, .givesBackWholeNanodollars, .refusesTakenIDs,
            .refusesTakenFields,
            .keepsAliasesApartByTeam, .goesOnAfterARefusal, .refusesWhatNoIndexHolds, .findsNothingByZero:
            try await checkInsert(clause)
        case .raisesTheVersion, .refusesStaleUpdates, .refusesUpdatesOfNothing, .changesAllOrNothing,
            .readsChangeNothing,
            .deletesByID, .deletesByCondition, .deletesNothingWithoutCondition:
            try await checkUpdate(clause)
        case .findsByField, .takesLongLists, .showsTheNewestFirst, .sortsByEveryOrder, .pagesMeetWithoutGaps,
            .meetsEveryCondition, .foldsASCII, .refusesUnknownFields, .hasPagesOfNothing:
            try await checkQuery(clause)
        case .putsMembers, .removesMembers, .dropsMembersWithTheirOwner, .dropsMembersWithTheirUser:
            try await checkMembers(clause)
        case .gathersGrants, .grantsPlainKeys, .findsTheTeamsOrganization, .grantsReplacedKeys, .followsReplacements:
            try await checkGrant(clause)
        case .findsAuditEntries, .pagesAudit, .clipsAudit: try await checkAudit(clause)
        case .notesEveryChange, .forgetsWhatFailed, .tellsOfGaps, .losesNoWrite: try await checkChanges(clause)
        }
    }

    // MARK: What the clauses share

    struct Breach: Error { let text: String }

    func same<Value: Equatable>(
        _ found: Value?, _ expected: Value?, _ what: String = "", line: Int = #line, file: String = #fileID
    ) throws {
        guard found == expected else {
            throw Breach(
                text: "\(file):\(line) \(what): \(String(describing: found)) is not \(String(describing: expected))")
        }
    }

    /// `work` must throw `fault`; the transaction is then left as it would be by an office.
    func refused(
        as fault: StoreFault, line: Int = #line, file: String = #fileID,
        _ work: @escaping @Sendable (any StoreSession) throws -> Void
    ) async throws {
        do {
            try await store.write(work)
        } catch let thrown as StoreFault {
            return try same(thrown, fault, line: line, file: file)
        }
        throw Breach(text: "\(file):\(line) was not refused as \(fault)")
    }

    /// An entity made at `at` µs.
    static func sample(
        _ kind: EntityKind, _ id: String, _ document: JSONObject = JSONObject(), spend: Money = .zero, at: Int64 = 1000,
        updated: Int64? = nil, by: String = "admin"
    ) -> Entity {
        Entity(
            kind: kind, id: id, document: document, spend: spend, createdAt: at, updatedAt: updated ?? at,
            createdBy: by,
            updatedBy: by)
    }

    func insert(_ entities: [Entity]) async throws {
        try await store.write { session in for entity in entities { try session.insert(entity) } }
    }

    func entity(_ kind: EntityKind, _ id: String) async throws -> Entity? {
        try await store.read { session in try session.entity(kind, id) }
    }

    func changes(after sequence: Int64) async throws -> [Change]? {
        try await store.read { session in try session.changes(after: sequence, limit: 1000) }
    }
}
