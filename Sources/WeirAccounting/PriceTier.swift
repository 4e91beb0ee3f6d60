package import WeirCore

/// Other prices for a call whose prompt is long; nil where the price is that of a shorter prompt.
package struct PriceTier: Sendable, Hashable {
    /// The tier applies to prompts with more tokens than this, and then to the whole call.
    package var above: Int
    package var input: Money?
    package var output: Money?
    package var cachedInput: Money?

    package init(above: Int, input: Money? = nil, output: Money? = nil, cachedInput: Money? = nil) {
        self.above = above
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
    }
}
