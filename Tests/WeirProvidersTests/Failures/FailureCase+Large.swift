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
private let rateByName = "too many requests, by name"
private let timeoutByName = "the upstream gave up waiting, by name"
private let unknown = "4xx that nobody knows: the caller's"
private let ours = "401, 403, 407: our credentials"

/// The large vendors: OpenAI, Azure, Anthropic, Google, Amazon and OpenRouter.
extension FailureCase {
    static func error(_ message: String, type: String = "invalid_request_error", code: String? = nil) -> String {
        let code = code.map { "\"\($0)\"" } ?? "null"
        return #"{"error":{"message":"\#(message)","type":"\#(type)","param":null,"code":\#(code)}}"#
    }

    static let openAI = [
        FailureCase(
            "openai", 400,
            error(
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
                code: "context_length_exceeded"), .contextWindow, contextByName),
        FailureCase(
            "openai", 400, error("This model's maximum context length is 8192 tokens, however you requested 9001"),
            .contextWindow, contextInWords),
        FailureCase(
            "openai", 400, error("Your input exceeds the context window of this model. Please adjust your input."),
            .contextWindow, contextInWords),
        FailureCase(
            "openai", 400,
            error(
                "Invalid 'user': string too long. Expected a string with maximum length 64, but got 90 instead.",
                code: "string_above_max_length"), .badRequest, "a member of the request is too long, not the prompt"),
        FailureCase(
            "openai", 400,
            error(
                "Invalid prompt: your prompt was flagged as potentially violating our usage policy.",
                code: "invalid_prompt"), .contentPolicy, policyInWords),
        FailureCase(
            "openai", 400,
            error(
                "Your request was rejected as a result of our safety system.", type: "image_generation_user_error",
                code: "moderation_blocked"), .contentPolicy, policyByName),
        FailureCase(
            "openai", 401, error("Incorrect API key provided: sk-1***.", code: "invalid_api_key"), .authentication,
            keyByName),
        FailureCase(
            "openai", 403,
            error("Country, region, or territory not supported", code: "unsupported_country_region_territory"),
            .authentication, keyByName),
        FailureCase(
            "openai", 404,
            error("The model `gpt-9` does not exist or you do not have access to it.", code: "model_not_found"),
            .notFound, modelByName),
        FailureCase(
            "openai", 403,
            error("Project `p` does not have access to model `gpt-9`", code: "model_not_found"), .notFound,
            modelByName),
        FailureCase(
            "openai", 404, error("Response with id 'resp_0' not found."), .badRequest,
            "something that the caller named is gone"),
        FailureCase(
            "openai", 404, error("No such File object: file-0"), .badRequest,
            "something that the caller named is gone"),
        FailureCase(
            "openai", 429,
            error(
                "You exceeded your current quota, please check your plan and billing details.",
                type: "insufficient_quota", code: "insufficient_quota"), .quotaExhausted, quotaByName),
        FailureCase(
            "openai", 429, error("You exceeded your current quota, please check your plan", type: "requests"),
            .quotaExhausted, quotaInWords),
        FailureCase(
            "openai", 400, error("Billing hard limit has been reached", code: "billing_hard_limit_reached"),
            .quotaExhausted, quotaByName),
        FailureCase(
            "openai", 429,
            error(
                "Rate limit reached for gpt-4o in organization org-0 on tokens per min (TPM): Limit 30000, Used 29000",
                type: "tokens", code: "rate_limit_exceeded"), .rateLimited, rateByName),
        FailureCase(
            "openai", 429,
            error(
                "Request too large for gpt-4o in organization org-0 on tokens per min (TPM): Limit 30000, "
                    + "Requested 50000. The input or output tokens must be reduced in order to run successfully.",
                type: "tokens", code: "rate_limit_exceeded"), .contextWindow,
            "one request above the limit of a whole minute"),
        FailureCase(
            "openai", 500, error("The server had an error while processing your request.", type: "server_error"),
            .serverError, "everything else: the server's"),
        FailureCase("openai", 503, error("Slow down", type: "x", code: "slow_down"), .overloaded, capacityByName),
        FailureCase(
            "openai", 409, error("The conversation is locked", code: "conversation_locked"), .badRequest, unknown),
        FailureCase(
            "openai", 400, error("Unsupported value: 'temperature'", code: "unsupported_value"), .badRequest, unknown),
        // Behind a status of 200, where the error names no status of its own: counted as 500.
        FailureCase(
            "openai", 500, error("Too many requests in a stream", type: "requests", code: "rate_limit_exceeded"),
            .rateLimited, rateByName),
        FailureCase(
            "openai", 500, #"{"error":"Rate limit exceeded, please slow down"}"#, .rateLimited,
            "too many requests, in words of an error without a status"),
        FailureCase(
            "openai", 500, #"{"error":{"message":"The engine is currently overloaded"}}"#, .overloaded,
            "no capacity, in words"),
        FailureCase(
            "openai", 500, error("too long", code: "context_length_exceeded"), .contextWindow, contextByName),
    ]

