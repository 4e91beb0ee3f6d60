import WeirCore

/// Who somebody is by the claims of his token, before the store is asked.
struct IdentityFacts: Sendable, Hashable {
    /// Nil: neither admin, team nor user.
    var role: Role?
    var userID: String?
    var email: String?
    /// Any of these, the first one first.
    var teamIDs: [String]
    /// The one that the token names as the one, or the one of those that name none.
    var namedTeamID: String?
    var organizationID: String?
    var endUserID: String?
    /// What his role at the provider makes of a user.
    var userRole: Role?
    /// What his scopes allow; nil where scopes decide nothing.
    var scopes: [IdentitySettings.ScopeMapping]?
    /// Nanoseconds since 1970; nil for a token that does not tell.
    var expires: UInt64?

    /// Throws `tokenRefused`.
    init(_ claims: IdentityClaims, _ settings: IdentitySettings) throws(GatewayFault) {
        let scopes = claims.scopes
        let roles = claims.texts(settings.rolesField)
        userID = claims.text(settings.userIDField)
        email = claims.text(settings.userEmailField)
        let teams = claims.texts(settings.teamIDField) + claims.texts(settings.teamIDsField)
        namedTeamID = claims.text(settings.teamIDField) ?? (teams.isEmpty ? settings.defaultTeamID : nil)
        teamIDs = teams.isEmpty ? [settings.defaultTeamID].compactMap(\.self) : teams.filter { !$0.isEmpty }
        organizationID = claims.text(settings.organizationIDField)
        endUserID = claims.text(settings.endUserIDField)
        userRole = settings.userRoles.first { roles.contains($0.role) }?.internalRole
        expires = claims.moment("exp").map { UInt64(clamping: $0 + Int64(settings.leeway)) * 1_000_000_000 }
        let isAllowed = !Set(roles).isDisjoint(with: settings.allowedRoles)
        if scopes.contains(settings.adminScope) {
            role = .proxyAdmin
        } else if !teamIDs.isEmpty, userID == nil {
            role = .team
        } else if userID != nil || isAllowed {
            role = .internalUser
        } else if let mapping = settings.roleMappings.first(where: { roles.contains($0.role) }) {
            role = mapping.internalRole
            if let id = claims.text(settings.objectIDField) {
                if mapping.internalRole == .team { teamIDs = [id] } else { userID = id }
            }
        }
        if settings.enforcesScopes, role != .proxyAdmin {
            self.scopes = settings.scopeMappings.filter { scopes.contains($0.scope) }
        }
        if role != .proxyAdmin, !settings.allowedRoles.isEmpty, !isAllowed {
            throw IdentityTokenVerifier.refusal("none of its roles may call this gateway")
        }
        if role != .proxyAdmin, settings.enforcesTeams, teamIDs.isEmpty {
            throw IdentityTokenVerifier.refusal(
                "it names no team, and enforce_team_based_model_access is set")
        }
        if role == nil, settings.enforcesRoles {
            throw IdentityTokenVerifier.refusal("it names no admin, no team and no user, and enforce_rbac is set")
        }
    }
}
