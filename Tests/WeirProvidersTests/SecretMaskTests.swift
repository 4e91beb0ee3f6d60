import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

struct SecretMaskTests {
    private func mask(_ text: String, _ secrets: String...) -> String {
        SecretMask.mask(Bytes(string: text), secrets.map { Secret($0) }).text
    }

    @Test(arguments: [
        ("Incorrect key: sk-secret.", "Incorrect key: ***."), ("sk-secretsk-secret", "******"), ("sk-secret", "***"),
        ("ssk-secrett", "s***t"), ("sk-sk-secret", "sk-***"), ("sk-secre", "sk-secre"), ("", ""),
        ("nothing", "nothing"),
        ("{\"k\":\"sk-secret\"}", "{\"k\":\"***\"}"),
    ])
    func `a secret is replaced wherever it stands`(text: String, masked: String) {
        #expect(mask(text, "sk-secret") == masked)
    }

    @Test func `several secrets are replaced`() {
        #expect(mask("a sk-one-1 b sk-two-2 c", "sk-one-1", "sk-two-2") == "a *** b *** c")
    }

    @Test func `a secret that begins like another is hidden whole`() {
        #expect(mask("key sk-secret-and-more", "sk-secret", "sk-secret-and-more") == "key ***")
    }

    @Test func `short secrets are too common to look for`() {
        #expect(mask("abcde abcdef", "abcde") == "abcde abcdef")
        #expect(mask("abcde abcdef", "abcdef") == "abcde ***")
    }

    @Test func `bytes that are no text stay as they are`() {
        var text = Bytes(bytes: [0xFF, 0x00])
        text.writeString("sk-secret")
        text.writeInteger(UInt8(0xFE))
        let masked = SecretMask.mask(text, [Secret("sk-secret")])
        #expect(Array(masked.readableBytesView) == [0xFF, 0x00, 42, 42, 42, 0xFE])
    }

    @Test func `a deployment hides its key and its added fields`() throws {
        let openai = try Prepared.deployment("openai", model: "m") { $0.extraFields = [("x-team", Secret("hidden-1"))] }
        #expect(openai.masked(Bytes(string: "sk-upstream hidden-1 x-team")).text == "*** *** x-team")
    }
}
