/// What a client asks of routing in its own request. A class, because nearly every request has none.
package final class RouteOverrides: Sendable {
    /// An answer that is made up, to see what would follow from a failure.
    package enum MockFailure: String, Sendable {
        /// `mock_testing_fallbacks`
        case any
        /// `mock_testing_content_policy_fallbacks`
        case contentPolicy
        /// `mock_testing_context_fallbacks`
        case contextWindow
        /// `mock_testing_rate_limit_error`
        case rateLimit
    }

    /// `num_retries`, at least 0.
    package let numRetries: Int?
    /// `fallbacks`: models to try instead of those that the configuration names; nil when the client says nothing.
    package let fallbacks: [String]?
    package let contextWindowFallbacks: [String]?
    package let contentPolicyFallbacks: [String]?
    package let disablesFallbacks: Bool
    package let mockFailure: MockFailure?

    package init(
        numRetries: Int? = nil, fallbacks: [String]? = nil, contextWindowFallbacks: [String]? = nil,
        contentPolicyFallbacks: [String]? = nil, disablesFallbacks: Bool = false, mockFailure: MockFailure? = nil
    ) {
        self.numRetries = numRetries
        self.fallbacks = fallbacks
        self.contextWindowFallbacks = contextWindowFallbacks
        self.contentPolicyFallbacks = contentPolicyFallbacks
        self.disablesFallbacks = disablesFallbacks
        self.mockFailure = mockFailure
    }

    /// All models that the client wants to fall back to.
    package var models: [String] { (fallbacks ?? []) + (contextWindowFallbacks ?? []) + (contentPolicyFallbacks ?? []) }
}
