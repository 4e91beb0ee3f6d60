import NIOCore
package import WeirCore

/// The room that knows who is calling.
package struct Access: Sendable {
    private let known: [KeyDigest: Principal]
    private let anonymous: Principal?
    private let allowsWithoutStore: Bool
    private let cache: KeyCache?
    private let tokens: IdentityTokens?
    let customers: Customers?
    let compat: Compat
    let groups: AccessGroups
    let modelAliases: [String: String]
    let teamModels: [String: String]

    /// Without a cache there are no keys but those of the settings, and no tokens. Without customers nobody is asked for whom
    /// he calls.
    package init(
        _ settings: AccessSettings, keys cache: KeyCache? = nil, tokens: IdentityTokens? = nil,
        customers: Customers? = nil
    ) {
        var known: [KeyDigest: Principal] = [:]
        for (number, token) in settings.tokens.enumerated() {
            let digest = KeyDigest(of: token.secret)
            known[digest] = Principal(kind: .token, keyHash: digest.hex, alias: token.name, index: number + 1)
        }
        if let key = settings.masterKey {
            let digest = KeyDigest(of: key)
            known[digest] = Principal(kind: .master, keyHash: digest.hex, alias: "", index: settings.tokens.count + 1)
        }
        self.known = known
        self.cache = cache
        self.tokens = tokens
        self.customers = customers
        compat = settings.compat
        allowsWithoutStore = settings.allowsWithoutStore
        groups = AccessGroups(settings.accessGroups)
        modelAliases = settings.modelAliases
        teamModels = settings.teamModels
        // Who takes tokens means to ask for them, even where no key is configured.
        let isOpen = settings.isOpen && tokens == nil
        anonymous = isOpen ? Principal(kind: .anonymous, keyHash: "", alias: "", index: 0) : nil
    }

    /// Nobody is asked for a key.
    package var isOpen: Bool { anonymous != nil }

    // MARK: Who

    /// Who shows `credential`, as far as memory tells; nil when only the store, or the provider of a token, can
    /// (`identifyAsking`). Never waits. `wall`: nanoseconds since 1970.
    ///
    /// Throws `keyMissing`, `keyMalformed`, `keyUnknown`, and what `check` throws. Keys are compared as digests, so the time
    /// taken tells nothing of a key.
    package func identify(_ credential: Credential?, at wall: UInt64) throws(GatewayFault) -> Principal? {
        if let anonymous { return anonymous }
        guard let credential else {
            throw GatewayFault(.keyMissing, "Authentication Error, No api key passed in.")
        }
        let digest = KeyDigest(of: credential)
        if let principal = known[digest] { return principal }
        guard let cache else { throw refusal(of: credential, digest) }
        switch cache.principal(for: digest, at: wall) {
        case .known(let principal):
            try check(principal, showing: credential, at: wall)
            return principal
        case .unknown:
            throw tokens?.takes(credential) == true ? IdentityTokens.unknown : refusal(of: credential, digest)
        case .unseen:
            if tokens?.takes(credential) == true { return nil }
            guard cache.hasStore, isKeyLike(credential) else { throw refusal(of: credential, digest) }
            return nil
        }
    }

    /// Who shows `credential`; asks the store, or the provider of a token, when memory does not tell. Throws besides
    /// `storeUnavailable` when the store does not answer in time, and `tokenRefused`.
    package func identifyAsking(_ credential: Credential?, at wall: UInt64) async throws(GatewayFault) -> Principal {
        if let principal = try identify(credential, at: wall) { return principal }
        guard let credential, let cache else {
            throw GatewayFault(.keyMissing, "Authentication Error, No api key passed in.")
        }
        let digest = KeyDigest(of: credential)
        let principal: Principal
        if let tokens, tokens.takes(credential) {
            guard let found = try await tokens.principal(of: credential, digest, cache) else {
                throw IdentityTokens.unknown
            }
            principal = found
        } else {
            guard let found = try await load(digest, cache) else { throw refusal(of: credential, digest) }
            principal = found
        }
        try check(principal, showing: credential, at: wall)
        return principal
    }

    private func load(_ digest: KeyDigest, _ cache: KeyCache) async throws(GatewayFault) -> Principal? {
        do throws(GatewayFault) { return try await cache.load(digest) } catch {
            if allowsWithoutStore, error.code == .storeUnavailable { return cache.unknownCaller }
            throw error
        }
    }

    /// Whether somebody who is known by `credential` may still call: for every use of a principal that was kept. Throws
    /// `keyBlocked`, `teamBlocked`, `userBlocked`, `keyExpired` or `tokenRefused`, and `keyUnknown` for a key that was
    /// replaced and whose time is over. `wall`: nanoseconds since 1970.
    package func check(
        _ principal: Principal, showing credential: Credential, at wall: UInt64
    ) throws(GatewayFault) {
        guard principal.kind == .key || principal.kind == .identityToken else { return }
        if let end = principal.grant?.retiresAt, wall >= end {
            throw refusal(of: credential, KeyDigest(of: credential))
        }
        if let blocked = principal.grant?.blocked { throw blocked }
        if principal.hasExpired(at: wall) { throw Self.expiry(of: principal, at: wall) }
    }

    // MARK: Refusals

    private static func expiry(of principal: Principal, at wall: UInt64) -> GatewayFault {
        if principal.kind == .identityToken {
            return GatewayFault(
                .tokenRefused, "Authentication Error, The token has expired. Get a new one from its provider.")
        }
        let moments = [principal.grant?.expires ?? 0, wall].map { nanoseconds in
            MomentText.text(Int64(clamping: nanoseconds / 1000), zone: "+00:00")
                .replacing("T", with: " ", maxReplacements: 1)
        }
        return GatewayFault(
            .keyExpired,
            "Authentication Error - Expired Key. Key Expiry time \(moments[0]) and current time \(moments[1])",
            param: principal.grant?.keyName)
    }

    private func isKeyLike(_ credential: Credential) -> Bool {
        let bytes = credential.bytes
        return bytes.getString(at: bytes.readerIndex, length: min(3, bytes.readableBytes)) == "sk-"
    }

    private func refusal(of credential: Credential, _ digest: KeyDigest) -> GatewayFault {
        let bytes = credential.bytes
        switch (compat, isKeyLike(credential)) {
        case (.v1_109, false):
            return GatewayFault(
                .keyMalformed, "LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.")
        case (.v1_83, false):
            return GatewayFault(
                .keyMalformed,
                "Authentication Error, LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'.")
        case (.v1_109, true):
            return GatewayFault(.keyUnknown, "Authentication Error, Invalid API key provided.", param: "key")
        case (.v1_83, true):
            let tail =
                bytes.getString(
                    at: bytes.writerIndex - min(4, bytes.readableBytes), length: min(4, bytes.readableBytes)) ?? ""
            return GatewayFault(
                .keyUnknown,
                "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...\(tail), "
                    + "Key Hash (Token) =\(digest.hex). "
                    + "Unable to find token in cache or `LiteLLM_VerificationTokenTable`", param: "key")
        }
    }
}
