import NIOCore
import Testing
import WeirAccess
import WeirCore

struct AccessTests {
    private static let master = "sk-master-0123456789"
    private static let token = "sk-team-9876543210"

    private func access(_ compat: Compat = .v1_83) -> Access {
        Access(
            AccessSettings(
                masterKey: Secret(Self.master), tokens: [.init(name: "team blue", secret: Secret(Self.token))],
                compat: compat))
    }

    private func show(_ text: String) -> Credential { Credential(Bytes(string: text)) }

    private func known(_ access: Access, _ credential: Credential?) throws -> Principal {
        try #require(try access.identify(credential, at: 0))
    }

    private func fault(_ access: Access, _ credential: Credential?) -> GatewayFault? {
        do throws(GatewayFault) {
            _ = try access.identify(credential, at: 0)
            return nil
        } catch { return error }
    }

    // MARK: Open

    @Test(arguments: [nil, "", "sk-anything", "anything"])
    func `without keys everybody is let in as nobody in particular`(key: String?) throws {
        let access = Access(AccessSettings())
        let principal = try known(access, key.map(show))
        #expect(access.isOpen)
        #expect(principal.kind == .anonymous)
        #expect(principal.isAdmin)
        #expect(principal.index == 0)
    }

    @Test func `one token closes the house`() {
        let access = Access(AccessSettings(tokens: [.init(name: "a", secret: Secret(Self.token))]))
        #expect(!access.isOpen)
        #expect(fault(access, nil)?.code == .keyMissing)
    }

    // MARK: Keys

    @Test func `the master key is known and may do everything`() throws {
        let principal = try known(access(), show(Self.master))
        #expect(principal.kind == .master)
        #expect(principal.isAdmin)
    }

    @Test func `a token is known by its name and is no admin`() throws {
        let principal = try known(access(), show(Self.token))
        #expect(principal.kind == .token)
        #expect(principal.alias == "team blue")
        #expect(!principal.isAdmin)
    }

    @Test func `each caller has a number of its own above zero`() throws {
        let tokens = (0..<20).map { AccessSettings.Token(name: "t\($0)", secret: Secret("sk-\($0)")) }
        let access = Access(AccessSettings(masterKey: Secret(Self.master), tokens: tokens))
        let keys = (0..<20).map { "sk-\($0)" } + [Self.master]
        let numbers = try keys.map { try known(access, show($0)).index }
        #expect(Set(numbers).count == 21)
        #expect(numbers.allSatisfy { $0 > 0 })
    }

    @Test func `who has a token that equals the master key is the master`() throws {
        let access = Access(
            AccessSettings(
                masterKey: Secret(Self.master), tokens: [.init(name: "copy", secret: Secret(Self.master))]))
        #expect(try known(access, show(Self.master)).kind == .master)
    }

    @Test func `a token that is there twice keeps the numbers of callers apart`() throws {
        let tokens = [("a", "sk-1"), ("b", "sk-1"), ("c", "sk-2"), ("d", "sk-3")].map {
            AccessSettings.Token(name: $0.0, secret: Secret($0.1))
        }
        let access = Access(AccessSettings(masterKey: Secret(Self.master), tokens: tokens))
        let numbers = try ["sk-1", "sk-2", "sk-3", Self.master].map { try known(access, show($0)).index }
        #expect(Set(numbers).count == 4)
    }

    @Test func `a key is only its readable bytes`() throws {
        var bytes = Bytes(string: "Bearer \(Self.master) tail")
        bytes.moveReaderIndex(forwardBy: 7)
        bytes.moveWriterIndex(to: bytes.writerIndex - 5)
        #expect(try known(access(), Credential(bytes)).kind == .master)
    }

    @Test(arguments: [
        "sk-master-012345678", "sk-master-01234567890", "SK-MASTER-0123456789", " sk-master-0123456789",
        "sk-master-0123456789\0", "sk-",
    ])
    func `a key that is nearly right is wrong`(key: String) {
        #expect(fault(access(), show(key)) != nil)
    }

    // MARK: Refusals

    @Test(arguments: Compat.allCases)
    func `no key at all is told so`(compat: Compat) {
        let fault = fault(access(compat), nil)
        #expect(fault?.code == .keyMissing)
        #expect(fault?.message == "Authentication Error, No api key passed in.")
    }

    @Test(arguments: [
        (
            Compat.v1_83,
            "Authentication Error, LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'."
        ),
        (Compat.v1_109, "LiteLLM Virtual Key expected. Received=****, expected to start with 'sk-'."),
    ])
    func `a key of another form is malformed and not repeated`(compat: Compat, message: String) {
        let fault = fault(access(compat), show("my-private-password"))
        #expect(fault?.code == .keyMalformed)
        #expect(fault?.message == message)
    }

    @Test func `an unknown key is refused with its hash by the older contract`() {
        let fault = fault(access(.v1_83), show("sk-abcdef"))
        #expect(fault?.code == .keyUnknown)
        #expect(fault?.param == "key")
        #expect(
            fault?.message
                == "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...cdef, "
                + "Key Hash (Token) =\(KeyDigest(of: Secret("sk-abcdef")).hex). "
                + "Unable to find token in cache or `LiteLLM_VerificationTokenTable`")
    }

    @Test func `an unknown key is refused without a trace of it by the newer contract`() {
        let fault = fault(access(.v1_109), show("sk-abcdef"))
        #expect(fault?.code == .keyUnknown)
        #expect(fault?.message == "Authentication Error, Invalid API key provided.")
    }

    @Test(arguments: Compat.allCases, ["sk-", "s", "", "sk", "sk-1", "sk-\u{7f}", "日本"])
    func `keys of any length are refused without harm`(compat: Compat, key: String) {
        let fault = fault(access(compat), show(key))
        #expect(fault?.code == .keyUnknown || fault?.code == .keyMalformed)
    }

    @Test(arguments: Compat.allCases)
    func `no refusal repeats a whole key`(compat: Compat) {
        for key in ["sk-abcdefghijklmnop", "abcdefghijklmnop"] {
            #expect(fault(access(compat), show(key))?.message.contains("abcdefghij") == false)
        }
    }
}
