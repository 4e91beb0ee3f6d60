import Logging
import Synchronization
import WeirAccess
import WeirCore

/// Keeps this replica up to date with what others change: the table of changes is read four times a second, so that a
/// blocked key is refused everywhere within the second. Opens the database where it was away at the start.
final class StoreWatch: Sendable {
    static let pause = Duration.milliseconds(250)
    /// Changes that are taken in at once; more are taken as if everything had changed.
    private static let batch = 1000
    /// How long changes are kept for replicas that were away: an hour, in microseconds.
    private static let memory: Int64 = 3_600_000_000
    private static let looksPerPruning = 2400

    private let house: StoreHouse
    private let keys: KeyCache
    private let customers: Customers
    private let time: TimeSource
    private let logger: Logger
    /// To be called when models, credentials or access groups were changed.
    private let modelsChanged: @Sendable () async -> Void
    /// The last change that was taken in; nil before the first look.
    private let sequence = Mutex<Int64?>(nil)
    /// What the last look found.
    private let isAway: Atomic<Bool>

    /// Whether the store answered a quarter of a second ago.
    var answers: Bool { !isAway.load(ordering: .relaxed) }

    init(
        _ house: StoreHouse, _ keys: KeyCache, _ customers: Customers, time: TimeSource, logger: Logger,
        modelsChanged: @escaping @Sendable () async -> Void
    ) {
        self.house = house
        self.keys = keys
        self.customers = customers
        self.time = time
        self.logger = logger
        self.modelsChanged = modelsChanged
        isAway = Atomic(!house.isOpen)
    }

    /// Runs until cancelled.
    func run() async {
        var looks = 0
        var sweep = RetiredKeySweep()
        while !Task.isCancelled {
            do {
                if !house.isOpen { try await house.prepare() }
                try await look()
                if isAway.exchange(false, ordering: .relaxed) { await heal() }
                looks += 1
                if looks % Self.looksPerPruning == 0 {
                    try await prune()
                    try await sweep.run(in: house.store, at: Int64(time.wall() / 1000))
                }
            } catch is CancellationError {
                return
            } catch {
                if !isAway.exchange(true, ordering: .relaxed) {
                    logger.error("the store does not answer; keys that are known go on working: \(error)")
                }
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    private func heal() async {
        logger.notice("the store answers: \(house.title)")
        await modelsChanged()
    }

    /// Takes in what was changed since the last look. May be called at any time, by many at once.
    func look() async throws {
        let behind = sequence.withLock { $0 }
        guard let behind else {
            let last = try await state()
            return sequence.withLock { $0 = max($0 ?? last, last) }
        }
        let changes = try await house.store.read { try $0.changes(after: behind, limit: Self.batch) }
        guard let changes, changes.count < Self.batch else {
            let last = try await state()
            keys.dropAll()
            customers.dropAll()
            sequence.withLock { $0 = last }
            return await modelsChanged()
        }
        guard let last = changes.last?.sequence else { return }
        // Before those are forgotten who are asked for anew.
        if changes.contains(where: { $0.kind == EntityKind.customers.rawValue }) { _ = try await state() }
        for change in changes {
            keys.apply(change)
            customers.apply(change)
        }
        sequence.withLock { $0 = max($0 ?? last, last) }
        if changes.contains(where: { Self.concernsModels($0.kind) }) { await modelsChanged() }
    }

    /// The last change, and whether there are customers.
    private func state() async throws -> Int64 {
        let (last, count) = try await house.store.read { (try $0.lastChange(), try $0.count(.customers, [])) }
        customers.note(exist: count > 0, after: last)
        return last
    }

    private static func concernsModels(_ kind: String) -> Bool {
        [EntityKind.models, .credentials, .accessGroups].contains { $0.rawValue == kind }
    }

    private func prune() async throws {
        let moment = Int64(time.wall() / 1000) - Self.memory
        try await house.store.write { try $0.pruneChanges(before: moment) }
    }
}

/// The store as the offices of this process have it: what they change counts here before they answer.
struct WatchedStore: Store {
    private let store: any Store
    private let watch: StoreWatch

    init(_ store: any Store, _ watch: StoreWatch) {
        self.store = store
        self.watch = watch
    }

    func read<Result: Sendable>(_ work: @escaping @Sendable (any StoreSession) throws -> Result) async throws -> Result
    {
        try await store.read(work)
    }

    func write<Result: Sendable>(_ work: @escaping @Sendable (any StoreSession) throws -> Result) async throws -> Result
    {
        let result = try await store.write(work)
        // It is written; should the look fail, the next one finds it.
        try? await watch.look()
        return result
    }
}
