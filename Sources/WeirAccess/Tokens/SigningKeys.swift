import JWTKit
import WeirCore

/// The keys that identity providers sign with, as they publish them: in memory, fetched again when they are old or a token
/// names one that is not there, at most once in 10 s.
///
/// Keys that were fetched stay in force for a day while their provider cannot be reached.
actor SigningKeys {
    private static let pause: UInt64 = 10_000_000_000
    private static let staleLife: UInt64 = 86_400_000_000_000

    private let urls: [String]
    private let life: UInt64
    private let time: TimeSource
    private let fetch: IdentityTokenVerifier.Fetch
    private var sets: [String: (keys: [SigningKey], fetchedAt: UInt64)] = [:]
    private var triedAt: UInt64?
    private var refreshing: Task<Void, Never>?

    /// `life` in nanoseconds.
    init(_ urls: [String], life: UInt64, time: TimeSource, fetch: @escaping IdentityTokenVerifier.Fetch) {
        self.urls = urls
        self.life = life
        self.time = time
        self.fetch = fetch
    }

    /// Those that may have signed a token with this algorithm; all of them when it names none. Throws `storeUnavailable`
    /// when the key may be one of a provider that has not told its keys yet.
    func keys(named name: String?, for algorithm: String) async throws(GatewayFault) -> [SigningKey] {
        if isOld { await refresh() }
        var found = known(name, algorithm)
        if found.isEmpty {
            await refresh()
            found = known(name, algorithm)
        }
        guard !found.isEmpty || urls.allSatisfy({ sets[$0] != nil }) else {
            throw GatewayFault(
                .storeUnavailable,
                "The keys of the identity provider cannot be fetched at the moment, so that no token can be verified. "
                    + "Try again in a few seconds.", retryAfter: Self.pause)
        }
        return found
    }

    private var isOld: Bool {
        let now = time.monotonic()
        return urls.contains { url in sets[url].map { now - $0.fetchedAt >= life } ?? true }
    }

    private func known(_ name: String?, _ algorithm: String) -> [SigningKey] {
        urls.flatMap { sets[$0]?.keys ?? [] }.filter { $0.algorithm == algorithm && (name == nil || $0.name == name) }
    }

    // MARK: Fetching

    /// One for all who wait for it.
    private func refresh() async {
        if let refreshing { return await refreshing.value }
        let now = time.monotonic()
        if let triedAt, now - triedAt < Self.pause { return }
        triedAt = now
        // It belongs to all who wait, so it must not end with the one who came first.
        let task = Task { await self.fetchAll() }
        refreshing = task
        await task.value
    }

    private func fetchAll() async {
        for url in urls {
            let now = time.monotonic()
            if let keys = await published(at: url) {
                sets[url] = (keys, now)
            } else if let old = sets[url], now - old.fetchedAt >= Self.staleLife {
                sets[url] = nil
            }
        }
        refreshing = nil
    }

    /// Nil when they cannot be had.
    private func published(at url: String) async -> [SigningKey]? {
        guard let document = await document(at: url) else { return nil }
        if let keys = document["keys"]?.array { return await SigningKey.read(keys) }
        guard let next = document.string("jwks_uri"), let keys = await self.document(at: next)?["keys"]?.array
        else { return nil }
        return await SigningKey.read(keys)
    }

    private func document(at url: String) async -> JSONObject? {
        guard let bytes = try? await fetch(url) else { return nil }
        return JSONObject.read(bytes)
    }
}
