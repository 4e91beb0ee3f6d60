import JWTKit
import NIOCore
import WeirCore
import WeirWire

/// One public key of an identity provider, for one algorithm.
struct SigningKey: Sendable {
    static let greatestCount = 100

    /// `kid`.
    let name: String?
    /// As in a token's header (RFC 7518): `RS256`.
    let algorithm: String
    let key: any JWTAlgorithm

    /// The algorithms that are taken: all of them with a public key, so that nobody can sign with what is published.
    static let algorithms: Set<String> = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]

    /// The keys of a JWK set (RFC 7517). Those that are not for signatures, or of a kind that is not known, are passed over.
    static func read(_ entries: [JSONValue]) async -> [SigningKey] {
        var keys: [SigningKey] = []
        for entry in entries.prefix(greatestCount) {
            guard let entry = entry.object, isForSignatures(entry) else { continue }
            for algorithm in candidates(entry) {
                guard let key = await key(entry, algorithm) else { continue }
                keys.append(SigningKey(name: entry.string("kid"), algorithm: algorithm, key: key))
            }
        }
        return keys
    }

    private static func isForSignatures(_ entry: JSONObject) -> Bool {
        if let use = entry.string("use"), use != "sig" { return false }
        guard let operations = entry.value("key_ops") else { return true }
        return operations.strings?.contains("verify") ?? false
    }

    /// A key that names no algorithm may be used with all that its kind allows.
    private static func candidates(_ entry: JSONObject) -> [String] {
        let possible: [String] =
            switch (entry.string("kty"), entry.string("crv")) {
            case ("RSA", _): ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
            case ("EC", "P-256"): ["ES256"]
            case ("EC", "P-384"): ["ES384"]
            case ("EC", "P-521"): ["ES512"]
            case ("OKP", "Ed25519"): ["EdDSA"]
            default: []
            }
        guard let named = entry.string("alg") else { return possible }
        return possible.filter { $0 == named }
    }

    private static func key(_ entry: JSONObject, _ algorithm: String) async -> (any JWTAlgorithm)? {
        let parts = ["kty", "crv", "n", "e", "x", "y"]
        let text = JSONWriter.text(of: .object(JSONObject(entry.members.filter { parts.contains($0.name) })))
        guard var jwk = try? JWK(json: text) else { return nil }
        jwk.algorithm = JWK.Algorithm(rawValue: algorithm)
        jwk.keyIdentifier = "key"
        let collection = JWTKeyCollection()
        guard (try? await collection.add(jwk: jwk)) != nil else { return nil }
        return try? await collection.getKey(for: "key", alg: algorithm)
    }
}

extension JSONObject {
    /// Nil when the text is no object.
    static func read(_ text: [UInt8]) -> JSONObject? { try? JSONObject(reading: Bytes(bytes: text)) }
}
