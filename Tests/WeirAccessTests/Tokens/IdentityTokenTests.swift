import Testing
import WeirAccess
import WeirCore
import WeirTestKit

/// Which tokens are taken.
struct IdentityTokenTests {
    @Test func `a token that its provider signed is taken, and verified once`() async throws {
        let house = try await TokenRoom()
        let token = try house.key.sign(house.claims())
        let principal = try await house.show(token).get()
        #expect(principal.kind == .identityToken)
        #expect(principal.keyHash == "identity_token")
        #expect(try house.access.identify(KeyRoom.show(token), at: house.room.wall) === principal)
        #expect(house.provider.fetches == 1)
    }

    @Test func `keys of every kind are understood`() async throws {
        let house = try await TokenRoom()
        let edwards = try await IdentityProvider.Key.edDSA("ed")
        house.provider.publish([
            ["kty": "oct", "k": "AAAA", "kid": "secret"], ["kty": "RSA", "n": "broken", "e": "AQAB"], "nonsense",
            ["kty": "RSA", "n": .string(RSATokens.modulus), "e": "AQAB"], edwards.jwk, house.key.jwk,
        ])
        #expect(await house.show(RSATokens.rs256).fault == nil)
        #expect(await house.show(RSATokens.ps256).fault == nil)
        #expect(await house.show(try edwards.sign(house.claims())).fault == nil)
        #expect(await house.show(try house.key.sign(house.claims())).fault == nil)
    }

    @Test func `a key is used with the algorithm that it was published for`() async throws {
        let house = try await TokenRoom()
        house.provider.publish([
            ["kty": "RSA", "n": .string(RSATokens.modulus), "e": "AQAB", "alg": "RS256", "use": "sig"]
        ])
        #expect(await house.show(RSATokens.rs256).fault == nil)
        #expect(await house.show(RSATokens.ps256).fault?.code == .tokenRefused)
    }

    @Test(arguments: [["use": "enc"], ["key_ops": ["encrypt"]]] as [JSONObject])
    func `a key that is not for signatures verifies none`(purpose: JSONObject) async throws {
        let house = try await TokenRoom()
        house.provider.publish([.object((house.key.jwk.object ?? [:]).merging(purpose))])
        #expect(await house.show(try house.key.sign(house.claims())).fault?.code == .tokenRefused)
    }

    // MARK: Forgeries

    @Test(arguments: ["none", "None", "HS256", "HS512", "", "RS1"])
    func `an algorithm without a public key is refused`(algorithm: String) async throws {
        let house = try await TokenRoom()
        let token = try house.key.sign(house.claims(), header: ["alg": .string(algorithm)])
        #expect(await house.show(token).fault?.code == .tokenRefused)
        let unsigned = token.split(separator: ".").prefix(2).joined(separator: ".") + "."
        #expect(await house.show(unsigned).fault?.code == .tokenRefused)
    }

    @Test func `a token of another key, or changed behind its signature, is refused`() async throws {
        let house = try await TokenRoom()
        let other = try await IdentityProvider.Key.es256("k1")
        #expect(await house.show(try other.sign(house.claims())).fault?.code == .tokenRefused)
        let parts = try house.key.sign(house.claims()).split(separator: ".").map(String.init)
        let forged = IdentityProvider.Key.part(house.claims(["scope": "litellm_proxy_admin"]))
        #expect(await house.show("\(parts[0]).\(forged).\(parts[2])").fault?.code == .tokenRefused)
    }

    @Test(arguments: [
        "ey..", "eyJ.e30.AAAA", "ey!.e30.AAAA", "eyJhbGciOiJFUzI1NiJ9.e30.", "eyJhbGciOiJFUzI1NiJ9.W10.AA",
    ])
    func `what is no token is refused, and never repeated`(token: String) async throws {
        let house = try await TokenRoom()
        let fault = await house.show(token).fault
        #expect(fault?.code == .tokenRefused)
        #expect(fault?.message.contains(token) == false)
    }

    @Test func `a header that asks for extensions is refused`() async throws {
        let house = try await TokenRoom()
        let token = try house.key.sign(house.claims(), header: ["crit": ["b64"], "b64": false])
        #expect(await house.show(token).fault?.code == .tokenRefused)
    }

    // MARK: Time, issuer, audience

    @Test(
        arguments: [
            (["exp": nil], false), (["exp": "1900000000"], false), (["exp": 1_700_000_000], false),
            (["exp": 1_700_000_001], true), (["exp": 1_699_999_990], false), (["exp": -5], false),
            (["exp": 99_999_999_999_999], false), (["exp": .number("1700000001.5")], true),
            (["exp": .number("1.8e9")], true),
            (["nbf": 1_700_000_001], false), (["nbf": 1_700_000_000], true), (["nbf": "soon"], false),
            (["iat": 1_700_000_100], false), (["iat": 1_699_000_000], true),
        ] as [(JSONObject, Bool)])
    func `a token is good from its beginning to its end`(claims: JSONObject, isGood: Bool) async throws {
        let house = try await TokenRoom()
        #expect(house.seconds == 1_700_000_000)
        #expect((try await house.fault(claims) == nil) == isGood)
    }

