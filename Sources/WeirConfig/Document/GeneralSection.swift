package import WeirCore

/// `general_settings`: the fields that Weir acts on.
package struct GeneralSection: Sendable {
    /// From here or, when it is not set here, from `LITELLM_MASTER_KEY`. Never empty.
    package var masterKey: Secret?
    /// From here or, when it is not set here, from `WEIR_COMPAT`.
    package var compat = Compat.v1_83
    /// A header that carries the key instead of `Authorization`, in lower case.
    package var keyHeaderName: String?
    /// Headers that name the customer of a request, the first one first, in lower case: `user_header_mappings` as far as they
    /// are about customers, else `user_header_name`.
    package var customerFields: [String] = []
    /// In bytes; nil for no limit of its own.
    package var maxRequestSize: Int?
    package var forwardClientHeaders = false
    /// `max_parallel_requests`: of one key; also in `ConfigDocument.rateLimits`.
    package var maxParallelRequests: Int?
    /// `global_max_parallel_requests`; also in `ConfigDocument.rateLimits`.
    package var globalMaxParallelRequests: Int?
    /// `fail_closed_rate_limit_enforcement`; also in `RouterSection.redisFailureMode`.
    package var failsClosed: Bool?

    package init() {}
}
