import Synchronization
package import WeirCore

/// Who the callers with keys of the store are: the only thing that a request asks about a key. One for each process, and it
/// outlives a reload of the configuration.
///
/// An entry never grows old: only a change (`apply`) and the bound remove it, so that known keys go on working while the
/// store is away. What is removed is revoked, because connections keep the principal of their last request.
package final class KeyCache: Sendable {
    package enum Lookup: Sendable {
        case known(Principal)
        /// The store was asked a moment ago and does not have it.
        case unknown
        /// Only the store can tell.
        case unseen
    }

    /// Whom the store is asked for.
    package enum Subject: Sendable { case keys, customers }

    /// What the store has of somebody; nil when it has none such. `now`: microseconds since 1970.
    typealias Question =
        @Sendable (_ session: any StoreSession, _ now: Int64) throws -> FoundPrincipal?

    /// Calls `ring` once, `nanoseconds` from now, on any thread.
    package typealias Alarm = @Sendable (_ nanoseconds: UInt64, _ ring: @escaping @Sendable () -> Void) -> Void

    package static let defaultCapacity = 100_000

    /// Rings by a task that sleeps.
    package static let sleepingAlarm: Alarm = { nanoseconds, ring in
        Task {
            try? await Task.sleep(nanoseconds: nanoseconds)
            ring()
        }
    }

    package struct Bounds: Sendable, Hashable {
        /// Keys that are known; at least 1.
        package var keys = KeyCache.defaultCapacity
        /// Keys that are known not to exist; at least 1.
        package var unknowns = 10_000
        /// How long a key is known not to exist, in nanoseconds.
        package var unknownLife: UInt64 = 10_000_000_000
        /// How long a request waits for the store, in nanoseconds.
        package var wait: UInt64 = 5_000_000_000
        /// How long the store is left alone after it did not answer, in nanoseconds.
        package var rest: UInt64 = 1_000_000_000
        /// Questions to the store at once.
        package var questions = 1024

        package init() {}
    }

    private let subject: Subject
    private let store: (any Store)?
    private let time: TimeSource
    private let bounds: Bounds
    private let shards: [KeyShard]
    private let flights: KeyFlights
    private let numbers: Atomic<Int>
    /// Wall clock, nanoseconds: when the store last failed to answer; 0 while it answers.
    private let awaySince = Atomic<UInt64>(0)
    /// Who calls while the store cannot tell who he is.
    private let stranger: Principal

    /// Without a store every key is unknown, and only tokens of an identity provider are kept. Principals are numbered from
    /// `firstIndex` on.
    package init(
        of subject: Subject = .keys, store: (any Store)?, time: TimeSource, bounds: Bounds = Bounds(),
        firstIndex: Int = 1 << 20, alarm: @escaping Alarm = KeyCache.sleepingAlarm
    ) {
        self.subject = subject
        numbers = Atomic(firstIndex)
        self.store = store
        self.time = time
        self.bounds = bounds
        var count = 64
        while count > 1, count > bounds.keys || count > bounds.unknowns { count /= 2 }
        shards = (0..<count).map { _ in
            KeyShard(
                capacity: bounds.keys / count, unknowns: bounds.unknowns / count, unknownLife: bounds.unknownLife)
        }
        flights = KeyFlights(greatest: bounds.questions, wait: bounds.wait, time: time, alarm: alarm)
        stranger = Self.stranger(index: firstIndex - 1)
    }

    package var hasStore: Bool { store != nil }
    /// Known keys.
    package var count: Int { shards.reduce(0) { $0 + $1.count } }
    package var unknownCount: Int { shards.reduce(0) { $0 + $1.unknownCount } }

    /// A number for a principal that no other has had.
    package func newIndex() -> Int { numbers.wrappingAdd(1, ordering: .relaxed).newValue }

    // MARK: Asking

    /// What is known of the key with this digest. `wall`: nanoseconds since 1970. Never waits.
    package func principal(for digest: KeyDigest, at wall: UInt64) -> Lookup {
        shard(of: digest).find(digest, at: wall)
    }

    /// Asks the store for a key that is unseen; nil when it has none. Whoever asks for the same key meanwhile waits for the
    /// same answer. Throws `storeUnavailable` when the store does not answer in time.
    package func load(_ digest: KeyDigest) async throws(GatewayFault) -> Principal? {
        try await load(digest) { session, now in
            guard let record = try session.grant(of: digest.hex, at: now) else { return nil }
            let principal = Principal(
                kind: .key, keyHash: record.key.id, alias: record.key.document.string("key_alias") ?? "",
                index: self.newIndex(), grant: GrantBuilder.grant(of: record))
            return FoundPrincipal(principal: principal, references: GrantBuilder.references(of: record))
        }
    }

    /// The same by a question of one's own.
    func load(_ digest: KeyDigest, _ question: @escaping Question) async throws(GatewayFault) -> Principal? {
        guard let store else { return nil }
        let wall = time.wall()
        switch principal(for: digest, at: wall) {
        case .known(let principal): return principal
        case .unknown: return nil
        case .unseen: break
        }
        let away = awaySince.load(ordering: .relaxed)
        if away > 0, wall &- away < bounds.rest { throw Self.unavailable("") }
        let answer = await flights.ask(
            digest, { await self.read(store, question) },
            keep: { answer in
                if case .failure = answer { self.awaySince.store(self.time.wall(), ordering: .relaxed) }
                self.keep(answer, for: digest)
            })
        return try answer.get()?.principal
    }

    /// The same for a token that `source` can tell about.
    func load(
        _ digest: KeyDigest, from source: @escaping @Sendable () async throws(GatewayFault) -> FoundPrincipal?
    ) async throws(GatewayFault) -> Principal? {
        if case .known(let principal) = principal(for: digest, at: time.wall()) { return principal }
        let asked: KeyFlights.Source = {
            do throws(GatewayFault) { return .success(try await source()) } catch { return .failure(error) }
        }
        let answer = await flights.ask(digest, asked, keep: { self.keep($0, for: digest) })
        return try answer.get()?.principal
    }

    private func read(_ store: any Store, _ question: @escaping Question) async -> KeyFlights.Answer {
        let now = Int64(clamping: time.wall() / 1000)
        do {
            let found = try await store.read { try question($0, now) }
            awaySince.store(0, ordering: .relaxed)
            return .success(found)
        } catch {
            return .failure(Self.unavailable("\(error)"))
        }
    }

    private func keep(_ answer: KeyFlights.Answer, for digest: KeyDigest) {
        switch answer {
        case .success(let found?):
            let isRetired = found.principal.kind == .key && KeyDigest(hex: found.principal.keyHash) != digest
            shard(of: digest).keep(found, for: digest, isRetired: isRetired)
        case .success(nil): shard(of: digest).keepUnknown(digest, at: time.wall())
        case .failure: break
        }
    }

    // MARK: Changes

    /// Something was changed, here or on another replica: forgets everybody whom it concerns.
    package func apply(_ change: Change) {
        guard let record = ChangedRecord(change, for: subject) else { return }
        // First those on their way: what lands after this has seen it.
        flights.note(record)
        if let digest = record.digest { shard(of: digest).drop(digest) }
        let isOne = record.digest != nil || change.kind == EntityKind.retiredKeys.rawValue
        for shard in shards { shard.drop(record, onlyRetired: isOne) }
    }

    /// What is known of one caller does not hold any more.
    func forget(_ digest: KeyDigest) { shard(of: digest).drop(digest) }

    /// Changes may have been missed: forgets everybody.
    package func dropAll() {
        flights.noteEverything()
        for shard in shards { shard.dropAll() }
    }

    // MARK: Without the store

    /// Who calls with a key that nobody knows while the store is away, where the configuration lets him
    /// (`allow_requests_on_db_unavailable`). Already revoked, so that every request of his asks again.
    package var unknownCaller: Principal { stranger }

    private static func stranger(index: Int) -> Principal {
        var grant = GrantDraft()
        grant.role = .internalUser
        grant.userID = "__db_unavailable_fallback__"
        grant.keyName = "failed-to-connect-to-db"
        grant.routes = RouteGroups.rights(["llm_api_routes"])
        let principal = Principal(
            kind: .key, keyHash: "failed-to-connect-to-db", alias: "failed-to-connect-to-db", index: index, grant: grant
        )
        principal.revoke()
        return principal
    }

    static func unavailable(_ detail: String) -> GatewayFault {
        GatewayFault(
            .storeUnavailable,
            "The database cannot be reached at the moment, and this key has not been seen before. Try again in a "
                + "second.", detail: detail, retryAfter: 1_000_000_000)
    }

    private func shard(of digest: KeyDigest) -> KeyShard { shards[digest.shard(of: shards.count)] }
}
