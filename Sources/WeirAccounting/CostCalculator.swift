package import WeirCore

/// What a call costs. Exact, and without allocation.
package enum CostCalculator {
    /// The cost of `usage` when each token has the price that `price` gives its kind.
    ///
    ///     cached    = cachedTokens, at least 0, at most promptTokens
    ///     reasoning = reasoningTokens, at least 0, at most completionTokens
    ///     cost      = (promptTokens - cached) · input      + cached · (cachedInput, or else input)
    ///               + (completionTokens - reasoning) · output + reasoning · (reasoning, or else output)
    ///
    /// Counts below zero count as zero. The total that a provider gives is not looked at. Amounts beyond the range of
    /// `Money` stop at its end.
    package static func cost(of usage: Usage, at price: TokenPrice) -> Money {
        let prompt = max(usage.promptTokens, 0)
        let cached = min(max(usage.cachedTokens, 0), prompt)
        let completion = max(usage.completionTokens, 0)
        let reasoning = min(max(usage.reasoningTokens, 0), completion)
        let cost =
            price.input * (prompt - cached) + (price.cachedInput ?? price.input) * cached
            + price.output * (completion - reasoning) + (price.reasoning ?? price.output) * reasoning
        return max(cost, .zero)
    }

    /// The cost of `usage` at the prices of a model, with the tier that its prompt reaches.
    package static func cost(of usage: Usage, at facts: ModelFacts) -> Money {
        cost(of: usage, at: facts.price(forPromptTokens: usage.promptTokens))
    }
}
