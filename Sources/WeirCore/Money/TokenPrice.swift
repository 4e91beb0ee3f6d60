/// What one token of a model costs, by kind; each amount is per token.
package struct TokenPrice: Sendable, Equatable {
    package var input: Money
    package var output: Money
    /// For the cached part of a prompt; the input's price where the provider has no own.
    package var cachedInput: Money?
    /// For reasoning tokens; the output's price where the provider has no own.
    package var reasoning: Money?

    package init(input: Money, output: Money, cachedInput: Money? = nil, reasoning: Money? = nil) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.reasoning = reasoning
    }
}
