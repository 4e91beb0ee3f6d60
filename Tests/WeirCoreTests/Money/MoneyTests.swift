import Testing
import WeirCore

struct MoneyTests {
    @Test(arguments: [
        ("0", "0"), ("12", "12"), ("-0.15", "-0.15"), ("1.5e-07", "0.00000015"), ("1.5E-7", "0.00000015"),
        ("+2.50", "2.5"), ("007", "7"), ("1e3", "1000"), ("-0", "0"), ("5.", "5"), (".5", "0.5"),
        ("2.04e-05", "0.0000204"),
        ("0.000000000000000001", "0.000000000000000001"), ("1e-18", "0.000000000000000001"),
        ("1.000000000000000000000000000000000000000000", "1"), ("0e99", "0"), ("1000000000000000", "1000000000000000"),
    ])
    func `an amount is read and written exactly`(text: String, written: String) throws {
        #expect(try #require(Money(text)).description == written)
    }

    @Test(arguments: [
        "", " ", "-", "+", ".", "-.", "e5", "1e", "1e+", "1 ", " 1", "1,5", "1_000", "0x10", "1.2.3", "--1", "1e5.0",
        "nan",
        "inf", "Infinity", "½", "١", "1\n", "1e-19", "0.0000000000000000001", "1000000000000000.01",
        "-1000000000000001",
        "1e100", "1e-100", "1e9223372036854775807", "1e-9223372036854775808", "1e99999999999999999999",
        "99999999999999999999999999999999999999999999",
    ])
    func `what is no amount, or too fine, or too large is refused`(text: String) {
        #expect(Money(text) == nil)
    }

    @Test func `every amount that is written is read back the same`() throws {
        var seed: UInt64 = 42
        for _ in 0..<2000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let digits = Int128(seed >> 16) * Int128(seed % 1_000_003)
            let money = Money(attodollars: seed % 2 == 0 ? digits : -digits)
            #expect(try #require(Money(money.description)) == money)
        }
    }

    @Test func `three tenths are three tenths`() throws {
        let tenth = try #require(Money("0.1"))
        #expect(tenth + tenth + tenth == Money("0.3"))
        #expect(tenth * 3 == Money("0.3"))
        #expect(tenth - tenth == .zero)
    }

    @Test(arguments: ["1.5e-07", "0.000000000000000001", "0.00000004", "0.000000123456789", "1", "0"])
    func `a price times a billion tokens is the price moved by nine places`(text: String) throws {
        let price = try #require(Money(text))
        #expect(
            (price * 1_000_000_000).description == Money(attodollars: price.attodollars * 1_000_000_000).description)
        #expect((price * 1_000_000_000).attodollars / 1_000_000_000 == price.attodollars)
        #expect((price * 1_000_000_000).attodollars % 1_000_000_000 == 0)
    }

    @Test func `arithmetic stops at the ends of the range`() {
        let highest = Money(attodollars: .max)
        let lowest = Money(attodollars: .min)
        let one = Money(attodollars: 1)
        #expect(highest + one == highest)
        #expect(lowest - one == lowest)
        #expect(lowest + Money(attodollars: -1) == lowest)
        #expect(highest - Money(attodollars: -1) == highest)
        #expect(highest * 2 == highest)
        #expect(highest * -2 == lowest)
        #expect(lowest * 2 == lowest)
        #expect(lowest * -1 == highest)
        #expect(Money(attodollars: Money.scale * 1_000_000_000_000_000) * Int.max == highest)
        #expect(Money(attodollars: Money.scale * 1_000_000_000_000_000) * Int.min == lowest)
        #expect(highest + lowest == Money(attodollars: -1))
    }

    @Test func `the ends of the range can be written`() {
        #expect(Money(attodollars: .max).description == "170141183460469231731.687303715884105727")
        #expect(Money(attodollars: .min).description == "-170141183460469231731.687303715884105728")
    }

    @Test func `a dollar is more than a cent, and less than nothing is less`() throws {
        #expect(try #require(Money("0.01")) < Money(attodollars: Money.scale))
        #expect(try #require(Money("-1")) < .zero)
    }

    @Test func `the sum keeps every step`() throws {
        var sum = Money.zero
        let step = try #require(Money("0.0000001"))
        for _ in 0..<10_000 { sum += step }
        #expect(sum.description == "0.001")
    }
}
