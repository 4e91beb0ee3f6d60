/// The limits of one scope. Nil means that there is none; zero lets nothing in.
package struct LimitSet: Sendable, Equatable {
    /// Requests in any 60 s.
    package var requestsPerMinute: Int?
    /// Tokens of prompts and answers in any 60 s.
    package var tokensPerMinute: Int?
    /// Requests that run at once.
    package var parallel: Int?

    package init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil, parallel: Int? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.parallel = parallel
    }

    package var isEmpty: Bool { requestsPerMinute == nil && tokensPerMinute == nil && parallel == nil }
}
