import JWTKit
import NIOCore
import WeirCore

/// Verifies tokens of identity providers (JWT, RFC 7519): signed with a published key, for us, by the right one, now.
struct IdentityTokenVerifier: Sendable {
    /// Gets what is at an address; throws when it cannot be had, or is no answer with status 200.
    typealias Fetch = @Sendable (_ url: String) async throws -> [UInt8]

    private let settings: IdentitySettings
    private let time: TimeSource
    private let keys: SigningKeys

    init(_ settings: IdentitySettings, time: TimeSource, fetch: @escaping Fetch) {
        self.settings = settings
        self.time = time
        keys = SigningKeys(
            settings.keyURLs, given: settings.publicKeys, life: UInt64(max(0, settings.keyLife)) * 1_000_000_000,
            time: time, fetch: fetch)
    }

    /// The token's claims. Throws `tokenRefused`, with a sentence that repeats nothing of the token, and `storeUnavailable`
    /// while no keys can be had.
    func claims(of token: [UInt8]) async throws(GatewayFault) -> IdentityClaims {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let body = Self.object(parts[1]),
            let signature = Self.bytes(parts[2])
        else { throw Self.refusal("it is no JSON Web Token") }
        guard let algorithm = header.string("alg"), SigningKey.algorithms.contains(algorithm) else {
            throw Self.refusal("it must be signed with a public-key algorithm such as RS256 or ES256")
        }
        guard header["crit"] == nil else { throw Self.refusal("its header asks for extensions that are not known") }
        let claims = IdentityClaims(body)
        try check(claims)
        let candidates = try await keys.keys(named: header.string("kid"), for: algorithm)
        guard !candidates.isEmpty else {
            throw Self.refusal("it is signed with a key that its provider does not publish")
        }
        let signed = parts[0] + [UInt8(ascii: ".")] + parts[1]
        guard candidates.contains(where: { (try? $0.key.verify(signature, signs: Array(signed))) == true }) else {
            throw Self.refusal("its signature is wrong")
        }
        return claims
    }

    // MARK: Claims

    private func check(_ claims: IdentityClaims) throws(GatewayFault) {
        let now = Int64(clamping: time.wall() / 1_000_000_000)
        let leeway = Int64(settings.leeway)
        guard let end = claims.moment("exp") else { throw Self.refusal("it never expires: it has no exp") }
        guard now < end + leeway else {
            throw Self.refusal("it has expired; get a new one from its provider")
        }
        for name in ["nbf", "iat"] where claims.value(name) != nil {
            guard let start = claims.moment(name), start - leeway <= now else {
                throw Self.refusal("it is not valid yet (\(name))")
            }
        }
        if !settings.issuers.isEmpty {
            guard let issuer = claims.text("iss"), settings.issuers.contains(issuer) else {
                throw Self.refusal("it is of another issuer (iss)")
            }
        }
        if !settings.audiences.isEmpty {
            guard !Set(claims.texts("aud")).isDisjoint(with: settings.audiences) else {
                throw Self.refusal("it is meant for somebody else (aud)")
            }
        }
    }

    static func refusal(_ reason: String) -> GatewayFault {
        GatewayFault(.tokenRefused, "Authentication Error, The token is refused: \(reason).")
    }

    // MARK: Text

    private static func object(_ part: ArraySlice<UInt8>) -> JSONObject? { bytes(part).flatMap(JSONObject.read) }

    private static func bytes(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        part.isEmpty ? nil : Base64.bytes(String(decoding: part, as: UTF8.self))
    }
}
