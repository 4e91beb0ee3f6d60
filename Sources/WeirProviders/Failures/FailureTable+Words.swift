import WeirCore

extension FailureTable {
    /// Facts told by names and texts that mean the same wherever they come from. Clients' faults stand first: a provider's
    /// error may pass through several hands, and its innermost words are the true ones.
    static let wordRows: [FailureRow] = [
        // MARK: The request
        FailureRow(
            .badRequest, "a member of the request is too long, not the prompt",
            codes: ["string_above_max_length", "array_above_max_length"]),
        FailureRow(
            .contextWindow, "the prompt is too long, by name",
            codes: [
                "context_length_exceeded", "exceed_context_size_error",
                "model_context_window_exceeded", "contextwindowexceedederror",
            ]),
        FailureRow(
            .contentPolicy, "the words are refused, by name",
            codes: [
                "content_policy_violation", "content_filter", "contentfilter", "responsibleaipolicyviolation",
                "moderation_blocked", "content_filtered", "guardrail_intervened",
                "contentpolicyviolationerror", "data_inspection_failed", "datainspectionfailed",
                "censorship_blocked", "sensitivecontentdetected",
            ]),
        FailureRow(
            .contentPolicy, "google: blocked",
            codes: ["safety", "prohibited_content", "blocklist", "recitation", "spii"]),
        FailureRow(
            .contextWindow, "one request above the limit of a whole minute", [413...413, 429...429],
            phrases: ["^request too large for"]),
        FailureRow(
            .contextWindow, "the prompt is too long, in words", [400...400, 413...413, 422...422, 500...502],
            phrases: contextPhrases),
        FailureRow(
            .contentPolicy, "the words are refused, in words", [400...400, 403...403, 422...422, 451...451, 500...502],
            phrases: policyPhrases),
        FailureRow(
            .badRequest, "something that the caller named is gone", [404...404],
            phrases: [
                "response with id", "no such file", "no such batch", "previous response", "item with id",
                "conversation with id", "^no vector store", "^no thread", "^no assistant", "^no run",
            ]),

        // MARK: Our account
        FailureRow(
            .quotaExhausted, "the account has run dry, by name",
            codes: [
                "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_error",
                "insufficient_balance", "insufficient_credits", "exceeded_current_quota_error",
                "budget_exceeded", "servicequotaexceededexception", "payment_required",
            ]),
        FailureRow(
            .quotaExhausted, "the account has run dry, in words", [401...403, 429...429],
            phrases: [
                "^you exceeded your current quota", "insufficient balance", "insufficient credits", "credit balance",
                "monthly included credits", "spending limit", "spend limit", "out of credits", "payment required",
                "budget has been exceeded", "exceeded your monthly",
            ]),
        FailureRow(
            .authentication, "our key is refused, by name",
            codes: [
                "invalid_api_key", "authentication_error", "permission_error", "invalid_authentication_error",
                "wrong_api_key", "api_key_invalid", "api_key_service_blocked", "service_disabled", "unauthenticated",
                "permission_denied", "unrecognizedclientexception", "accessdeniedexception", "expiredtokenexception",
                "invalidsignatureexception", "missingauthenticationtokenexception", "account_deactivated",
                "organization_restricted", "unsupported_country_region_territory", "ip_not_authorized",
            ]),
        FailureRow(
            .authentication, "our key is refused, in words, told as the caller's fault", [400...400],
            phrases: ["^api key not valid", "^api key expired", "^api key not found"]),

        // MARK: The model
        FailureRow(
            .notFound, "no such model, by name",
            codes: [
                "model_not_found", "not_found_error", "deploymentnotfound", "model_decommissioned", "invalid_model",
                "resourcenotfoundexception", "model_not_available", "resource_not_found_error", "unknown_model",
                "modelnotfound", "notfounderror", "not_found",
            ]),

        // MARK: For now
        FailureRow(
            .overloaded, "no capacity, by name",
            codes: [
                "overloaded_error", "overloaded", "unavailable", "unavailable_error", "serviceunavailableexception",
                "modelnotreadyexception", "engine_overloaded_error", "queue_exceeded", "capacity_exceeded",
                "slow_down", "503", "529",
            ]),
        FailureRow(
            .rateLimited, "too many requests, by name",
            codes: [
                "rate_limit_exceeded", "rate_limit_error", "rate_limit_reached_error", "ratelimiterror", "rate_limited",
                "throttlingexception", "toomanyrequestsexception", "too_many_requests", "throttling_error",
                "service_tier_capacity_exceeded", "429",
            ]),
        FailureRow(
            .timeout, "the upstream gave up waiting, by name",
            codes: [
                "timeout_error", "deadline_exceeded", "modeltimeoutexception", "request_timeout", "gateway_timeout",
                "504",
            ]),
        FailureRow(
            .rateLimited, "too many requests, in words of an error without a status", [500...502],
            phrases: ["rate limit reached", "rate limit exceeded", "rate-limited", "too many requests"]),
        FailureRow(
            .overloaded, "no capacity, in words", [500...502],
            phrases: [
                "overloaded", "model is loading", "currently loading", "loading model", "no capacity",
                "high demand", "model is not ready",
            ]),
    ]

    private static let contextPhrases = [
        // OpenAI, Azure, vLLM, DeepSeek, Mistral, OpenRouter, Ollama, NVIDIA
        "maximum context length", "exceeds the context window", "input tokens exceed the configured limit",
        "reduce the length of the", "string too long. expected a string with maximum length",
        // Anthropic, Bedrock, Fireworks
        "prompt is too long", "exceed context limit", "input is too long", "too many input tokens",
        "expected maxlength:", "prompt: length",
        // Google
        "exceeds the maximum number of tokens allowed",
        // vLLM, SGLang
        "longer than the maximum model length", "longer than the model's context length",
        // llama.cpp, Ollama, LM Studio
        "exceeds the available context size", "input is too large to process", "exceeds the context length",
        "exceeds context length", "context the overflows", "trying to keep the first",
        // Together and Hugging Face (TGI), DeepInfra
        "`inputs` tokens + `max_new_tokens` must be", "`inputs` must have less than * tokens",
        "exceeds maximum input length",
        // xAI, Cerebras, Cohere, Moonshot, Alibaba, Zhipu
        "maximum prompt length is", "current length is * while limit is",
        "total number of tokens in the prompt exceeds", "exceeded model token limit", "range of input length should be",
        "prompt exceeds max length", "model's maximum context limit",
        // LiteLLM
        "contextwindowexceedederror",
    ]

    private static let policyPhrases = [
        // OpenAI, Azure
        "content_policy_violation", "responsibleaipolicyviolation", "violating our usage policy",
        "result of our safety system", "result of the safety system", "rejected by the safety system",
        "content management policy", "the model produced invalid content", "content_filter_policy",
        // Anthropic, Google, Bedrock
        "content filtering policy", "the response was blocked", "blocked by * guardrail",
        // Alibaba, Moonshot, LiteLLM
        "inappropriate content", "considered high risk", "contentpolicyviolationerror",
    ]
}
