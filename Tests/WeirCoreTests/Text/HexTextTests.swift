import Testing
import WeirCore

@Suite struct HexTextTests {
    @Test func `each word has sixteen digits`() {
        #expect(HexText.text(0) == "0000000000000000")
        #expect(HexText.text(0xDEAD_BEEF) == "00000000deadbeef")
        #expect(HexText.text(.max, 1) == "ffffffffffffffff0000000000000001")
    }

    @Test func `a UUID has the form of the standard`() {
        #expect(HexText.uuid(0x0189_0a5d_ac96_774b, 0xbcce_b302_099a_8057) == "01890a5d-ac96-774b-bcce-b302099a8057")
        #expect(HexText.uuid(0, 0) == "00000000-0000-0000-0000-000000000000")
    }
}
