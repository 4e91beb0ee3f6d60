package import WeirCore

/// Prices that a `model_list` entry brings along (`litellm_params` first, then `model_info`), in dollars; none is negative.
package struct PriceFields: Sendable, Equatable {
    /// `input_cost_per_token`.
    package var input: Money?
    /// `output_cost_per_token`.
    package var output: Money?
    /// `cache_read_input_token_cost`.
    package var cachedInput: Money?
    /// `cache_creation_input_token_cost`.
    package var cacheWrite: Money?
    /// `output_cost_per_reasoning_token`.
    package var reasoning: Money?
    /// `input_cost_per_second`.
    package var inputSecond: Money?
    /// `output_cost_per_second`.
    package var outputSecond: Money?

    package init() {}

    /// The price of one token, when the price of at least one direction is given; the other is then zero, as with LiteLLM.
    package var token: TokenPrice? {
        guard input != nil || output != nil else { return nil }
        return TokenPrice(
            input: input ?? .zero, output: output ?? .zero, cachedInput: cachedInput, reasoning: reasoning
        )
    }
}
