import Testing
import WeirAccounting
import WeirCore

struct CostCalculatorTests {
    let price: TokenPrice

    init() throws {
        price = TokenPrice(
            input: try #require(Money("0.000003")), output: try #require(Money("0.000015")),
            cachedInput: Money("0.0000003"), reasoning: Money("0.00002"))
    }

    @Test func `each kind of token has its price`() {
        let usage = Usage(
            promptTokens: 1000, completionTokens: 500, cachedTokens: 400, reasoningTokens: 100, totalTokens: 1500)
        // 600 · 3 + 400 · 0.3 + 400 · 15 + 100 · 20, in millionths.
        #expect(CostCalculator.cost(of: usage, at: price).description == "0.00992")
    }

    @Test func `cached and reasoning tokens cost what others cost when they have no price`() {
        let plain = TokenPrice(input: price.input, output: price.output)
        let usage = Usage(promptTokens: 1000, completionTokens: 500, cachedTokens: 400, reasoningTokens: 100)
        #expect(CostCalculator.cost(of: usage, at: plain).description == "0.0105")
    }

    @Test func `cached tokens are never more than the prompt, reasoning never more than the answer`() {
        let usage = Usage(promptTokens: 10, completionTokens: 10, cachedTokens: 1_000_000, reasoningTokens: .max)
        #expect(CostCalculator.cost(of: usage, at: price).description == "0.000203")
    }

    @Test(arguments: [
        Usage(), Usage(promptTokens: -5, completionTokens: -5, cachedTokens: -5, reasoningTokens: -5),
        Usage(promptTokens: .min, completionTokens: .min, cachedTokens: .max, reasoningTokens: .min),
        Usage(totalTokens: 500),
    ])
    func `counts that make no sense cost nothing`(usage: Usage) {
        #expect(CostCalculator.cost(of: usage, at: price) == .zero)
    }

    @Test func `negative parts do not change the whole`() {
        let usage = Usage(promptTokens: 10, completionTokens: 10, cachedTokens: -10, reasoningTokens: .min)
        #expect(CostCalculator.cost(of: usage, at: price).description == "0.00018")
    }

    @Test func `a negative price never makes a credit`() {
        let gift = TokenPrice(input: Money(attodollars: -5), output: .zero)
        #expect(CostCalculator.cost(of: Usage(promptTokens: 10), at: gift) == .zero)
    }

    @Test func `the largest counts stay in range`() {
        let usage = Usage(promptTokens: .max, completionTokens: .max, cachedTokens: .max, reasoningTokens: .max)
        let cost = CostCalculator.cost(of: usage, at: price)
        #expect(cost == Money(attodollars: Int128(Int.max) * (300_000_000_000 + 20_000_000_000_000)))
        let absurd = TokenPrice(
            input: Money(attodollars: Money.scale * 1_000_000_000_000_000), output: Money(attodollars: .max))
        #expect(CostCalculator.cost(of: usage, at: absurd) == Money(attodollars: .max))
    }

    @Test func `a long prompt has the price of the highest tier that it exceeds`() throws {
        let facts = ModelFacts(
            key: "m", provider: "p", mode: .chat, price: price,
            tiers: [
                PriceTier(above: 100, input: Money("0.000004"), cachedInput: Money("0.0000004")),
                PriceTier(above: 200, output: Money("0.00003")),
            ])
        #expect(facts.price(forPromptTokens: 100) == price)
        #expect(facts.price(forPromptTokens: 101).input == Money("0.000004"))
        #expect(facts.price(forPromptTokens: 101).cachedInput == Money("0.0000004"))
        #expect(facts.price(forPromptTokens: 101).output == price.output)
        #expect(facts.price(forPromptTokens: 201).input == price.input)
        #expect(facts.price(forPromptTokens: 201).output == Money("0.00003"))
        #expect(
            CostCalculator.cost(of: Usage(promptTokens: 150, cachedTokens: 50), at: facts).description == "0.00042")
    }
}
