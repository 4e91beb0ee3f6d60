import WeirCore

/// Tokens of identity providers, and addresses.
enum IdentityReader {
    static let generalKeys = [
        "enable_jwt_auth", "litellm_jwtauth", "role_permissions", "allowed_ips", "use_x_forwarded_for",
        "trusted_proxy_ranges",
    ]

    static func read(_ top: FieldReader, _ environment: [String: String]) -> IdentitySection {
        var identity = IdentitySection()
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        identity.keyAddresses = (value("JWT_PUBLIC_KEY_URL") ?? "").split(separator: ",").map {
            String($0.trimmingPrefix { $0 == " " })
        }
        identity.publicKey = value("JWT_PUBLIC_KEY")
        identity.audience = value("JWT_AUDIENCE")
        identity.issuer = value("JWT_ISSUER")
        guard let general = StoreReader.section("general_settings", top) else { return identity }
        identity.takesTokens = general.flag("enable_jwt_auth") ?? false
        identity.tokenRules = StoreReader.object("litellm_jwtauth", general)
        if let permissions = general.member("role_permissions") {
            identity.tokenRules["role_permissions"] = StoreReader.value(permissions.value)
        }
        identity.allowedAddresses = general.texts("allowed_ips")
        identity.trustsForwardedFor = general.flag("use_x_forwarded_for") ?? false
        identity.trustedProxies = general.texts("trusted_proxy_ranges")
        let asksProvider = identity.tokenRules.bool("oidc_userinfo_enabled") == true
        if identity.takesTokens, identity.keyAddresses.isEmpty, identity.publicKey == nil, !asksProvider,
            let member = general.member("enable_jwt_auth")
        {
            top.log.error(
                member.value.place,
                "`enable_jwt_auth` needs the provider's keys: set JWT_PUBLIC_KEY_URL to their address, or JWT_PUBLIC_KEY to a "
                    + "key in PEM")
        }
        return identity
    }
}
