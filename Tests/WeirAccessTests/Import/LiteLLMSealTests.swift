import Testing
import WeirCore

@testable import WeirAccess

/// What PyNaCl 1.6 and Python's cryptography 48 sealed, in the ways that LiteLLM does.
enum Sealed {
    static let saltKey = Secret("sk-salt-of-the-tests")
    static let model = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD4ICq8KwpTErb6kjmaTvMcav8-OvkGHX-KJ2xnqGuEhbgQ=="
    static let key = "AgICAgICAgICAgICAgICAgICAgICAgICIWerWzcKPXWZWp-jYbDbin7nopMcy94bOOdWG1Ax2KrvjM8IqYJdSg=="
    static let empty = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD0alTUW5PxMygINcSC7hWwg=="
    static let standardAlphabet =
        "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7OHh7sNQ6Nfi12Llu8NtKbzS1w8I+jgmL5Vl2Fh8="
    static let gcm2 = "v2:gcm:BwcHBwcHBwcHBwcHv3QpxpnsBOXUIvNXDIfNxtkn9Ycpk0zzo04UBc_a9DlFNOVuOqbvmw=="
    static let gcm3 = "v3:gcm:CQkJCQkJCQkJCQkJOd65jLq-ogMrEvXB2kusw-766o9S5TNs6f24H2c9N0TWOSJSP2uDnw=="
}

struct LiteLLMSealTests {
    @Test(arguments: [
        (Sealed.model, "openai/gpt-4o-mini"), (Sealed.key, "sk-upstream-planted-1234"), (Sealed.empty, ""),
        (Sealed.standardAlphabet, "Grüße, Welt"), (Sealed.gcm2, "sk-upstream-planted-5678"),
        (Sealed.gcm3, "sk-upstream-planted-9012"),
    ])
    func `what LiteLLM sealed is opened`(sealed: String, plain: String) {
        let seal = LiteLLMSeal(saltKeys: [Sealed.saltKey])
        #expect(opened(seal.read(sealed)) == plain)
    }

    @Test func `the second key is tried as well`() {
        let seal = LiteLLMSeal(saltKeys: [Secret("sk-another"), Sealed.saltKey])
        #expect(opened(seal.read(Sealed.key)) == "sk-upstream-planted-1234")
        #expect(opened(seal.read(Sealed.gcm2)) == "sk-upstream-planted-5678")
    }

    @Test(arguments: [Sealed.model, Sealed.gcm2, Sealed.gcm3, "v2:gcm:", "v2:gcm:####", "v3:gcm:AAAA"])
    func `what cannot be opened is told apart from plain text`(text: String) {
        guard case .closed = LiteLLMSeal(saltKeys: [Secret("sk-another")]).read(text) else {
            Issue.record("\(text) should be closed")
            return
        }
    }

    @Test(arguments: ["", "gpt-4o", "https://api.example.com/v1", "os.environ/OPENAI_API_KEY", "sk-1234"])
    func `plain text is plain`(text: String) {
        guard case .plain = LiteLLMSeal(saltKeys: [Sealed.saltKey]).read(text) else {
            Issue.record("\(text) should be plain")
            return
        }
    }

    private func opened(_ reading: LiteLLMSeal.Reading) -> String? {
        if case .opened(let secret) = reading { secret.revealed() } else { nil }
    }
}
