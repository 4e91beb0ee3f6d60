package import WeirCore

/// How tokens of an identity provider are taken (`enable_jwt_auth`, `litellm_jwtauth`). Names of claims may be paths
/// (`resource_access.gateway.roles`); a dot that belongs to a name is written `\.`.
package struct IdentitySettings: Sendable, Hashable {
    /// What the provider calls a role, and what it is here.
    package struct RoleMapping: Sendable, Hashable {
        package let role: String
        package let internalRole: Role
    }

    /// What somebody with a scope may do.
    package struct ScopeMapping: Sendable, Hashable {
        package let scope: String
        package let models: [String]
        package let routes: [String]
    }

    /// What tokens of a role may do; nil for what the role is not kept from.
    package struct RolePermission: Sendable, Hashable {
        package let role: Role
        package let models: [String]?
        package let routes: [String]?
    }

    /// Where the provider publishes its keys (JWKS), or says where it does (`.well-known/openid-configuration`).
    package var keyURLs: [String]
    /// Keys and certificates in PEM that tokens may be signed with besides.
    package var publicKeys: [String] = []
    /// Where the provider tells who shows a token (`oidc_userinfo_endpoint`); nil: tokens are read and verified here.
    package var userInfoURL: String?
    /// For how many seconds its word holds.
    package var userInfoLife = 300
    /// The token must be for one of these; empty: for anybody.
    package var audiences: [String]
    /// The token must be of one of these; empty: of any whose keys are published at `keyURLs`.
    package var issuers: [String]
    /// How far the provider's clock may be wrong, in seconds.
    package var leeway = 0
    /// After how many seconds the provider's keys are fetched again (`public_key_ttl`).
    package var keyLife = 600

    package var adminScope = "litellm_proxy_admin"
    package var adminRoutes = [
        "management_routes", "spend_tracking_routes", "global_spend_tracking_routes", "info_routes",
    ]
    /// For tokens that stand for a team and for no user.
    package var teamRoutes = ["openai_routes", "info_routes"]
    package var userIDField: String?
    package var userEmailField: String?
    package var teamIDField: String?
    package var teamIDsField: String?
    package var defaultTeamID: String?
    package var organizationIDField: String?
    package var endUserIDField: String?
    /// Names the user or the team of a token whose role is mapped.
    package var objectIDField: String?
    package var rolesField: String?
    /// Who has none of these roles is refused; empty: nobody is.
    package var allowedRoles: [String] = []
    /// The role of tokens that name neither a team nor a user.
    package var roleMappings: [RoleMapping] = []
    /// The role of a user, over the one that he has in the store.
    package var userRoles: [RoleMapping] = []
    package var scopeMappings: [ScopeMapping] = []
    /// What somebody may do by what he is here, whatever else he may.
    package var rolePermissions: [RolePermission] = []
    /// Who has none of the scopes of `scopeMappings` may call nothing.
    package var enforcesScopes = false
    /// Who is no admin, no team and no user is refused.
    package var enforcesRoles = false
    /// Who names no team is refused (`enforce_team_based_model_access`); admins are not.
    package var enforcesTeams = false
    /// Users that are not in the store are added to it.
    package var addsUsers = false
    /// A team that is not in the store is added to it, where the token names it as the one.
    package var addsTeams = false
    /// Only users with an address in this domain are added.
    package var addedEmailDomain: String?

    package init(keyURLs: [String], audiences: [String] = [], issuers: [String] = []) {
        self.keyURLs = keyURLs
        self.audiences = audiences
        self.issuers = issuers
    }

    /// Reads `general_settings.litellm_jwtauth`. `keyURLs` is `JWT_PUBLIC_KEY_URL`; `publicKey` is
    /// `JWT_PUBLIC_KEY`; `audience` and `issuer` are `JWT_AUDIENCE` and `JWT_ISSUER`, each one value or several with commas
    /// between. Throws a sentence for each thing that
    /// cannot be taken: a part that is passed over could let somebody in.
    package init(
        reading section: JSONObject, keyURLs: [String], publicKey: String? = nil, audience: String?, issuer: String?
    ) throws(IdentitySettingsFault) {
        self.init(keyURLs: keyURLs, audiences: Self.names(audience), issuers: Self.names(issuer))
        publicKeys = [publicKey].compactMap(\.self)
        var reader = IdentitySettingsReader(section)
        leeway = reader.count("leeway") ?? leeway
        keyLife = reader.count("public_key_ttl") ?? keyLife
        adminScope = reader.text("admin_jwt_scope") ?? adminScope
        adminRoutes = reader.names("admin_allowed_routes") ?? adminRoutes
        teamRoutes = reader.names("team_allowed_routes") ?? teamRoutes
        userIDField = reader.text("user_id_jwt_field")
        userEmailField = reader.text("user_email_jwt_field")
        teamIDField = reader.text("team_id_jwt_field")
        teamIDsField = reader.text("team_ids_jwt_field")
        defaultTeamID = reader.text("team_id_default")
        organizationIDField = reader.text("org_id_jwt_field")
        endUserIDField = reader.text("end_user_id_jwt_field")
        objectIDField = reader.text("object_id_jwt_field")
        let (roles, userRolesField) = (reader.text("roles_jwt_field"), reader.text("user_roles_jwt_field"))
        rolesField = roles ?? userRolesField
        allowedRoles = reader.names("user_allowed_roles") ?? []
        roleMappings = reader.roles("role_mappings", from: "role", to: "internal_role")
        userRoles = reader.roles("jwt_litellm_role_map", from: "jwt_role", to: "litellm_role")
        scopeMappings = reader.scopes("scope_mappings")
        enforcesScopes = reader.flag("enforce_scope_based_access")
        enforcesRoles = reader.flag("enforce_rbac")
        addsUsers = reader.flag("user_id_upsert")
        addsTeams = reader.flag("team_id_upsert")
        rolePermissions = reader.permissions("role_permissions")
        addedEmailDomain = reader.text("user_allowed_email_domain")
        enforcesTeams = reader.flag("enforce_team_based_model_access")
        userInfoLife = reader.count("oidc_userinfo_cache_ttl") ?? userInfoLife
        if reader.flag("oidc_userinfo_enabled") {
            userInfoURL = reader.text("oidc_userinfo_endpoint")
            if userInfoURL == nil {
                reader.problems.append(
                    "litellm_jwtauth.oidc_userinfo_endpoint must be the address that tells who shows a token")
            }
        } else if self.keyURLs.isEmpty, publicKeys.isEmpty {
            reader.problems.append(
                "neither JWT_PUBLIC_KEY_URL nor JWT_PUBLIC_KEY is set: no token could be verified")
        }
        if publicKeys.contains(where: { !SigningKey.isPEM($0) }) {
            reader.problems.append(
                "JWT_PUBLIC_KEY must be a public key or a certificate in PEM: -----BEGIN PUBLIC KEY-----")
        }
        guard reader.problems.isEmpty else { throw IdentitySettingsFault(problems: reader.problems) }
    }

    private static func names(_ list: String?) -> [String] {
        (list ?? "").split(separator: ",").map { String($0.drop { $0 == " " }.prefix { $0 != " " }) }.filter {
            !$0.isEmpty
        }
    }
}

/// What is wrong with `litellm_jwtauth`.
package struct IdentitySettingsFault: Error, Sendable, Hashable {
    /// Each a sentence without a full stop.
    package let problems: [String]
}
