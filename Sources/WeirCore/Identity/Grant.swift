/// What a virtual key, or a token of an identity provider, may do: computed once when it is first seen, read at every use.
package struct Grant: Sendable {
    package var role = Role.unknown
    package var userID: String?
    package var userEmail: String?
    package var teamID: String?
    package var teamAlias: String?
    package var organizationID: String?
    /// The customer whom the one who calls serves, as the token of an identity provider names him.
    package var endUserID: String?
    /// Wall clock, nanoseconds since 1970; nil for never.
    package var expires: UInt64?
    /// `sk-...a388`: as much of the key as may be shown.
    package var keyName = ""
    /// The key, its team or its user is blocked: what its calls are told.
    package var blocked: GatewayFault?
    /// Who allows which models: all of them must. Empty when nobody restricts them.
    package var models: [ModelRights] = []
    /// Nil: the routes that the role allows.
    package var routes: RouteRights?
    /// Other names for models that this key uses, with what they stand for.
    package var aliases: [String: String] = [:]
    /// Those of `aliases` that come from the key and not from its team: they open nothing that the team closes.
    package var keyAliases: Set<String> = []
    /// Limits of the key, its member of a team, its team, its user and its organisation, in this order.
    package var limits: [LimitGrant] = []
    /// Tags that go with every request.
    package var tags: [String] = []
    /// `max_budget` of the key, for `x-litellm-key-max-budget`.
    package var maxBudget: Money?
    /// Every request must carry these members in its body (`enforced_params`).
    package var requiredParams: [String] = []

    package init() {}

    /// Of `limits`, that of the key itself.
    package var keyLimits: LimitGrant? { limits.first { $0.model == nil && $0.id.hasPrefix("key:") } }
}

/// The limits of one who takes part in a request. Nil: none; 0 lets nothing in.
package struct LimitGrant: Sendable, Hashable {
    /// The same on every replica: `key:<hash>`.
    package let id: String
    /// As a refusal names it: `api_key: <hash>`.
    package let title: String
    /// Requests in any 60 s.
    package var requestsPerMinute: Int?
    /// Tokens in any 60 s.
    package var tokensPerMinute: Int?
    /// Requests at once.
    package var parallel: Int?
    /// Only requests for this model count; nil for all.
    package var model: String?

    package init(
        id: String, title: String, requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil, parallel: Int? = nil,
        model: String? = nil
    ) {
        self.id = id
        self.title = title
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.parallel = parallel
        self.model = model
    }

    package var isEmpty: Bool { requestsPerMinute == nil && tokensPerMinute == nil && parallel == nil }
}
