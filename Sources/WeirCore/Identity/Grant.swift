/// What a virtual key, or a token of an identity provider, may do: computed once when it is first seen, read at every use.
/// A reference, because it is looked at many times on the way of a request and a copy would count all that it holds.
package final class Grant: Sendable {
    package let role: Role
    package let userID: String?
    package let userEmail: String?
    package let teamID: String?
    package let teamAlias: String?
    package let organizationID: String?
    /// The customer whom the one who calls serves, as the token of an identity provider names him.
    package let endUserID: String?
    /// Wall clock, nanoseconds since 1970; nil for never.
    package let expires: UInt64?
    /// The key that was shown has been replaced, and from this moment on there is none such. Wall clock, nanoseconds since
    /// 1970; nil for a key that was not.
    package let retiresAt: UInt64?
    /// `sk-...a388`: as much of the key as may be shown.
    package let keyName: String
    /// The key, its team or its user is blocked: what its calls are told.
    package let blocked: GatewayFault?
    /// Who allows which models: all of them must. Empty when nobody restricts them.
    package let models: [ModelRights]
    /// Nil: the routes that the role allows.
    package let routes: RouteRights?
    /// Other names for models that this key uses, with what they stand for.
    package let aliases: [String: String]
    /// Those of `aliases` that come from the key and not from its team: they open nothing that the team closes.
    package let keyAliases: Set<String>
    /// Limits of the key, its member of a team, its team, its user and its organisation, in this order.
    package let limits: [LimitGrant]
    /// Tags that go with every request.
    package let tags: [String]
    /// `max_budget` of the key, for `x-litellm-key-max-budget`.
    package let maxBudget: Money?
    /// Every request must carry these members in its body (`enforced_params`).
    package let requiredParams: [String]
    /// The model of a customer's requests that name none, or one that is not in his region.
    package let defaultModel: String?
    /// Only deployments of this region may serve a customer (`eu`, `us`).
    package let region: String?
    /// Of `limits`, that of the key itself.
    package let keyLimits: LimitGrant?

    package init(_ draft: GrantDraft) {
        role = draft.role
        userID = draft.userID
        userEmail = draft.userEmail
        teamID = draft.teamID
        teamAlias = draft.teamAlias
        organizationID = draft.organizationID
        endUserID = draft.endUserID
        expires = draft.expires
        retiresAt = draft.retiresAt
        keyName = draft.keyName
        blocked = draft.blocked
        models = draft.models
        routes = draft.routes
        aliases = draft.aliases
        keyAliases = draft.keyAliases
        limits = draft.limits
        tags = draft.tags
        maxBudget = draft.maxBudget
        requiredParams = draft.requiredParams
        defaultModel = draft.defaultModel
        region = draft.region
        keyLimits = draft.limits.first { $0.model == nil && $0.id.hasPrefix("key:") }
    }
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
