import NIOCore
package import WeirCore

/// Those who call with a token of an identity provider: verified once, then known by the token's digest until it expires.
/// One for each configuration.
package final class IdentityTokens: Sendable {
    /// Gets what is at an address; throws when it cannot be had, or is no answer with status 200. Must end within seconds.
    package typealias Fetch = @Sendable (_ url: String) async throws -> [UInt8]

    /// Asks an address with a token for the one who shows it; throws when no answer can be had. Must end within seconds.
    package typealias Ask = @Sendable (_ url: String, _ token: String) async throws -> (status: Int, bytes: [UInt8])

    private let settings: IdentitySettings
    private let desk: Desk?
    private let ask: Ask
    private let alarm: KeyCache.Alarm
    private let verifier: IdentityTokenVerifier

    /// Without a desk (no store) the claims alone say who calls.
    package init(
        _ settings: IdentitySettings, desk: Desk?, time: TimeSource, fetch: @escaping Fetch, ask: @escaping Ask,
        alarm: @escaping KeyCache.Alarm = KeyCache.sleepingAlarm
    ) {
        self.settings = settings
        self.desk = desk
        self.ask = ask
        self.alarm = alarm
        verifier = IdentityTokenVerifier(settings, time: time, fetch: fetch)
    }

    /// Whether this has the form of a token: `ey…`, with two dots.
    static func isToken(_ credential: Credential) -> Bool {
        let bytes = credential.bytes.readableBytesView
        return bytes.starts(with: "ey".utf8) && bytes.count { $0 == UInt8(ascii: ".") } == 2
    }

    /// Whether its provider is to be asked about it: a token, or anything but a key where the provider knows all that it
    /// hands out.
    func takes(_ credential: Credential) -> Bool {
        if settings.userInfoURL == nil { return Self.isToken(credential) }
        return !credential.bytes.readableBytesView.starts(with: "sk-".utf8)
    }

    /// What is said of a token that its provider does not know.
    static let unknown = IdentityTokenVerifier.refusal("its provider does not know it, or does not any more")

    /// Who shows the token; nil when its provider does not know it. Throws `tokenRefused`, and `storeUnavailable` while the
    /// provider, its keys or the store cannot be asked.
    func principal(
        of token: Credential, _ digest: KeyDigest, _ cache: KeyCache
    ) async throws(GatewayFault) -> Principal? {
        let bytes = Array(token.bytes.readableBytesView)
        return try await cache.load(digest) { () async throws(GatewayFault) in
            guard let claims = try await self.claims(of: bytes) else { return nil }
            let facts = try IdentityFacts(claims, self.settings)
            let found = try await self.found(facts, index: cache.newIndex())
            if self.settings.userInfoURL != nil {
                // A word that has grown old is asked for again.
                self.alarm(UInt64(max(1, self.settings.userInfoLife)) * 1_000_000_000) { cache.forget(digest) }
            }
            return found
        }
    }

    /// What the token says, or its provider says of it.
    private func claims(of token: [UInt8]) async throws(GatewayFault) -> IdentityClaims? {
        guard let url = settings.userInfoURL else { return try await verifier.claims(of: token) }
        guard token.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let answer: (status: Int, bytes: [UInt8])
        do {
            answer = try await ask(url, String(decoding: token, as: UTF8.self))
        } catch {
            throw Self.silent("\(error)")
        }
        switch answer.status {
        case 200: break
        case 400, 401, 403: return nil
        default: throw Self.silent("it answered with status \(answer.status)")
        }
        guard let object = JSONObject.read(answer.bytes) else { throw Self.silent("its answer is no JSON object") }
        return IdentityClaims(object)
    }

    private static func silent(_ detail: String) -> GatewayFault {
        GatewayFault(
            .storeUnavailable,
            "The identity provider does not tell at the moment who shows a token. Try again in a few seconds.",
            detail: detail)
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
        restrict(&grant, facts.role ?? .unknown)
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

    /// What `role_permissions` keep somebody from.
    private func restrict(_ grant: inout GrantDraft, _ role: Role) {
        for permission in settings.rolePermissions where permission.role == role {
            if let models = permission.models { grant.models.append(ModelRights(holder: .key, names: models)) }
            guard let routes = permission.routes.map(RouteGroups.rights) else { continue }
            grant.routes = grant.routes?.narrowed(to: routes) ?? routes
        }
    }

    // MARK: The store

    private func record(_ facts: IdentityFacts) async throws(GatewayFault) -> GrantRecord {
        guard let desk else { return IdentityRecords.bare(facts) }
        do {
            let read = try await desk.store.read { session in try IdentityRecords.read(facts, session) }
            switch read {
            case .found(let record): return record
            case .teamUnknown, .userUnknown: break
            }
            let (addsTeam, addsUser) = (
                settings.addsTeams && facts.namedTeamID != nil, settings.addsUsers && mayBeAdded(facts)
            )
            let mayHelp = if case .teamUnknown = read { addsTeam } else { addsUser }
            switch mayHelp
                ? try await IdentityRecords.adding(facts, desk, team: addsTeam, user: addsUser) : read
            {
            case .found(let record): return record
            case .teamUnknown:
                throw IdentityTokenVerifier.refusal("none of its teams is known here; an admin makes one by /team/new")
            case .userUnknown:
                throw IdentityTokenVerifier.refusal("its user is not known here; an admin adds him by /user/new")
            }
        } catch let fault as GatewayFault {
            throw fault
        } catch let fault as OfficeFault {
            throw IdentityTokenVerifier.refusal("its user or team cannot be added: \(fault.message)")
        } catch StoreFault.duplicate {
            throw IdentityTokenVerifier.refusal("another user has its e-mail address")
        } catch StoreFault.unfit {
            throw IdentityTokenVerifier.refusal("its user or team has a name that is too long to be kept")
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
