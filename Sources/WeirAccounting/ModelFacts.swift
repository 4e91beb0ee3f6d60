package import WeirCore

/// What is publicly known about a model: its prices, its limits, what it can do.
package struct ModelFacts: Sendable, Equatable {
    /// The name under which the table holds the model, such as `azure/gpt-4o`.
    package var key: String
    /// LiteLLM's name for who serves it, such as `azure` or `vertex_ai-language-models`; empty when unknown.
    package var provider: String
    /// Nil when the source names none.
    package var mode: ModelMode?
    /// The price of a call with a prompt below all tiers.
    package var price: TokenPrice
    /// Ascending by `above`; empty for most models.
    package var tiers: [PriceTier]
    /// The context window in tokens.
    package var maxInputTokens: Int?
    package var maxOutputTokens: Int?
    package var supports: ModelCapabilities

    package init(
        key: String, provider: String, mode: ModelMode?, price: TokenPrice, tiers: [PriceTier] = [],
        maxInputTokens: Int? = nil, maxOutputTokens: Int? = nil, supports: ModelCapabilities = []
    ) {
        self.key = key
        self.provider = provider
        self.mode = mode
        self.price = price
        self.tiers = tiers
        self.maxInputTokens = maxInputTokens
        self.maxOutputTokens = maxOutputTokens
        self.supports = supports
    }

    /// The prices of all tiers, each completed by the base price; ascending by `above`.
    package var longPromptPrices: [(above: Int, price: TokenPrice)] {
        tiers.map { ($0.above, price(forPromptTokens: $0.above + 1)) }
    }

    /// The price of a call whose prompt has `promptTokens` tokens, cached ones included: that of the highest tier which
    /// the prompt exceeds, completed by the base price.
    package func price(forPromptTokens promptTokens: Int) -> TokenPrice {
        guard let tier = tiers.last(where: { promptTokens > $0.above }) else { return price }
        return TokenPrice(
            input: tier.input ?? price.input, output: tier.output ?? price.output,
            cachedInput: tier.cachedInput ?? price.cachedInput, reasoning: price.reasoning)
    }
}