    static let azure = [
        FailureCase(
            "azure", 400,
            """
            {"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content \
            management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":\
            "ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"}}}}}
            """, .contentPolicy, policyByName),
        FailureCase(
            "azure", 400,
            #"{"error":{"code":null,"message":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
            .contentPolicy, policyByName),
        FailureCase(
            "azure", 404,
            #"{"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist."}}"#, .notFound,
            modelByName),
        FailureCase(
            "azure", 401,
            #"{"error":{"code":"401","message":"Access denied due to invalid subscription key."}}"#, .authentication,
            ours),
        FailureCase(
            "azure", 429,
            #"{"error":{"code":"429","message":"Requests have exceeded token rate limit. Please retry after 6 seconds"}}"#,
            .rateLimited, rateByName),
        FailureCase(
            "azure", 403,
            #"{"error":{"code":"403","message":"Out of call volume quota. Quota will be replenished in 9 days."}}"#,
            .quotaExhausted, "azure: the call volume of a month is used up"),
        FailureCase(
            "azure", 429, #"{"error":{"code":"NoCapacity","message":"High demand in this region"}}"#, .overloaded,
            "azure: the region has no capacity"),
        FailureCase(
            "azure", 408, #"{"error":{"code":"Timeout","message":"The operation was timeout."}}"#, .timeout,
            "408, 504 and what Cloudflare and others count as such"),
        // An error in a stream of status 200 whose code is a text.
        FailureCase("azure", 500, #"{"error":{"code":"429","message":"wait"}}"#, .rateLimited, rateByName),
        FailureCase(
            "azure", 429, #"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 13 seconds."}"#,
            .rateLimited, rateByName),
    ]

    private static func anthropicError(_ type: String, _ message: String) -> String {
        #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"},"request_id":"req_0"}"#
    }

    static let anthropic = [
        FailureCase(
            "anthropic", 400,
            anthropicError("invalid_request_error", "prompt is too long: 205000 tokens > 200000 maximum"),
            .contextWindow, contextInWords),
        FailureCase(
            "anthropic", 400,
            anthropicError(
                "invalid_request_error", "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"),
            .contextWindow, contextInWords),
        FailureCase(
            "anthropic", 400,
            anthropicError("invalid_request_error", "Output blocked by content filtering policy"), .contentPolicy,
            policyInWords),
        FailureCase(
            "anthropic", 400,
            anthropicError(
                "invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
            .quotaExhausted, "anthropic: no credit left, told as the caller's fault"),
        FailureCase(
            "anthropic", 402, anthropicError("billing_error", "Check your payment details"), .quotaExhausted,
            quotaByName),
        FailureCase(
            "anthropic", 401, anthropicError("authentication_error", "invalid x-api-key"), .authentication, keyByName),
        FailureCase(
            "anthropic", 403, anthropicError("permission_error", "not allowed"), .authentication, keyByName),
        FailureCase(
            "anthropic", 404, anthropicError("not_found_error", "model: claude-9"), .notFound, modelByName),
        FailureCase(
            "anthropic", 404, anthropicError("not_found_error", "File not found: file_0"), .badRequest,
            "anthropic: not a model, but a file, batch or path"),
        FailureCase(
            "anthropic", 413, anthropicError("request_too_large", "Request exceeds the maximum size"), .badRequest,
            unknown),
        FailureCase(
            "anthropic", 429,
            anthropicError("rate_limit_error", "This request would exceed your organization's rate limit"),
            .rateLimited, rateByName),
        FailureCase(
            "anthropic", 500, anthropicError("api_error", "Internal server error"), .serverError,
            "everything else: the server's"),
        FailureCase("anthropic", 504, anthropicError("timeout_error", "Timed out"), .timeout, timeoutByName),
        FailureCase("anthropic", 529, anthropicError("overloaded_error", "Overloaded"), .overloaded, capacityByName),
        // In a stream of status 200.
        FailureCase("anthropic", 500, anthropicError("overloaded_error", "Overloaded"), .overloaded, capacityByName),
    ]

    static let google = [
        FailureCase(
            "gemini", 429,
            """
            [{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing \
            details.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure",\
            "violations":[{"quotaMetric":"m","quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]},\
            {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}]
            """, .rateLimited, "google: resource exhausted, whatever the text says of quota and billing"),
        FailureCase(
            "gemini", 429,
            """
            {"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":\
            [{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"12s"}]}}
            """, .quotaExhausted, "google: a day's quota, or one of zero"),
        FailureCase(
            "vertex_ai", 429,
            #"{"error":{"code":429,"message":"Resource exhausted. Try again later.","status":"RESOURCE_EXHAUSTED"}}"#,
            .rateLimited, "google: resource exhausted, whatever the text says of quota and billing"),
        FailureCase(
            "gemini", 400,
            """
            {"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":\
            "INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":\
            "API_KEY_INVALID"}]}}
            """, .authentication, keyByName),
        FailureCase(
            "gemini", 400, #"{"error":{"code":400,"message":"API key expired. Please renew the API key."}}"#,
            .authentication, "our key is refused, in words, told as the caller's fault"),
        FailureCase(
            "gemini", 400,
            """
            {"error":{"code":400,"message":"User location is not supported for the API use.","status":\
            "FAILED_PRECONDITION"}}
            """, .authentication, "google: our region is not served"),
        FailureCase(
            "gemini", 400,
            """
            {"error":{"code":400,"message":"The input token count (1048999) exceeds the maximum number of tokens \
            allowed (1048576).","status":"INVALID_ARGUMENT"}}
            """, .contextWindow, contextInWords),
        FailureCase(
            "gemini", 404,
            #"{"error":{"code":404,"message":"models/gemini-9 is not found for API version v1","status":"NOT_FOUND"}}"#,
            .notFound, modelByName),
        FailureCase(
            "gemini", 404,
            #"{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}"#, .badRequest,
            "google: a file or a cached content is gone"),
        FailureCase(
            "gemini", 403,
            """
            {"error":{"code":403,"message":"You do not have permission to access the File abc or it may not exist.",\
            "status":"PERMISSION_DENIED"}}
            """, .badRequest, "google: a file or a cached content is gone"),
        FailureCase(
            "gemini", 403, #"{"error":{"code":403,"message":"Disabled","status":"PERMISSION_DENIED"}}"#,
            .authentication, keyByName),
        FailureCase(
            "gemini", 503,
            #"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#, .overloaded,
            capacityByName),
        FailureCase(
            "gemini", 504, #"{"error":{"code":504,"message":"Deadline","status":"DEADLINE_EXCEEDED"}}"#, .timeout,
            timeoutByName),
        FailureCase(
            "gemini", 500, #"{"error":{"code":500,"message":"x"},"promptFeedback":{"blockReason":"SAFETY"}}"#,
            .contentPolicy, "google: blocked"),
        FailureCase(
            "gemini", 400,
            #"{"error":{"code":400,"message":"Invalid value at 'tools'","status":"INVALID_ARGUMENT"}}"#, .badRequest,
            unknown),
    ]

    static let bedrock = [
        FailureCase(
            "bedrock", 429, #"{"message":"Too many tokens, please wait before trying again."}"#, .rateLimited,
            rateByName,
            fields: "x-amzn-ErrorType: ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/"),
        FailureCase(
            "bedrock", 429, #"{"message":"Too many tokens per day, please wait before trying again."}"#,
            .quotaExhausted, "bedrock: a day's tokens are used up", fields: "x-amzn-ErrorType: ThrottlingException"),
        FailureCase(
            "bedrock", 400,
            #"{"__type":"com.amazon.coral.service#ValidationException","message":"Input is too long for requested model."}"#,
            .contextWindow, contextInWords),
        FailureCase(
            "bedrock", 400, #"{"message":"The provided model identifier is invalid."}"#, .notFound,
            "bedrock: no such model, or not on demand", fields: "x-amzn-errortype: ValidationException"),
        FailureCase(
            "bedrock", 400, #"{"message":"Malformed input request"}"#, .badRequest, unknown,
            fields: "x-amzn-errortype: ValidationException"),
        FailureCase(
            "bedrock", 403, #"{"message":"You don't have access to the model with the specified model ID."}"#,
            .authentication, keyByName, fields: "x-amzn-errortype: AccessDeniedException"),
        FailureCase(
            "bedrock", 404, #"{"Message":"Could not resolve the foundation model"}"#, .notFound, modelByName,
            fields: "x-amzn-errortype: ResourceNotFoundException:"),
        FailureCase(
            "bedrock", 408, #"{"message":"Model took too long"}"#, .timeout, timeoutByName,
            fields: "x-amzn-errortype: ModelTimeoutException"),
        FailureCase(
            "bedrock", 424, #"{"message":"The model failed"}"#, .serverError, "424: the model failed (Bedrock, TGI)",
            fields: "x-amzn-errortype: ModelErrorException"),
        FailureCase(
            "bedrock", 429, #"{"message":"Model is not ready for inference."}"#, .overloaded, capacityByName,
            fields: "x-amzn-errortype: ModelNotReadyException"),
        FailureCase(
            "bedrock", 503, "{}", .overloaded, capacityByName, fields: "x-amzn-errortype: ServiceUnavailableException"),
        FailureCase(
            "bedrock", 400, #"{"message":"Too many"}"#, .quotaExhausted, quotaByName,
            fields: "x-amzn-errortype: ServiceQuotaExceededException"),
    ]

    static let openRouter = [
        FailureCase(
            "openrouter", 402,
            #"{"error":{"code":402,"message":"Insufficient credits. Add more at the settings page"}}"#,
            .quotaExhausted, quotaInWords),
        FailureCase(
            "openrouter", 403, #"{"error":{"code":403,"message":"Key limit exceeded (monthly limit)."}}"#,
            .quotaExhausted, "openrouter: the key's own limit is used up"),
        FailureCase(
            "openrouter", 403,
            """
            {"error":{"code":403,"message":"m requires moderation on p. Your input was flagged for \\"violence\\".",\
            "metadata":{"reasons":["violence"],"flagged_input":"insufficient_quota","provider_name":"p"}}}
            """, .contentPolicy, "openrouter: its moderation flagged the prompt"),
        FailureCase(
            "openrouter", 404,
            #"{"error":{"code":404,"message":"No endpoints found that support tool use."}}"#, .badRequest,
            "openrouter: no endpoint takes these parameters"),
        FailureCase(
            "openrouter", 404, #"{"error":{"code":404,"message":"No endpoints found for a/b."}}"#, .notFound,
            "404, 410: no such model or path"),
        FailureCase(
            "openrouter", 400,
            """
            {"error":{"code":400,"message":"Provider returned error","metadata":{"provider_name":"OpenAI","raw":\
            "{\\n \\"error\\": {\\"message\\": \\"This model's maximum context length is 8192 tokens\\"}}"}}}
            """, .contextWindow, contextInWords),
        FailureCase(
            "openrouter", 429,
            """
            {"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"{\\"error\\":{\\"message\\":\
            \\"You exceeded your current quota\\",\\"code\\":\\"insufficient_quota\\"}}"}}}
            """, .rateLimited, "openrouter: too many requests"),
        FailureCase(
            "openrouter", 502, #"{"error":{"code":502,"message":"Provider returned error"}}"#, .serverError,
            "everything else: the server's"),
        FailureCase(
            "openrouter", 503, #"{"error":{"code":503,"message":"No provider meets your requirements"}}"#, .overloaded,
            capacityByName),
    ]
}
