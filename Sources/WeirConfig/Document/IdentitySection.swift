package import WeirCore

/// Who is let in by something other than a key of the gateway: parts of `general_settings` and variables.
package struct IdentitySection: Sendable, Hashable {
    /// `enable_jwt_auth`.
    package var takesTokens = false
    /// `litellm_jwtauth`: which claims mean what; with `role_permissions` among them.
    package var tokenRules = JSONObject()
    /// `JWT_PUBLIC_KEY_URL`: where the identity providers' keys are, one address or several with commas between them.
    package var keyAddresses: [String] = []
    /// `JWT_PUBLIC_KEY`: the keys themselves, in PEM.
    package var publicKey: String?
    /// `JWT_AUDIENCE` and `JWT_ISSUER`.
    package var audience: String?
    package var issuer: String?
    /// `allowed_ips`: addresses and networks. Empty: all.
    package var allowedAddresses: [String] = []
    /// `use_x_forwarded_for`.
    package var trustsForwardedFor = false
    /// `trusted_proxy_ranges`: the proxies whose word about it counts. Empty: the one that a connection comes from.
    package var trustedProxies: [String] = []

    package init() {}
}
