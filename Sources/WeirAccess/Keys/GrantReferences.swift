import WeirCore

/// The records that a principal was made of, each as one word of 64 bits: so that those whom a change concerns are found
/// among all cached ones in one sweep of memory. Two records that share a word drop a principal too many, never one too few.
struct GrantReferences: Sendable, Hashable {
    /// In the last place: more records than there are places, so every change concerns it.
    private static let everything = UInt64.max

    private(set) var words = SIMD8<UInt64>(repeating: 0)
    private var count = 0

    mutating func add(_ kind: EntityKind, _ id: String?) {
        guard let id else { return }
        if count < SIMD8<UInt64>.scalarCount {
            words[count] = Self.word(kind, id)
            count += 1
        } else {
            words[SIMD8<UInt64>.scalarCount - 1] = Self.everything
        }
    }

    /// Neither 0, which is an empty place, nor `everything`.
    static func word(_ kind: EntityKind, _ id: String) -> UInt64 {
        min(max(Digest64(of: "\(kind.rawValue)\u{0}\(id)").value, 1), everything - 1)
    }

    static func does(_ words: SIMD8<UInt64>, hold word: UInt64) -> Bool {
        any(words .== word) || words[SIMD8<UInt64>.scalarCount - 1] == everything
    }
}

/// What a change means for a cache.
struct ChangedRecord: Sendable {
    /// Under which the one is kept who was changed himself.
    let digest: KeyDigest?
    let words: [UInt64]

    /// Nil for changes that none of these subjects depends on.
    init?(_ change: Change, for subject: KeyCache.Subject) {
        guard let kinds = Self.kinds(of: change.kind, subject) else { return nil }
        digest =
            switch kinds {
            case [.keys]: KeyDigest(hex: change.id)
            case [.customers]: KeyDigest(of: Secret(change.id))
            default: nil
            }
        words = kinds.map { GrantReferences.word($0, change.id) }
    }

    /// What the id of such a change may name. A membership's names its user.
    private static func kinds(of change: String, _ subject: KeyCache.Subject) -> [EntityKind]? {
        switch (subject, change) {
        case (.keys, _): kinds(ofKeys: change)
        case (.customers, EntityKind.customers.rawValue): [.customers]
        case (.customers, EntityKind.budgets.rawValue): [.budgets]
        default: nil
        }
    }

    private static func kinds(ofKeys change: String) -> [EntityKind]? {
        switch change {
        case EntityKind.keys.rawValue, EntityKind.retiredKeys.rawValue: [.keys]
        case EntityKind.users.rawValue: [.users]
        case EntityKind.teams.rawValue: [.teams]
        case EntityKind.organizations.rawValue: [.organizations]
        case EntityKind.budgets.rawValue: [.budgets]
        case "team_members": [.users, .teams]
        case "organization_members": [.users, .organizations]
        default: nil
        }
    }

    func concerns(_ marks: SIMD8<UInt64>) -> Bool { words.contains { GrantReferences.does(marks, hold: $0) } }
}
