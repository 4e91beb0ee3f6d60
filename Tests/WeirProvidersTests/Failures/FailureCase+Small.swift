import WeirCore

private let contextByName = "the prompt is too long, by name"
private let contextInWords = "the prompt is too long, in words"
private let policyByName = "the words are refused, by name"
private let policyInWords = "the words are refused, in words"
private let quotaByName = "the account has run dry, by name"
private let quotaInWords = "the account has run dry, in words"
private let keyByName = "our key is refused, by name"
private let modelByName = "no such model, by name"
private let capacityByName = "no capacity, by name"
private let capacityInWords = "no capacity, in words"
private let rateByName = "too many requests, by name"
private let unknown = "4xx that nobody knows: the caller's"
private let missing = "404, 410: no such model or path"
private let capacity = "503, 529, 498, 425: no capacity"

/// Smaller vendors, servers that one runs oneself, and bare statuses.
extension FailureCase {
    static let hosted = [
        FailureCase(
            "groq", 413,
            error(
                "Request too large for model `llama` in organization `o` on tokens per minute (TPM): Limit 6000",
                type: "tokens", code: "rate_limit_exceeded"), .contextWindow,
            "one request above the limit of a whole minute"),
        FailureCase(
            "groq", 400, error("The model `m` has been decommissioned", code: "model_decommissioned"), .notFound,
            modelByName),
        FailureCase(
            "groq", 400, error("API access blocked", type: "x", code: "blocked_api_access"), .quotaExhausted,
            "groq: the spend limit is reached"),
        FailureCase(
            "groq", 498, error("Flex tier capacity exceeded", type: "x", code: "capacity_exceeded"), .overloaded,
            capacityByName),
        FailureCase(
            "groq", 400,
            """
            {"error":{"message":"Failed to call a function. See 'failed_generation'.","type":"invalid_request_error",\
            "code":"tool_use_failed","failed_generation":"insufficient_quota, model_not_found: prompt is too long"}}
            """, .badRequest, unknown),
        FailureCase(
            "mistral", 400,
            """
            {"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with \
            32768 maximum context length","type":"invalid_request_prompt","param":null,"code":"3051"}
            """, .contextWindow, contextInWords),
        FailureCase(
            "mistral", 429,
            """
            {"object":"error","message":"Service tier capacity exceeded for this model.","type":\
            "service_tier_capacity_exceeded","param":null,"code":"3505"}
            """, .rateLimited, rateByName),
        FailureCase(
            "mistral", 400, #"{"object":"error","message":"Invalid model: m","type":"invalid_model","code":"1500"}"#,
            .notFound, modelByName),
        FailureCase(
            "mistral", 422,
            #"{"detail":[{"type":"extra_forbidden","loc":["body","x"],"msg":"Not permitted","input":"invalid_api_key"}]}"#,
            .badRequest, unknown),
        FailureCase("mistral", 401, #"{"detail":"Unauthorized"}"#, .authentication, "401, 403, 407: our credentials"),
        FailureCase(
            "deepseek", 402, error("Insufficient Balance", type: "unknown_error", code: "invalid_request_error"),
            .quotaExhausted, quotaInWords),
        FailureCase(
            "deepseek", 400, error("Model Not Exist", code: "invalid_request_error"), .notFound,
            "deepseek: no such model, told as the caller's fault"),
        FailureCase("deepseek", 400, error("Content Exists Risk"), .contentPolicy, "deepseek: content risk"),
        FailureCase(
            "xai", 400,
            """
            {"code":"Client specified an invalid argument","error":"This model's maximum prompt length is 131072 but \
            the request contains 137123 tokens."}
            """, .contextWindow, contextInWords),
        FailureCase(
            "xai", 400,
            #"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***."}"#,
            .authentication, "xai: a wrong key, told as the caller's fault"),
        FailureCase(
            "xai", 403,
            #"{"code":"The caller does not have permission","error":"Content violates usage guidelines."}"#,
            .contentPolicy, "xai: a safety check failed"),
        FailureCase(
            "xai", 403, #"{"code":"denied","error":"Your newly created team doesn't have any credits yet."}"#,
            .quotaExhausted, "xai: a team without credits"),
        FailureCase(
            "together_ai", 422,
            error("Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 5000 `inputs`"),
            .contextWindow, contextInWords),
        FailureCase(
            "together_ai", 404, error("Unable to access model m", code: "model_not_available"), .notFound, modelByName),
        FailureCase(
            "fireworks_ai", 412, #"{"error":{"object":"error","message":"Account is suspended"}}"#, .quotaExhausted,
            "fireworks: the account is suspended for its bills"),
        FailureCase(
            "fireworks_ai", 503, #"{"error":{"code":"DEPLOYMENT_SCALING_UP","message":"Waking up"}}"#, .overloaded,
            "fireworks: the deployment is waking up"),
        FailureCase(
            "fireworks_ai", 404, #"{"error":{"object":"error","type":"NOT_FOUND","message":"Model not found"}}"#,
            .notFound, modelByName),
        FailureCase(
            "cohere", 400,
            #"{"message":"too many tokens: total number of tokens cannot exceed 4081, received 4292"}"#,
            .contextWindow, "cohere: too many tokens"),
        FailureCase(
            "cerebras", 429,
            #"{"message":"We're experiencing high traffic","type":"too_many_requests_error","code":"queue_exceeded"}"#,
            .overloaded, capacityByName),
        FailureCase(
            "cerebras", 429,
            """
            {"message":"Tokens per day limit exceeded - too many tokens processed.","type":"too_many_tokens_error",\
            "code":"token_quota_reached"}
            """, .rateLimited, "429: too many requests"),
        FailureCase(
            "cerebras", 400,
            #"{"message":"Reduce the messages. Current length is 9000 while limit is 8192","type":"x","code":"y"}"#,
            .contextWindow, contextInWords),
        FailureCase(
            "moonshot", 429, error("Your account is out of funds", type: "exceeded_current_quota_error"),
            .quotaExhausted, quotaByName),
        FailureCase(
            "moonshot", 429, error("The engine is overloaded", type: "engine_overloaded_error"), .overloaded,
            capacityByName),
        FailureCase(
            "moonshot", 400, error("Invalid request: Your request exceeded model token limit: 8192"), .contextWindow,
            contextInWords),
        FailureCase(
            "moonshot", 400,
            error("The request was rejected because it was considered high risk", type: "content_filter"),
            .contentPolicy, policyByName),
        FailureCase(
            "openai", 400, error("Input data may contain inappropriate content.", code: "data_inspection_failed"),
            .contentPolicy, policyByName),
        FailureCase(
            "openai", 400, error("Range of input length should be [1, 6000]", code: "invalid_parameter_error"),
            .contextWindow, contextInWords),
        FailureCase(
            "deepinfra", 400, #"{"detail":{"error":"Requested input length 9000 exceeds maximum input length 8191"}}"#,
            .contextWindow, contextInWords),
        FailureCase(
            "huggingface", 503,
            #"{"error":"Model org/m is currently loading","estimated_time":20.0}"#, .overloaded, capacity),
        FailureCase(
            "huggingface", 402, #"{"error":"You have exceeded your monthly included credits for Inference"}"#,
            .quotaExhausted, quotaInWords),
        FailureCase(
            "huggingface", 429, #"{"error":"Model is overloaded","error_type":"overloaded"}"#, .overloaded,
            capacityByName),
        FailureCase(
            "huggingface", 422,
            #"{"error":"Input validation error: `inputs` must have less than 1024 tokens. Given: 5000"}"#,
            .contextWindow, contextInWords),
        FailureCase(
            "perplexity", 401, error("You exceeded your current quota", type: "insufficient_quota"), .quotaExhausted,
            quotaByName),
        FailureCase(
            "litellm_proxy", 400,
            error("/chat/completions: Invalid model name passed in model=nope. Call `/v1/models`"), .notFound,
            "litellm: the proxy behind us does not know the model"),
        FailureCase(
            "litellm_proxy", 400,
            error("litellm.ContextWindowExceededError: litellm.BadRequestError: too long", code: "400"),
            .contextWindow, contextInWords),
        FailureCase(
            "litellm_proxy", 400,
            error("litellm.BadRequestError: litellm.ContentPolicyViolationError: no", code: "400"), .contentPolicy,
            policyInWords),
        FailureCase(
            "litellm_proxy", 422, error("Budget has been exceeded!", type: "budget_exceeded"), .quotaExhausted,
            quotaByName),
    ]

    static let local = [
        FailureCase(
            "hosted_vllm", 400,
            """
            {"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested \
            5000 tokens (4000 in the messages, 1000 in the completion).","type":"BadRequestError","code":400}
            """, .contextWindow, contextInWords),
        FailureCase(
            "hosted_vllm", 400,
            """
            {"error":{"message":"The decoder prompt (length 5000) is longer than the maximum model length of 4096.",\
            "type":"BadRequestError","param":null,"code":400}}
            """, .contextWindow, contextInWords),
        FailureCase(
            "hosted_vllm", 404,
            #"{"object":"error","message":"The model `m` does not exist.","type":"NotFoundError","code":404}"#,
            .notFound, modelByName),
        FailureCase(
            "hosted_vllm", 401, #"{"error":"Unauthorized"}"#, .authentication, "401, 403, 407: our credentials"),
        FailureCase(
            "openai", 400,
            """
            {"object":"error","message":"The input (61709 tokens) is longer than the model's context length (40960 \
            tokens).","type":"BadRequestError","param":null,"code":400}
            """, .contextWindow, contextInWords),
        FailureCase(
            "llamacpp", 400,
            """
            {"error":{"code":400,"message":"request (9412 tokens) exceeds the available context size (8192 tokens), \
            try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9412,"n_ctx":8192}}
            """, .contextWindow, contextByName),
        FailureCase(
            "llamacpp", 503, #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
            .overloaded, capacityByName),
        FailureCase(
            "llamacpp", 500,
            #"{"error":{"code":500,"message":"input is too large to process. increase the physical batch size"}}"#,
            .contextWindow, contextInWords),
        FailureCase(
            "llamacpp", 501,
            #"{"error":{"code":501,"message":"This server does not support embeddings","type":"not_supported_error"}}"#,
            .badRequest, "501: the upstream cannot do what was asked"),
        FailureCase(
            "ollama", 404, error(#"model \"m\" not found, try pulling it first"#, type: "api_error"), .notFound,
            missing),
        FailureCase(
            "ollama", 503, #"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#,
            .overloaded, "ollama: the model is being loaded, or the queue is full"),
        FailureCase(
            "ollama_chat", 500, #"{"error":"llm server loading model"}"#, .overloaded,
            "ollama: the model is being loaded, or the queue is full"),
        FailureCase(
            "ollama", 400, #"{"error":"the input length exceeds the context length"}"#, .contextWindow, contextInWords),
        FailureCase(
            "lm_studio", 400,
            """
            {"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded \
            with context length of only 4096 tokens"}
            """, .contextWindow, contextInWords),
        FailureCase("lm_studio", 500, #""Model is loading, try later""#, .overloaded, capacityInWords),
    ]

    static let statuses = [
        FailureCase("openai", 400, "", .badRequest, unknown),
        FailureCase("openai", 401, "", .authentication, "401, 403, 407: our credentials"),
        FailureCase("openai", 402, "", .quotaExhausted, "402: payment required"),
        FailureCase(
            "openai", 403, "secondary limit", .rateLimited, "403 that asks to wait: a limit told as a ban",
            fields: "Retry-After: 60"),
        FailureCase(
            "openai", 403, "<html>Just a moment...</html>", .serverError,
            "403 of the wall before the vendor, which takes us for a robot", fields: "cf-mitigated: challenge"),
        FailureCase("openai", 404, "<html>404</html>", .notFound, missing),
        FailureCase("openai", 408, "", .timeout, "408, 504 and what Cloudflare and others count as such"),
        FailureCase("openai", 418, "", .badRequest, unknown),
        FailureCase("openai", 429, "Too Many Requests", .rateLimited, "429: too many requests"),
        FailureCase("openai", 500, "", .serverError, "everything else: the server's"),
        FailureCase("openai", 502, "<html>Bad Gateway</html>", .serverError, "everything else: the server's"),
        FailureCase("openai", 503, "", .overloaded, capacity),
        FailureCase("openai", 504, "", .timeout, "408, 504 and what Cloudflare and others count as such"),
        FailureCase("openai", 521, "", .connection, "Cloudflare did not reach the vendor"),
        FailureCase("openai", 529, "", .overloaded, capacity),
        FailureCase("openai", 599, "", .timeout, "408, 504 and what Cloudflare and others count as such"),
        FailureCase("openai", 301, "", .serverError, "everything else: the server's"),
        FailureCase("openai", 700, "", .serverError, "everything else: the server's"),
        FailureCase("openai", 0, "", .serverError, "everything else: the server's"),
    ]
}
