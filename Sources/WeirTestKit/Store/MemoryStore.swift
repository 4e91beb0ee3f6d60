import Synchronization
package import WeirAccess

/// A store in memory, for tests: everything that a store promises, and nothing that outlives it.
///
/// A transaction works on a copy, which takes the place of the whole when it succeeds; those that write wait for each other.
package final class MemoryStore: Store {
    private let state = Mutex(MemoryTables())

    package init() {}

    package func read<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result {
        try work(MemorySession(state.withLock { $0 }, isReading: true))
    }

    package func write<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result {
        try state.withLock { tables in
            let session = MemorySession(tables, isReading: false)
            let result = try work(session)
            tables = session.tables
            return result
        }
    }
}
