/// One place where a model can be called: an entry of `model_list` after everything about it is known.
package final class Deployment: Sendable {
    /// A small number that is unique within its snapshot, for tables.
    package let index: Int
    /// `model_info.id`, or a digest of the parameters: stable over restarts.
    package let id: String
    /// `model_name`: the name that clients use; deployments with the same one form a model group.
    package let group: String
    /// The vendor's prefix (`openai`, `azure`, `echo`).
    package let vendor: String
    /// The model's name as the upstream knows it.
    package let upstreamModel: String
    /// The upstream's base URL, without credentials; empty for models that answer here.
    package let apiBase: String
    /// Relative share of its group's traffic; 0 means that no weight was given.
    package let weight: Int
    /// Requests and tokens a minute as configured; 0 means none was given.
    package let requestsPerMinute: Int
    package let tokensPerMinute: Int
    /// Nil when the model's price is not known. The price of a call with a short prompt where there are several.
    package let price: TokenPrice?
    /// Prices of calls whose prompt has more tokens than `above`, ascending; empty for most models.
    package let longPromptPrices: [(above: Int, price: TokenPrice)]

    /// What else routing may look at.
    package let traits: DeploymentTraits

    package init(
        index: Int, id: String, group: String, vendor: String, upstreamModel: String, apiBase: String,
        weight: Int = 0, requestsPerMinute: Int = 0, tokensPerMinute: Int = 0, price: TokenPrice? = nil,
        longPromptPrices: [(above: Int, price: TokenPrice)] = [], traits: DeploymentTraits = DeploymentTraits()
    ) {
        self.longPromptPrices = longPromptPrices
        self.traits = traits
        self.index = index
        self.id = id
        self.group = group
        self.vendor = vendor
        self.upstreamModel = upstreamModel
        self.apiBase = apiBase
        self.weight = weight
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.price = price
    }

    /// The price of a call whose prompt has so many tokens, cached ones included.
    package func price(forPromptTokens tokens: Int) -> TokenPrice? {
        longPromptPrices.last { tokens > $0.above }?.price ?? price
    }
}
