import JWTKit
import Testing
import WeirAccess
import WeirCore
import WeirTestKit
import WeirWire

/// Keys of identity providers in other forms than a published set, and providers that are asked about a token.
struct IdentityKeyTests {
    // MARK: PEM

    @Test(arguments: [false, true])
    func `keys that are given need no address`(isEscaped: Bool) async throws {
        let keys = [try await IdentityProvider.Key.es256("k9"), try await IdentityProvider.Key.edDSA("k9")]
        for key in keys {
            let pem = isEscaped ? key.pem.replacing("\n", with: "\\n") : key.pem
            let settings = try IdentitySettings(
                reading: [:], keyURLs: [], publicKey: pem, audience: nil, issuer: nil)
            let house = try await TokenRoom(settings)
            #expect(await house.show(try key.sign(house.claims())).fault == nil)
            #expect(await house.show(try house.key.sign(house.claims())).fault?.code == .tokenRefused)
            #expect(house.provider.fetches == 0)
        }
    }

    @Test(arguments: [RSATokens.rs256, RSATokens.ps256])
    func `an RSA key in PEM verifies with every algorithm of its kind`(token: String) async throws {
        var settings = IdentitySettings(keyURLs: [])
        settings.publicKeys = [
            try Insecure.RSA.PublicKey(modulus: RSATokens.modulus, exponent: "AQAB").pemRepresentation
        ]
        let house = try await TokenRoom(settings)
        #expect(await house.show(token).fault == nil)
    }

    @Test func `a provider may publish PEM, alone or by the names of its keys, and one key alone`() async throws {
        for form in 0..<4 {
            let house = try await TokenRoom()
            let members: [JSONObject] = [["k1": .string(house.key.pem)], ["other": .string(house.key.pem)]]
            switch form {
            case 0: house.provider.publish(text: "some words\n" + house.key.pem)
            case 1: house.provider.publish(text: JSONWriter.text(of: house.key.jwk))
            default: house.provider.publish(text: JSONWriter.text(of: .object(members[form - 2])))
            }
            let fault = await house.show(try house.key.sign(house.claims())).fault
            #expect((fault == nil) == (form < 3), "\(form): \(String(describing: fault))")
        }
    }

    @Test(arguments: ["", "no PEM", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "-----BEGIN "])
    func `what is no public key lets nobody in`(pem: String) async throws {
        var settings = IdentitySettings(keyURLs: [])
        settings.publicKeys = [pem]
        let house = try await TokenRoom(settings)
        #expect(await house.show(try house.key.sign(house.claims())).fault?.code == .tokenRefused)
    }

    @Test func `a variable that holds no PEM is told of`() {
        #expect(throws: IdentitySettingsFault.self) {
            try IdentitySettings(reading: [:], keyURLs: [], publicKey: "MIIB", audience: nil, issuer: nil)
        }
    }

    // MARK: Asking the provider

    private func asking(_ more: JSONObject = [:]) async throws -> TokenRoom {
        let rules: JSONObject = [
            "oidc_userinfo_enabled": true, "oidc_userinfo_endpoint": "https://idp/userinfo",
            "user_id_jwt_field": "sub", "oidc_userinfo_cache_ttl": 60,
        ]
        return try await TokenRoom(
            try IdentitySettings(reading: rules.merging(more), keyURLs: [], audience: nil, issuer: nil))
    }

    @Test func `the provider tells who shows a token, and its word holds for a while`() async throws {
        let house = try await asking()
        try await house.room.add(KeyRoom.entity(.users, "u", ["rpm_limit": 5]))
        house.provider.know("opaque-1", ["sub": "u"])
        let principal = try await house.show("opaque-1").get()
        #expect(principal.grant?.userID == "u" && principal.grant?.expires == nil)
        #expect(try await house.show("opaque-1").get() === principal)
        #expect(house.provider.questions == 1 && house.bell.seconds == [60])
        house.provider.know("opaque-1", nil)
        house.bell.ring()
        #expect(!principal.isCurrent)
        #expect(await house.show("opaque-1").fault?.code == .tokenRefused)
    }

    @Test func `who guesses asks the provider once`() async throws {
        let house = try await asking()
        for _ in 0..<5 {
            let fault = await house.show("guess").fault
            #expect(fault?.code == .tokenRefused && fault?.message.contains("guess") == false)
        }
        #expect(house.provider.questions == 1)
    }

    @Test func `keys are none of the provider's business`() async throws {
        let house = try await asking()
        #expect(await house.show("sk-unknown").fault?.code == .keyUnknown)
        #expect(await house.show("sk-master").fault == nil)
        #expect(house.provider.questions == 0)
    }

    @Test func `a provider that is away is no refusal`() async throws {
        let house = try await asking()
        house.provider.leave()
        #expect(await house.show("opaque").fault?.code == .storeUnavailable)
        house.provider.leave(false)
        house.provider.know("opaque", ["sub": "u"])
        #expect(await house.show("opaque").fault?.code == .tokenRefused)
    }

    @Test func `asking needs an address`() {
        #expect(throws: IdentitySettingsFault.self) {
            try IdentitySettings(
                reading: ["oidc_userinfo_enabled": true], keyURLs: ["https://idp"], audience: nil, issuer: nil)
        }
    }
}
