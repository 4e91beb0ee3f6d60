import WeirAccess

/// What a `MemoryStore` holds.
struct MemoryTables: Sendable {
    /// A text as its bytes: to a database, `ü` and `u` with two dots put over it are not the same.
    struct Exact: Hashable {
        private let bytes: [UInt8]

        init(_ text: String) { bytes = Array(text.utf8) }
    }

    struct Place: Hashable {
        let owner: Membership.Owner
        let ownerID: Exact
        let userID: Exact

        init(_ owner: Membership.Owner, _ ownerID: String, _ userID: String) {
            self.owner = owner
            self.ownerID = Exact(ownerID)
            self.userID = Exact(userID)
        }
    }

    struct Note {
        let change: Change
        /// Microseconds since 1970 UTC.
        let at: Int64
    }

    private var entities: [EntityKind: [Exact: Entity]] = [:]
    var memberships: [Place: Membership] = [:]
    var audit: [AuditEntry] = []
    var notes: [Note] = []
    /// Sequence numbers up to this one are given.
    private(set) var lastSequence: Int64 = 0
    /// The latest moment that any entity told of: what has no moment of its own is noted with this one.
    private var latest: Int64 = 0

    func all(_ kind: EntityKind) -> some Collection<Entity> { (entities[kind] ?? [:]).values }

    subscript(kind: EntityKind, id: String) -> Entity? {
        get { entities[kind]?[Exact(id)] }
        set { entities[kind, default: [:]][Exact(id)] = newValue }
    }

    mutating func note(_ kind: String, _ id: String, at moment: Int64? = nil) {
        latest = max(latest, moment ?? latest)
        lastSequence += 1
        notes.append(Note(change: Change(sequence: lastSequence, kind: kind, id: id), at: moment ?? latest))
    }
}
