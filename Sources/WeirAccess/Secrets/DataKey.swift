import WeirCore

/// A data key as the store has it: one for each family of records, and one more each time that the records are sealed anew.
struct DataKey: Sendable {
    /// More than a store ever has: one a family and re-encryption.
    private static let most = 1000

    let id: String
    let family: EntityKind
    /// From 1; the highest one of a family seals.
    let generation: Int
    let wrapped: String

    init(family: EntityKind, generation: Int, wrapped: String) {
        id = Self.id(family, generation)
        self.family = family
        self.generation = generation
        self.wrapped = wrapped
    }

    /// Nil when the record is none.
    init?(_ entity: Entity) {
        guard let family = entity.document.string("family").flatMap(EntityKind.init(rawValue:)),
            let generation = entity.document.int("generation"), let wrapped = entity.document.string("wrapped")
        else { return nil }
        self.init(family: family, generation: generation, wrapped: wrapped)
    }

    static func id(_ family: EntityKind, _ generation: Int) -> String { "\(family.rawValue).\(generation)" }

    var document: JSONObject {
        ["family": .string(family.rawValue), "generation": .int(generation), "wrapped": .string(wrapped)]
    }

    static func all(_ session: any StoreSession) throws(StoreFault) -> [Entity] {
        var query = EntityQuery()
        query.order = .id
        query.descends = false
        query.size = most
        return try session.page(.dataKeys, query).entities
    }

    /// The one that seals now; nil before the first secret.
    static func current(_ family: EntityKind, _ session: any StoreSession) throws(StoreFault) -> DataKey? {
        try all(session).compactMap(DataKey.init).filter { $0.family == family }
            .max { $0.generation < $1.generation }
    }
}