    @Test func `the provider's clock may be wrong by the leeway`() async throws {
        let house = try await TokenRoom(
            TokenRoom.settings {
                $0.leeway = 60
                $0.userIDField = nil
            })
        #expect(try await house.fault(["exp": .int(house.seconds - 59)]) == nil)
        #expect(try await house.fault(["exp": .int(house.seconds - 60)])?.code == .tokenRefused)
        #expect(try await house.fault(["nbf": .int(house.seconds + 60)]) == nil)
    }

    @Test func `a token that was taken is refused once it has expired`() async throws {
        let house = try await TokenRoom()
        let token = try house.key.sign(["exp": .int(house.seconds + 10)])
        #expect(await house.show(token).fault == nil)
        house.room.clock.advance(milliseconds: 10_000)
        #expect(await house.show(token).fault?.code == .tokenRefused)
    }

    @Test(
        arguments: [
            (["iss": "https://idp", "aud": "weir"], true), (["iss": "https://idp", "aud": ["x", "weir2"]], true),
            (["iss": "https://idp/", "aud": "weir"], false), (["iss": "https://idp", "aud": "other"], false),
            (["iss": "https://idp"], false), (["aud": "weir"], false),
            (["iss": ["https://idp"], "aud": "weir"], false),
        ] as [(JSONObject, Bool)])
    func `issuer and audience must be the right ones`(claims: JSONObject, isGood: Bool) async throws {
        let settings = IdentitySettings(
            keyURLs: ["https://idp/keys"], audiences: ["weir", "weir2"], issuers: ["https://idp"])
        let house = try await TokenRoom(settings)
        #expect((try await house.fault(claims) == nil) == isGood)
    }

    // MARK: The provider's keys

    @Test func `a key that is not known is fetched, but not more often than every ten seconds`() async throws {
        let house = try await TokenRoom()
        #expect(try await house.fault([:]) == nil)
        let next = try await IdentityProvider.Key.es256("k2")
        #expect(await house.show(try next.sign(house.claims())).fault?.code == .tokenRefused)
        #expect(house.provider.fetches == 1, "the first was a moment ago")
        house.provider.publish([house.key.jwk, next.jwk])
        house.room.clock.advance(milliseconds: 10_000)
        #expect(await house.show(try next.sign(house.claims())).fault == nil)
        #expect(house.provider.fetches == 2)
        for number in 0..<5 {
            let stranger = try await IdentityProvider.Key.es256("x\(number)")
            #expect(await house.show(try stranger.sign(house.claims())).fault?.code == .tokenRefused)
        }
        #expect(house.provider.fetches == 2)
    }

    @Test func `keys are fetched again when they are old, and one that is gone verifies nothing`() async throws {
        let house = try await TokenRoom()
        #expect(try await house.fault([:]) == nil)
        house.provider.publish([try await IdentityProvider.Key.es256("k2").jwk])
        house.room.clock.advance(milliseconds: 599_000)
        #expect(try await house.fault(["n": 1]) == nil)
        house.room.clock.advance(milliseconds: 1000)
        #expect(try await house.fault(["n": 2])?.code == .tokenRefused)
        #expect(house.provider.fetches == 2)
    }

    @Test func `while the provider is away its keys stay in force, for a day`() async throws {
        let house = try await TokenRoom()
        #expect(try await house.fault([:]) == nil)
        house.provider.leave()
        house.room.clock.advance(milliseconds: 3_600_000)
        #expect(try await house.fault(["n": 1]) == nil)
        house.room.clock.advance(milliseconds: 86_400_000)
        #expect(try await house.fault(["n": 2])?.code == .storeUnavailable)
        house.provider.leave(false)
        house.room.clock.advance(milliseconds: 10_000)
        #expect(try await house.fault(["n": 3]) == nil)
    }

    @Test func `without the provider's keys no token is taken, and none is called wrong`() async throws {
        let house = try await TokenRoom()
        house.provider.leave()
        #expect(try await house.fault([:])?.code == .storeUnavailable)
        #expect(try await house.fault(["n": 1])?.code == .storeUnavailable)
        #expect(house.provider.fetches == 1)
    }

    @Test func `an address that tells where the keys are is followed`() async throws {
        let house = try await TokenRoom(
            IdentitySettings(keyURLs: ["https://idp/.well-known/openid-configuration"]))
        #expect(try await house.fault([:]) == nil)
    }

    @Test func `who takes tokens asks for them, even where no key is configured`() async throws {
        let house = try await TokenRoom()
        let tokens = IdentityTokens(
            IdentitySettings(keyURLs: ["https://idp/keys"]), desk: nil, time: house.room.clock.source,
            fetch: house.provider.fetch, ask: house.provider.ask)
        let access = Access(AccessSettings(), keys: house.room.cache, tokens: tokens)
        #expect(!access.isOpen)
        #expect(throws: GatewayFault.self) { try access.identify(nil, at: house.room.wall) }
    }

    @Test func `keys go on working beside tokens, and tokens need the switch`() async throws {
        let house = try await TokenRoom()
        try await house.room.add(KeyRoom.key("sk-1"))
        #expect(try await house.show("sk-1").get().kind == .key)
        #expect(try await house.show("sk-master").get().kind == .master)
        let closed = Access(AccessSettings(masterKey: Secret("sk-master")), keys: house.room.cache)
        let token = try house.key.sign(house.claims())
        #expect(throws: GatewayFault.self) { try closed.identify(KeyRoom.show(token), at: house.room.wall) }
    }
}
