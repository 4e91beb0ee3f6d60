import NIOCore
import Synchronization
import WeirAccess
import WeirCore
import WeirTestKit

/// A store whose answers a test may hold back, count and break.
final class SlowStore: Store {
    private struct State {
        var reads = 0
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var watchers: [(Int, CheckedContinuation<Void, Never>)] = []
        var fault: StoreFault?
    }

    let inner = MemoryStore()
    private let state = Mutex(State())

    var reads: Int { state.withLock { $0.reads } }

    func hold() { state.withLock { $0.isHeld = true } }
    func fail(with fault: StoreFault?) { state.withLock { $0.fault = fault } }

    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for reader in held { reader.resume() }
    }

    /// Lets those go that wait now; the next ones wait again.
    func releaseOnce() {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for reader in held { reader.resume() }
    }

    /// Returns once the store has been asked so often.
    func asked(_ times: Int) async {
        await withCheckedContinuation { watcher in
            let isThere = state.withLock { state in
                if state.reads >= times { return true }
                state.watchers.append((times, watcher))
                return false
            }
            if isThere { watcher.resume() }
        }
    }

    func read<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result {
        // Read first: what is held back is an answer, and it may grow old.
        let result = Swift.Result<Result, any Error>.success(try await inner.read(work))
        await withCheckedContinuation { reader in
            let (goes, watchers) = state.withLock { state in
                state.reads += 1
                let watchers = state.watchers.filter { $0.0 <= state.reads }
                state.watchers.removeAll { $0.0 <= state.reads }
                if state.isHeld { state.held.append(reader) }
                return (!state.isHeld, watchers)
            }
            for watcher in watchers { watcher.1.resume() }
            if goes { reader.resume() }
        }
        if let fault = state.withLock({ $0.fault }) { throw fault }
        return try result.get()
    }

    func write<Result: Sendable>(
        _ work: @escaping @Sendable (any StoreSession) throws -> Result
    ) async throws -> Result {
        try await inner.write(work)
    }
}

/// An alarm that rings when a test says so.
final class HeldAlarm: Sendable {
    private let rings = Mutex<[@Sendable () -> Void]>([])

    var alarm: KeyCache.Alarm { { _, ring in self.rings.withLock { $0.append(ring) } } }
    var count: Int { rings.withLock { $0.count } }

    func ring() {
        let rings = rings.withLock { rings in
            defer { rings = [] }
            return rings
        }
        for ring in rings { ring() }
    }
}

/// A cache before a store, with a clock and an alarm in the test's hand.
struct KeyRoom {
    let store = SlowStore()
    let clock = TestClock()
    let alarm = HeldAlarm()
    let cache: KeyCache

    init(_ bounds: KeyCache.Bounds = KeyCache.Bounds()) {
        cache = KeyCache(store: store, time: clock.source, bounds: bounds, alarm: alarm.alarm)
    }

    var wall: UInt64 { clock.source.wall() }

    static func show(_ text: String) -> Credential { Credential(Bytes(string: text)) }
    static func digest(_ key: String) -> KeyDigest { KeyDigest(of: Secret(key)) }

    static func entity(_ kind: EntityKind, _ id: String, _ document: JSONObject = JSONObject()) -> Entity {
        Entity(kind: kind, id: id, document: document, createdAt: 0, updatedAt: 0, createdBy: "", updatedBy: "")
    }

    static func key(_ key: String, _ document: JSONObject = JSONObject()) -> Entity {
        entity(.keys, digest(key).hex, document)
    }

    func add(_ entities: Entity...) async throws {
        try await store.write { session in
            for entity in entities { try session.insert(entity) }
        }
    }

    func load(_ key: String) async -> Result<Principal?, GatewayFault> {
        do throws(GatewayFault) { return .success(try await cache.load(Self.digest(key))) } catch {
            return .failure(error)
        }
    }

    func apply(_ kind: String, _ id: String) { cache.apply(Change(sequence: 1, kind: kind, id: id)) }

    func known(_ key: String) -> Principal? {
        if case .known(let principal) = cache.principal(for: Self.digest(key), at: wall) { principal } else { nil }
    }

    func isUnknown(_ key: String) -> Bool {
        if case .unknown = cache.principal(for: Self.digest(key), at: wall) { true } else { false }
    }

    func isUnseen(_ key: String) -> Bool {
        if case .unseen = cache.principal(for: Self.digest(key), at: wall) { true } else { false }
    }
}

extension Result where Failure == GatewayFault {
    var fault: GatewayFault? {
        if case .failure(let fault) = self { fault } else { nil }
    }
}
