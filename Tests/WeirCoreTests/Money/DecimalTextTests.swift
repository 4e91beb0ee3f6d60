import Testing
import WeirCore

struct DecimalTextTests {
    @Test(arguments: [
        ("5.0000000000000004e-08", Int128(50_000_000_000)), ("0.00000000000000000049", 0), ("0.0000000000000000005", 1),
        ("-0.0000000000000000005", -1), ("1.4e-18", 1), ("1.5e-18", 2), ("1.4999999999999999e-18", 1), ("9.99e-19", 1),
        ("1e-99", 0), ("0.05", 50_000_000_000_000_000),
    ])
    func `excess digits go to the nearest unit when asked to`(text: String, units: Int128) {
        #expect(DecimalText.scaled(text, decimals: 18, excess: .round) == units)
    }

    @Test(arguments: ["5.0000000000000004e-08", "0.5e-18", "1e-19", "1.4e-18"])
    func `excess digits are refused otherwise`(text: String) {
        #expect(DecimalText.scaled(text, decimals: 18) == nil)
    }

    @Test func `the limit is thirty-five digits`() {
        #expect(DecimalText.scaled(String(repeating: "9", count: 35), decimals: 0) != nil)
        #expect(DecimalText.scaled("1" + String(repeating: "0", count: 35), decimals: 0) == nil)
        #expect(DecimalText.scaled("1e34", decimals: 0) != nil)
        #expect(DecimalText.scaled("1e35", decimals: 0) == nil)
        #expect(DecimalText.scaled("1", decimals: 35) == nil)
    }

    @Test func `zeros do not count against the limit`() {
        let zeros = String(repeating: "0", count: 200)
        #expect(DecimalText.scaled(zeros + "1." + zeros, decimals: 2) == 100)
        #expect(DecimalText.scaled("0." + zeros, decimals: 2) == 0)
        #expect(DecimalText.scaled("0." + zeros + "1", decimals: 2) == nil)
        #expect(DecimalText.scaled("0." + zeros + "1", decimals: 2, excess: .round) == 0)
    }

    @Test func `whole numbers may be written with a fraction of zero`() {
        #expect(DecimalText.scaled("128000.0", decimals: 0) == 128_000)
        #expect(DecimalText.scaled("2.5e2", decimals: 0) == 250)
    }
}
