package import WeirAccess
package import WeirCore

/// The store with SQL: written once, for both databases.
///
/// Transactions that write come one after the other, on PostgreSQL as on SQLite: what one of them reads stays as it is until
/// it is over, and the numbers of its changes never become visible before those of an earlier one.
package struct SQLStore: Store {
    private let database: any SQLDatabase
    private let places: PagePlaces?

    /// `database` has the tables that `Migrator` makes. With a `time` it is remembered for a minute where pages are that start
    /// `placeDepth` rows or more from both ends of a list.
    package init(_ database: any SQLDatabase, time: TimeSource? = nil, placeDepth: Int = 1000) {
        self.database = database
        places = time.map { PagePlaces($0, depth: placeDepth) }
    }

    package func read<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.read { sql in try work(SQLStoreSession(sql, places)) }
        } catch let fault as SQLFault {
            throw StoreFault(fault)
        }
    }

    package func write<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.write { sql in
                let session = SQLStoreSession(sql, places)
                try session.waitForTurn()
                return try work(session)
            }
        } catch let fault as SQLFault {
            throw StoreFault(fault)
        }
    }
}

extension StoreFault {
    /// For faults that no statement of ours expects.
    init(_ fault: SQLFault) {
        switch fault {
        case .unavailable(let detail), .serialization(let detail): self = .unavailable(detail)
        case .duplicate(let detail): self = .broken("unexpected duplicate: \(detail)")
        case .refused(let detail), .broken(let detail): self = .broken(detail)
        }
    }

    /// `kind`'s constraint as either database tells it: its index is named after the field, and so is the column.
    init(_ fault: SQLFault, writing kind: EntityKind) {
        guard case .duplicate(let constraint) = fault else {
            self.init(fault)
            return
        }
        self = .duplicate(kind, LookupField.unique(of: kind).first { constraint.contains($0.rawValue) })
    }
}
