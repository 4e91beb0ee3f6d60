/// `rate_limits`: kept; they are enforced later.
package struct RateLimitsSection: Sendable, Equatable {
    package struct KeyLimit: Sendable, Equatable {
        /// The name of a token, or `default`.
        package let name: String
        package let perMinute: Int

        package init(name: String, perMinute: Int) {
            self.name = name
            self.perMinute = perMinute
        }
    }

    package var globalPerMinute: Int?
    package var perAPIKey: [KeyLimit] = []

    package init() {}
}
