import WeirCore

extension FailureTable {
    /// Facts that hold for one vendor only, or would be read wrongly by the general rows.
    static let vendorRows: [FailureRow] = [
        // MARK: OpenRouter: what its own upstreams say stands in the middle of its texts
        FailureRow(
            .contentPolicy, "openrouter: its moderation flagged the prompt", vendors: ["openrouter"], [403...403],
            phrases: ["input was flagged", "requires moderation"]),
        FailureRow(
            .quotaExhausted, "openrouter: the key's own limit is used up", vendors: ["openrouter"], [403...403],
            phrases: ["key limit exceeded"]),
        FailureRow(
            .badRequest, "openrouter: no endpoint takes these parameters", vendors: ["openrouter"], [404...404],
            phrases: ["no endpoints found that support", "no endpoints found that can handle"]),
        FailureRow(.rateLimited, "openrouter: too many requests", vendors: ["openrouter"], [429...429]),

        // MARK: Google
        FailureRow(
            .quotaExhausted, "google: a day's quota, or one of zero", codes: ["resource_exhausted"],
            phrases: ["perday", "per day", "limit: 0", "credits are depleted", "spending cap"]),
        FailureRow(
            .rateLimited, "google: resource exhausted, whatever the text says of quota and billing",
            codes: ["resource_exhausted"]),
        FailureRow(
            .authentication, "google: our region is not served", vendors: ["gemini", "vertex_ai", "vertex_ai_beta"],
            [400...400], phrases: ["^user location is not supported"]),
        FailureRow(
            .badRequest, "google: a file or a cached content is gone",
            vendors: ["gemini", "vertex_ai", "vertex_ai_beta"], [403...404],
            phrases: ["requested entity was not found", "cachedcontent", "access the file"]),

        // MARK: Anthropic
        FailureRow(
            .quotaExhausted, "anthropic: no credit left, told as the caller's fault",
            vendors: ["anthropic", "azure_ai", "vertex_ai"], [400...400],
            phrases: ["^your credit balance is too low", "^you have reached your specified api usage limits"]),
        FailureRow(
            .badRequest, "anthropic: not a model, but a file, batch or path", vendors: ["anthropic"], [404...404],
            phrases: ["^file", "batch", "^container", "skill"]),

        // MARK: Azure
        FailureRow(
            .quotaExhausted, "azure: the call volume of a month is used up", vendors: ["azure", "azure_ai"],
            [403...403, 429...429], phrases: ["out of call volume quota"]),
        FailureRow(
            .overloaded, "azure: the region has no capacity", vendors: ["azure", "azure_ai"],
            codes: ["nocapacity", "engineoverloaded"]),

        // MARK: Bedrock
        FailureRow(
            .quotaExhausted, "bedrock: a day's tokens are used up", [429...429],
            codes: ["throttlingexception"], phrases: ["tokens per day"]),
        FailureRow(
            .notFound, "bedrock: no such model, or not on demand", [400...400], codes: ["validationexception"],
            phrases: ["^the provided model identifier is invalid", "^invocation of model id"]),

        // MARK: Others
        FailureRow(
            .notFound, "deepseek: no such model, told as the caller's fault", vendors: ["deepseek"], [400...400],
            phrases: ["^model not exist"]),
        FailureRow(
            .contentPolicy, "deepseek: content risk", vendors: ["deepseek"], [400...400],
            phrases: ["content exists risk"]),
        FailureRow(
            .contentPolicy, "xai: a safety check failed", vendors: ["xai"], [400...403],
            phrases: ["violates usage guidelines", "safety_check_type"]),
        FailureRow(
            .quotaExhausted, "xai: a team without credits", vendors: ["xai"], [403...403],
            phrases: ["any credits", "all available credits", "monthly spending limit"]),
        FailureRow(
            .authentication, "xai: a wrong key, told as the caller's fault", vendors: ["xai"], [400...400],
            phrases: ["^incorrect api key provided"]),
        FailureRow(
            .quotaExhausted, "groq: the spend limit is reached", vendors: ["groq"], codes: ["blocked_api_access"]),
        FailureRow(
            .quotaExhausted, "fireworks: the account is suspended for its bills", vendors: ["fireworks_ai"],
            [412...412]),
        FailureRow(
            .overloaded, "fireworks: the deployment is waking up", vendors: ["fireworks_ai"],
            codes: ["deployment_scaling_up"]),
        FailureRow(
            .contextWindow, "cohere: too many tokens", vendors: ["cohere", "cohere_chat"], [400...400, 422...422],
            phrases: ["too many tokens"]),
        FailureRow(
            .overloaded, "ollama: the model is being loaded, or the queue is full", vendors: ["ollama", "ollama_chat"],
            [500...503],
            phrases: ["loading model", "maximum pending requests", "waiting for llama runner", "server busy"]),
        FailureRow(
            .notFound, "litellm: the proxy behind us does not know the model", vendors: ["litellm_proxy"], [400...400],
            phrases: [
                "^/chat/completions: invalid model name", "^{'error': '/chat/completions: invalid model name",
            ]),
    ]
}
