import Foundation
import JWTKit
import NIOCore
import Synchronization
import WeirAccess
import WeirCore
import WeirTestKit
import WeirWire

/// An identity provider in a test's hand: signs what it is told to, publishes what it is told to.
final class IdentityProvider: Sendable {
    struct Unreachable: Error {}

    private let published = Mutex<[JSONValue]>([])
    private let fetched = Mutex(0)
    private let isAway = Mutex(false)
    private let text = Mutex<String?>(nil)
    private let known = Mutex<[String: JSONObject]>([:])
    private let asked = Mutex(0)

    var fetches: Int { fetched.withLock { $0 } }
    func leave(_ leaves: Bool = true) { isAway.withLock { $0 = leaves } }
    func publish(_ keys: [JSONValue]) { published.withLock { $0 = keys } }
    /// In the place of keys.
    func publish(text: String) { self.text.withLock { $0 = text } }
    /// What it tells of one who shows a token, if anything.
    func know(_ token: String, _ claims: JSONObject?) { known.withLock { $0[token] = claims } }
    var questions: Int { asked.withLock { $0 } }

    var ask: IdentityTokens.Ask {
        { url, token in
            self.asked.withLock { $0 += 1 }
            if self.isAway.withLock({ $0 }) || url != "https://idp/userinfo" { throw Unreachable() }
            guard let claims = self.known.withLock({ $0[token] }) else { return (401, []) }
            return (200, Array(JSONWriter.text(of: .object(claims)).utf8))
        }
    }

    var fetch: IdentityTokens.Fetch {
        { url in
            self.fetched.withLock { $0 += 1 }
            if self.isAway.withLock({ $0 }) { throw Unreachable() }
            if url.hasSuffix("openid-configuration") {
                return Array(#"{"issuer":"x","jwks_uri":"https://idp/keys"}"#.utf8)
            }
            if let text = self.text.withLock({ $0 }) { return Array(text.utf8) }
            let keys = self.published.withLock { $0 }
            return Array(JSONWriter.text(of: .object(["keys": .array(keys)])).utf8)
        }
    }

    /// A key of its own making, with which it signs.
    struct Key: Sendable {
        let name: String
        let jwk: JSONValue
        let pem: String
        let algorithm: any JWTAlgorithm

        static func es256(_ name: String) async throws -> Key {
            let key = ES256PrivateKey()
            let collection = JWTKeyCollection()
            await collection.add(ecdsa: key, kid: JWKIdentifier(string: name))
            let (x, y) = key.parameters.map { ($0.x, $0.y) } ?? ("", "")
            return Key(
                name: name,
                jwk: [
                    "kty": "EC", "crv": "P-256", "kid": .string(name), "use": "sig", "x": .string(Self.url(x)),
                    "y": .string(Self.url(y)),
                ],
                pem: key.publicKey.pemRepresentation,
                algorithm: try await collection.getKey(for: JWKIdentifier(string: name)))
        }

        static func edDSA(_ name: String) async throws -> Key {
            let key = try EdDSA.PrivateKey(curve: .ed25519)
            let head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
            let body = Data(head + Array(key.publicKey.rawRepresentation)).base64EncodedString()
            let collection = JWTKeyCollection()
            await collection.add(eddsa: key, kid: JWKIdentifier(string: name))
            return Key(
                name: name,
                jwk: [
                    "kty": "OKP", "crv": "Ed25519", "kid": .string(name),
                    "x": .string(Base64.url(Array(key.publicKey.rawRepresentation))),
                ],
                pem: "-----BEGIN PUBLIC KEY-----\n\(body)\n-----END PUBLIC KEY-----\n",
                algorithm: try await collection.getKey(for: JWKIdentifier(string: name)))
        }

        private static func url(_ text: String) -> String { Base64.url(Base64.bytes(text) ?? []) }

        /// A token; `header` over what a header has by itself.
        func sign(_ claims: JSONObject, header: JSONObject = [:]) throws -> String {
            let head: JSONObject = ["alg": .string(algorithm.name), "typ": "JWT", "kid": .string(name)]
            let signed = Self.part(head.merging(header)) + "." + Self.part(claims)
            return signed + "." + Base64.url(try algorithm.sign(Array(signed.utf8)))
        }

        static func part(_ object: JSONObject) -> String {
            Base64.url(Array(JSONWriter.text(of: .object(object)).utf8))
        }
    }
}

/// Alarms that ring when a test says so.
final class Bell: Sendable {
    private let rings = Mutex<[(after: UInt64, ring: @Sendable () -> Void)]>([])

    var alarm: KeyCache.Alarm { { after, ring in self.rings.withLock { $0.append((after, ring)) } } }
    /// After how many seconds each shall ring.
    var seconds: [UInt64] { rings.withLock { $0.map { $0.after / 1_000_000_000 } } }

    func ring() {
        let rings = rings.withLock { rings in
            defer { rings = [] }
            return rings
        }
        for ring in rings { ring.ring() }
    }
}

/// A house that takes tokens.
struct TokenRoom {
    let room = KeyRoom()
    let provider = IdentityProvider()
    let access: Access
    /// Rings when somebody's time is over.
    let bell = Bell()
    let key: IdentityProvider.Key

    init(
        _ settings: IdentitySettings = IdentitySettings(keyURLs: ["https://idp/keys"]), hasStore: Bool = true
    ) async throws {
        key = try await .es256("k1")
        provider.publish([key.jwk])
        let random = Mutex<UInt64>(0)
        let desk = Desk(
            store: room.store, time: room.clock.source, policy: OfficePolicy(), vault: Vault(master: nil),
            chance: {
                random.withLock { number in
                    number += 1
                    return number
                }
            })
        let tokens = IdentityTokens(
            settings, desk: hasStore ? desk : nil, time: room.clock.source, fetch: provider.fetch, ask: provider.ask,
            alarm: bell.alarm)
        access = Access(AccessSettings(masterKey: Secret("sk-master")), keys: room.cache, tokens: tokens)
    }

    static func settings(_ change: (inout IdentitySettings) -> Void) -> IdentitySettings {
        var settings = IdentitySettings(keyURLs: ["https://idp/keys"])
        settings.userIDField = "sub"
        change(&settings)
        return settings
    }

    var seconds: Int { Int(room.wall / 1_000_000_000) }

    /// Claims that are good for an hour.
    func claims(_ more: JSONObject = [:]) -> JSONObject {
        let claims: JSONObject = ["exp": .int(seconds + 3600)]
        return claims.merging(more)
    }

    func show(_ token: String) async -> Result<Principal, GatewayFault> {
        do throws(GatewayFault) {
            return .success(try await access.identifyAsking(KeyRoom.show(token), at: room.wall))
        } catch { return .failure(error) }
    }

    func grant(_ claims: JSONObject) async throws -> Grant? {
        try await show(try key.sign(self.claims(claims))).get().grant
    }

    func fault(_ claims: JSONObject) async throws -> GatewayFault? {
        await show(try key.sign(self.claims(claims))).fault
    }
}
