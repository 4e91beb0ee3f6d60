import NIOCore
package import WeirCore

/// Those who call with a token of an identity provider: verified once, then known by the token's digest until it expires.
/// One for each configuration.
package final class IdentityTokens: Sendable {
    /// Gets what is at an address; throws when it cannot be had, or is no answer with status 200. Must end within seconds.
    package typealias Fetch = @Sendable (_ url: String) async throws -> [UInt8]

    private let settings: IdentitySettings
    private let desk: Desk?
    private let verifier: IdentityTokenVerifier

    /// Without a desk (no store) the claims alone say who calls.
    package init(_ settings: IdentitySettings, desk: Desk?, time: TimeSource, fetch: @escaping Fetch) {
        self.settings = settings
        self.desk = desk
        verifier = IdentityTokenVerifier(settings, time: time, fetch: fetch)
    }

    /// Whether this has the form of a token: `ey…`, with two dots.
    static func isToken(_ credential: Credential) -> Bool {
        let bytes = credential.bytes.readableBytesView
        return bytes.starts(with: "ey".utf8) && bytes.count { $0 == UInt8(ascii: ".") } == 2
    }

    /// Who shows the token. Throws `tokenRefused`, and `storeUnavailable` while the provider's keys or the store cannot be
    /// asked.
    func principal(
        of token: Credential, _ digest: KeyDigest, _ cache: KeyCache
    ) async throws(GatewayFault) -> Principal? {
        let bytes = Array(token.bytes.readableBytesView)
        return try await cache.load(digest) { () async throws(GatewayFault) in
            let claims = try await self.verifier.claims(of: bytes)
            let facts = try IdentityFacts(claims, self.settings)
            return try await self.found(facts, index: cache.newIndex())
        }
    }

    // MARK: The principal

    private func found(_ facts: IdentityFacts, index: Int) async throws(GatewayFault) -> FoundPrincipal {
        let record = try await record(facts)
        var grant = GrantBuilder.grant(of: record)
        grant.userEmail = grant.userEmail ?? facts.email
        grant.endUserID = facts.endUserID
        grant.expires = facts.expires
        grant.role = role(facts, grant.role)
        grant.routes = routes(facts)
        if let models = facts.scopes.map({ $0.flatMap(\.models) }), !models.contains("all-proxy-models") {
            grant.models.append(ModelRights(holder: .key, names: models))
        }
        let principal = Principal(
            kind: .identityToken, keyHash: Self.name, alias: "", index: index, grant: grant)
        return FoundPrincipal(principal: principal, references: GrantBuilder.references(of: record))
    }

    /// In the place of a key's hash: tokens come and go, so a name of each would say nothing.
    private static let name = "identity_token"

    private func role(_ facts: IdentityFacts, _ stored: Role) -> Role {
        guard let role = facts.role, role == .internalUser else { return facts.role ?? .unknown }
        return facts.userRole ?? (stored == .unknown ? .internalUser : stored)
    }

    private func routes(_ facts: IdentityFacts) -> RouteRights? {
        switch facts.role {
        case .proxyAdmin: return RouteGroups.rights(settings.adminRoutes)
        case .team: return RouteGroups.rights(settings.teamRoutes)
        default:
            let routes = facts.scopes?.flatMap(\.routes) ?? []
            return routes.isEmpty ? nil : RouteGroups.rights(routes)
        }
    }

    // MARK: The store

    private func record(_ facts: IdentityFacts) async throws(GatewayFault) -> GrantRecord {
        guard let desk else { return IdentityRecords.bare(facts) }
        do {
            let read = try await desk.store.read { session in try IdentityRecords.read(facts, session) }
            switch read {
            case .found(let record): return record
            case .teamUnknown:
                throw IdentityTokenVerifier.refusal("none of its teams is known here; an admin makes one by /team/new")
            case .userUnknown:
                guard settings.addsUsers, mayBeAdded(facts) else {
                    throw IdentityTokenVerifier.refusal("its user is not known here; an admin adds him by /user/new")
                }
                return try await IdentityRecords.adding(facts, desk)
            }
        } catch let fault as GatewayFault {
            throw fault
        } catch StoreFault.duplicate {
            throw IdentityTokenVerifier.refusal("another user has its e-mail address")
        } catch {
            throw KeyCache.unavailable("\(error)")
        }
    }

    private func mayBeAdded(_ facts: IdentityFacts) -> Bool {
        guard let domain = settings.addedEmailDomain else { return true }
        guard let at = facts.email?.lastIndex(of: "@"), let email = facts.email else { return false }
        return email[email.index(after: at)...].lowercased() == domain.lowercased()
    }
}
