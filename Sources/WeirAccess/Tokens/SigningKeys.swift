import JWTKit
import WeirCore

/// The keys that identity providers sign with, as they publish them and as they were given: in memory, fetched again when they are old or a token
/// names one that is not there, at most once in 10 s.
///
/// Keys that were fetched stay in force for a day while their provider cannot be reached.
actor SigningKeys {
    private static let pause: UInt64 = 10_000_000_000
    private static let staleLife: UInt64 = 86_400_000_000_000

    private let urls: [String]
    private let given: [String]
    private var read: [SigningKey]?
    private let life: UInt64
    private let time: TimeSource
    private let fetch: IdentityTokenVerifier.Fetch
    private var sets: [String: (keys: [SigningKey], fetchedAt: UInt64)] = [:]
    private var triedAt: UInt64?
    private var refreshing: Task<Void, Never>?

    /// `given` are keys and certificates in PEM. `life` in nanoseconds.
    init(
        _ urls: [String], given: [String], life: UInt64, time: TimeSource, fetch: @escaping IdentityTokenVerifier.Fetch
    ) {
        self.urls = urls
        self.given = given
        self.life = life
        self.time = time
        self.fetch = fetch
    }

    /// Those that may have signed a token with this algorithm; all of them when it names none. Throws `storeUnavailable`
    /// when the key may be one of a provider that has not told its keys yet.
    func keys(named name: String?, for algorithm: String) async throws(GatewayFault) -> [SigningKey] {
        if read == nil {
            var keys: [SigningKey] = []
            for text in given { keys += await SigningKey.read(pem: text) }
            read = keys
        }
        if isOld { await refresh() }
        var found = known(name, algorithm)
        if found.isEmpty, !urls.isEmpty {
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
        // One without a name may be the one that is meant: the signature tells.
        ((read ?? []) + urls.flatMap { sets[$0]?.keys ?? [] }).filter {
            $0.algorithm == algorithm && (name == nil || $0.name == nil || $0.name == name)
        }
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
        guard let found = try? await fetch(url) else { return nil }
        guard let document = JSONObject.read(found) else {
            return await keys(in: String(decoding: found, as: UTF8.self))
        }
        guard let next = document.string("jwks_uri") else { return await keys(in: document) }
        guard let bytes = try? await fetch(next), let set = JSONObject.read(bytes) else { return nil }
        return await keys(in: set)
    }

    /// A set of keys (JWKS), one alone (JWK), or certificates in PEM by the names of their keys.
    private func keys(in document: JSONObject) async -> [SigningKey]? {
        if let keys = document["keys"]?.array { return await SigningKey.read(keys) }
        if document.string("kty") != nil { return await SigningKey.read([.object(document)]) }
        var keys: [SigningKey] = []
        for member in document.members {
            if let text = member.value.string { keys += await SigningKey.read(pem: text, named: member.name) }
        }
        return keys.isEmpty ? nil : keys
    }

    private func keys(in text: String) async -> [SigningKey]? {
        SigningKey.isPEM(text) ? await SigningKey.read(pem: text) : nil
    }
}
