import Testing
import WeirCore

@Suite struct PercentTextTests {
    @Test(arguments: [
        ("", ""), ("AZaz09-._~", "AZaz09-._~"), ("a b+c/d?e=f&g", "a%20b%2Bc%2Fd%3Fe%3Df%26g"), ("é\n", "%C3%A9%0A"),
        ("%", "%25"),
    ]) func `all but unreserved characters are escaped, and come back`(_ plain: String, _ encoded: String) {
        #expect(PercentText.encoded(plain) == encoded)
        #expect(PercentText.decoded(encoded.utf8) == plain)
        #expect(PercentText.strictlyDecoded(encoded) == plain)
    }

    @Test(arguments: ["%", "100%", "%4", "%zz", "%+5", "a%-1b", "% 1"])
    func `an escape that is none stays, or is refused`(_ text: String) {
        #expect(PercentText.decoded(text.utf8) == text)
        #expect(PercentText.strictlyDecoded(text) == nil)
    }

    @Test func `what is no text is refused where a text is wanted`() {
        #expect(PercentText.decodedBytes("%ff%00".utf8) == [0xFF, 0])
        #expect(PercentText.strictlyDecoded("%ff") == nil)
        #expect(PercentText.strictlyDecoded("%c3%a9") == "é")
    }
}
