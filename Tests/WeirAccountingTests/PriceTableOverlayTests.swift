import Testing
import WeirAccounting
import WeirCore

struct PriceTableOverlayTests {
    static func entry(_ key: String, _ provider: String, input: Int, mode: ModelMode? = .chat) -> ModelFacts {
        ModelFacts(
            key: key, provider: provider, mode: mode,
            price: TokenPrice(input: Money(attodollars: Int128(input)), output: .zero))
    }

    static func table(_ entries: [ModelFacts]) -> PriceTable {
        var file = PriceImport()
        file.entries = entries
        return PriceTable(importing: file)
    }

    @Test func `an imported entry replaces the built-in one and leaves the others`() {
        let table = Self.table([Self.entry("gpt-4o", "openai", input: 7)])
        #expect(table.facts(model: "gpt-4o", vendor: "openai")?.price.input == Money(attodollars: 7))
        #expect(
            table.facts(model: "gpt-4o", vendor: "azure") == PriceTable.builtIn.facts(model: "gpt-4o", vendor: "azure"))
        #expect(table.facts(model: "o3", vendor: "openai") == PriceTable.builtIn.facts(model: "o3", vendor: "openai"))
    }

    @Test func `of two imported entries of one name the later wins`() {
        let table = Self.table([
            Self.entry("m", "", input: 1), Self.entry("x", "", input: 5), Self.entry("m", "", input: 2),
        ])
        #expect(table.facts(model: "m", vendor: "any")?.price.input == Money(attodollars: 2))
    }

    @Test func `an entry without provider serves every vendor, one with a provider only its own`() {
        let table = Self.table([Self.entry("free", "", input: 1), Self.entry("bound", "groq", input: 2)])
        #expect(table.facts(model: "free", vendor: "openai") != nil)
        #expect(table.facts(model: "bound", vendor: "groq") != nil)
        #expect(table.facts(model: "bound", vendor: "openai") == nil)
    }

    @Test func `the same case goes before another case, wherever it stands`() {
        let table = Self.table([Self.entry("GPT-4o", "openai", input: 7), Self.entry("Mine", "", input: 1)])
        #expect(table.facts(model: "gpt-4o", vendor: "openai")?.key == "gpt-4o")
        #expect(table.facts(model: "GPT-4o", vendor: "openai")?.key == "GPT-4o")
        #expect(table.facts(model: "gPT-4o", vendor: "openai")?.key == "GPT-4o")
        #expect(table.facts(model: "MINE", vendor: "")?.key == "Mine")
    }

    @Test func `every one of many entries is found`() {
        let names = (0..<700).map { "vendor/M\($0 * 7919 % 1000)-\($0 % 3 == 0 ? "a" : "A")" }
        let table = Self.table(names.enumerated().map { Self.entry($1, "vendor", input: $0) })
        for (number, name) in names.enumerated() {
            #expect(table.facts(model: name, vendor: "vendor")?.price.input == Money(attodollars: Int128(number)))
        }
        #expect(table.facts(model: "M1001-a", vendor: "vendor") == nil)
    }

    @Test func `an entry keeps everything on its way through the table`() throws {
        let facts = ModelFacts(
            key: "acme/large", provider: "acme", mode: .responses,
            price: TokenPrice(
                input: Money(attodollars: 1), output: Money(attodollars: Money.scale), cachedInput: .zero,
                reasoning: Money(attodollars: 123_456_789)),
            tiers: [
                PriceTier(above: 1, cachedInput: Money(attodollars: 5)),
                PriceTier(above: 2, input: Money(attodollars: 9)),
                PriceTier(above: 1_000_000, input: .zero, output: Money(attodollars: 3)),
            ],
            maxInputTokens: 1, maxOutputTokens: 2_000_000_000, supports: [.vision, .assistantPrefill, .videoInput])
        #expect(Self.table([facts]).facts(model: "large", vendor: "acme") == facts)
    }

    @Test func `an entry without a mode is kept`() throws {
        let table = Self.table([Self.entry("plain", "acme", input: 3, mode: nil)])
        #expect(try #require(table.facts(model: "plain", vendor: "acme")).mode == nil)
    }
}
