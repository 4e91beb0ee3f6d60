/// Tokens that a call used, as the provider counted them.
package struct Usage: Sendable, Equatable {
    /// Tokens of the prompt, cached ones included.
    package var promptTokens = 0
    /// Tokens of the answer, reasoning included.
    package var completionTokens = 0
    /// The part of `promptTokens` that the provider had cached.
    package var cachedTokens = 0
    /// The part of `completionTokens` that was reasoning.
    package var reasoningTokens = 0
    /// What the provider gave as the total; at least prompt and completion together.
    package var totalTokens = 0

    package init(
        promptTokens: Int = 0, completionTokens: Int = 0, cachedTokens: Int = 0, reasoningTokens: Int = 0,
        totalTokens: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
        self.reasoningTokens = reasoningTokens
        self.totalTokens = totalTokens
    }
}
