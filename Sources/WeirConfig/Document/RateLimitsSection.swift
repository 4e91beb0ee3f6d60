/// `rate_limits`, with what `general_settings.max_parallel_requests` and `global_max_parallel_requests` add to it.
package struct RateLimitsSection: Sendable, Equatable {
    package struct KeyLimit: Sendable, Equatable {
        /// A key's alias, the `name` of an entry of `auth.tokens`, the token itself, or `default`: each of all the others on
        /// its own. May be a secret, therefore: not for logs.
        package let name: String
        package let limits: LimitFields
        package let place: SourceLocation

        package init(name: String, limits: LimitFields, place: SourceLocation) {
            self.name = name
            self.limits = limits
            self.place = place
        }

        package var perMinute: Int? { limits.requestsPerMinute }
    }

    /// All requests together: `global_per_minute`, `global_tokens_per_minute`, `global_max_parallel_requests`.
    package var global = LimitFields()
    /// `per_api_key`, in its order; every entry has the parallel limit of `general_settings` where it has none of its own.
    package var perAPIKey: [KeyLimit] = []
    /// `assumed_output_tokens`: what a request's answer is reckoned with when the request does not bound it. Nil for 1024.
    package var assumedOutputTokens: Int?

    package init() {}

    package var globalPerMinute: Int? { global.requestsPerMinute }
}
