import Synchronization
package import WeirCore

/// The customers for whom callers call (LiteLLM's end users): what is set for them, as far as memory tells. One for each
/// process, and it outlives a reload of the configuration.
///
/// Kept as keys are: the store is asked once for each name, and only a change or the bound makes one forgotten. A name that
/// the store does not have is remembered too. Where there is neither a customer nor a default budget, nobody is asked for.
package final class Customers: Sendable {
    /// So many are known, and so many known not to be there; a request waits a second for the store at most.
    package static let bounds: KeyCache.Bounds = {
        var bounds = KeyCache.Bounds()
        bounds.keys = 50_000
        bounds.unknowns = 50_000
        bounds.unknownLife = 600_000_000_000
        bounds.wait = 1_000_000_000
        bounds.rest = 3_000_000_000
        return bounds
    }()
    /// Apart from those of keys.
    private static let firstIndex = 1 << 40

    private let cache: KeyCache
    /// The id of the budget of those who have none (`max_end_user_budget_id`).
    private let defaultBudget = Mutex<String?>(nil)
    private let hasDefault = Atomic<Bool>(false)
    /// Whether the store has any. Nobody knows at first.
    private let exist = Atomic<Bool>(true)
    /// The change after which that was found.
    private let foundAfter = Mutex<Int64>(.min)

    package init(
        store: any Store, time: TimeSource, bounds: KeyCache.Bounds = Customers.bounds,
        alarm: @escaping KeyCache.Alarm = KeyCache.sleepingAlarm
    ) {
        cache = KeyCache(
            of: .customers, store: store, time: time, bounds: bounds, firstIndex: Self.firstIndex, alarm: alarm)
    }

    /// Somebody may be one: where this is false, no request need be asked for whom it is.
    package var areAsked: Bool { exist.load(ordering: .relaxed) || hasDefault.load(ordering: .relaxed) }
    /// Known ones.
    package var count: Int { cache.count }
    package var unknownCount: Int { cache.unknownCount }

    // MARK: Asking

    /// What is known of the customer with this id. `wall`: nanoseconds since 1970. Never waits.
    package func customer(_ id: String, at wall: UInt64) -> KeyCache.Lookup {
        cache.principal(for: Self.digest(id), at: wall)
    }

    /// Asks the store for a customer that is unseen; nil when there is none, and when the store does not answer in time: as
    /// with LiteLLM, a database that is away stops nobody for his customer's sake.
    package func load(_ id: String) async -> Principal? {
        let digest = Self.digest(id)
        let (cache, standard) = (cache, defaultBudget.withLock { $0 })
        let customer = try? await cache.load(digest) { session, _ in
            try CustomerRecord(id, default: standard, session).map { record in
                FoundPrincipal(
                    principal: record.principal(digest, index: cache.newIndex()), references: record.references)
            }
        }
        return customer ?? nil
    }

    private static func digest(_ id: String) -> KeyDigest { KeyDigest(of: Secret(id)) }

    // MARK: Changes

    /// The budget of those who have none, as the configuration in force says.
    package func adopt(defaultBudget id: String?) {
        let isNew = defaultBudget.withLock { known in
            defer { known = id }
            return known != id
        }
        guard isNew else { return }
        hasDefault.store(id != nil, ordering: .relaxed)
        cache.dropAll()
    }

    /// Whether the store has any customer, as it was found after this change: to be told after each change of them. What is
    /// older than what is known says nothing, for several may look at once.
    package func note(exist: Bool, after change: Int64) {
        foundAfter.withLock { known in
            guard change >= known else { return }
            known = change
            self.exist.store(exist, ordering: .relaxed)
        }
    }

    /// Something was changed, here or on another replica.
    package func apply(_ change: Change) {
        // Who was unknown may have it from now on.
        if change.kind == EntityKind.budgets.rawValue, change.id == defaultBudget.withLock({ $0 }) {
            return cache.dropAll()
        }
        cache.apply(change)
    }

    /// Changes may have been missed.
    package func dropAll() { cache.dropAll() }
}
