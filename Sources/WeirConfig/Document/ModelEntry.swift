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
    package var organization: String?
    /// Greater than zero.
    package var timeout: Duration?
    /// For requests that stream; greater than zero.
    package var streamTimeout: Duration?
    /// Requests a minute, at least 0.
    package var rpm: Int?
    /// Tokens a minute, at least 0.
    package var tpm: Int?
    /// Relative share of the group's traffic, at least 0.
    package var weight: Int?
    /// Lower is tried first.
    package var order: Int?
    package var maxParallelRequests: Int?
    /// `num_retries`, else `max_retries`: tries after the first, 0 to 100.
    package var numRetries: Int?
    /// How long the deployment rests after failing; 0 for not at all. Here and in `model_info`.
    package var cooldown: Duration?
    /// `model_info.allowed_fails`: failures within the cooldown time that are forgiven.
    package var allowedFails: Int?
    /// `model_info.allowed_fails_policy`.
    package var allowedFailsPolicy: [FailureClass: Int] = [:]
    /// A second deployment is asked when this one has sent no token by then; greater than zero.
    package var hedgeAfter: Duration?
    /// Until the answer begins, and pauses within it; greater than zero.
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
