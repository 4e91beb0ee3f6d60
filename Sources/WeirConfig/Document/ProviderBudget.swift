package import WeirCore

/// `provider_budget_config`: what one provider may cost in a period. Kept; spending is not counted yet.
package struct ProviderBudget: Sendable, Equatable {
    /// The provider's prefix (`openai`).
    package let provider: String
    /// In dollars, at least zero.
    package let limit: Money
    /// A month has 30 days here. Nil: for ever.
    package let period: Duration?

    package init(provider: String, limit: Money, period: Duration?) {
        self.provider = provider
        self.limit = limit
        self.period = period
    }
}
