import NIOCore
import Testing
import WeirAccess
import WeirCore

/// Everything that somebody might do to look at a value in passing.
private func everyPrint(of value: Any) -> String {
    var text = "\(value) " + String(describing: value) + String(reflecting: value) + "\([value]) \(["k": value])"
    var copy = ""
    dump(value, to: &copy)
    text += copy
    for child in Mirror(reflecting: value).children { text += "\(child)" }
    return text
}

struct SecretTests {
    private static let text = "sk-very-private-0123"

    @Test func `a secret cannot be printed`() {
        let secret = Secret(Self.text)
        #expect(!everyPrint(of: secret).contains("private"))
        #expect(!everyPrint(of: Optional(secret) as Any).contains("private"))
        #expect("\(secret)" == "***")
    }

    @Test func `a credential cannot be printed`() {
        #expect(!everyPrint(of: Credential(Bytes(string: Self.text))).contains("private"))
    }

    @Test func `settings and rooms that hold secrets cannot give them away`() {
        let settings = AccessSettings(
            masterKey: Secret(Self.text), tokens: [.init(name: "team", secret: Secret(Self.text))])
        #expect(!everyPrint(of: settings).contains("private"))
        #expect(!everyPrint(of: Access(settings)).contains("private"))
    }

    @Test func `what a secret hides is there for the wire`() {
        #expect(Secret(Self.text).revealed() == Self.text)
        #expect(Secret("").isEmpty)
        #expect(!Secret(Self.text).isEmpty)
    }
}
