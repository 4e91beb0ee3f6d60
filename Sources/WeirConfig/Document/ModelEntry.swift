package import WeirCore

/// One entry of `model_list`: a place where a model can be called.
package struct ModelEntry: Sendable {
    /// `model_name`: what clients ask for. May be a pattern with `*`.
    package var name: String
    /// The part of `litellm_params.model` before the first slash, or `custom_llm_provider`, lowercase; empty when neither is
    /// given (LiteLLM then derives the provider from the model's name).
    package var vendor: String
    /// The rest of `litellm_params.model`: the name at the provider. May be `*`.
    package var model: String
    /// `api_base` or `base_url`, an http or https URL without a trailing slash; nil for the provider's own.
    package var apiBase: String?
    /// Nil when none is given: the provider's own environment variable is meant. Empty is kept: no key is sent.
    package var apiKey: Secret?
    package var apiVersion: String?
    /// `litellm_credential_name`: what the entry does not say itself comes from there.
    package var credentialName: String?
    package var organization: String?
    /// Greater than zero.
    package var timeout: Duration?
    /// For requests that stream; greater than zero.
    package var streamTimeout: Duration?
    /// Requests in any 60 seconds, at least 0; 0 for no limit.
    package var rpm: Int?
    /// Tokens in any 60 seconds, at least 0; 0 for no limit.
    package var tpm: Int?
    /// Relative share of the group's traffic, at least 0.
    package var weight: Int?
    /// Lower is tried first; those without one last.
    package var order: Int?
    /// At least 0; 0 and nil for `default_max_parallel_requests`.
    package var maxParallelRequests: Int?
    /// `num_retries`, else `max_retries`: tries after one that failed here, 0 to 100. Stands above the router's number.
    package var numRetries: Int?
    /// How long the deployment rests after failing; 0: only until the next request tries it. Here and in `model_info`.
    package var cooldown: Duration?
    /// `model_info.allowed_fails`: failures of any kind within the cooldown time that are forgiven.
    package var allowedFails: Int?
    /// `model_info.allowed_fails_policy`.
    package var allowedFailsPolicy: [FailureClass: Int] = [:]
    /// When a second deployment is asked because the first token of a stream has not come; greater than zero.
    package var hedgeAfter: Duration?
    /// Until the answer begins, and pauses within a stream; greater than zero. They only shorten the timeouts.
    package var firstByteTimeout: Duration?
    package var chunkTimeout: Duration?
    /// Tokens a second below which a stream is given up; greater than 0.
    package var slowestStream: Double?
    package var extraHeaders: [NamedSecret] = []
    /// Members of the request's body that are always set (`extra_body`).
    package var extraBody: [JSONField] = []
    /// Members that are set where the client did not: every key of `litellm_params` that is nobody else's.
    package var defaults: [JSONField] = []
    package var dropParams: Bool?
    package var additionalDropParams: [String] = []
    package var allowedOpenAIParams: [String] = []
    /// Answers here with this text, without asking a provider.
    package var mockResponse: String?
    package var tags: [String] = []
    /// `tag_regex`: expressions over `User-Agent: …` that stand for a tag; each one is valid.
    package var tagPatterns: [String] = []
    /// Where the deployment stands. Kept; a request cannot ask for a region yet.
    package var regionName: String?
    /// `configurable_clientside_auth_params`: what the client may bring himself (`api_key`, `api_base`).
    package var clientsideAuthParams: [String] = []
    package var price = PriceFields()
    package var tls = TLSFields()
    /// Parameters that LiteLLM keeps for certain providers (`aws_region_name`, `vertex_project`): never part of a body.
    package var vendorSettings: [NamedSecret] = []
    package var info = ModelInfo()
    /// The entry's first line.
    package var place: SourceLocation

    package init(name: String, vendor: String, model: String, place: SourceLocation) {
        self.name = name
        self.vendor = vendor
        self.model = model
        self.place = place
    }
}
