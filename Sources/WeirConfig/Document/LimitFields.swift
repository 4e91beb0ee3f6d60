/// How much may pass, of what is counted together. Nil: no limit of that kind; 0: nothing passes.
package struct LimitFields: Sendable, Equatable {
    /// `rpm`: requests in any 60 seconds.
    package var requestsPerMinute: Int?
    /// `tpm`: tokens of prompts and answers in any 60 seconds.
    package var tokensPerMinute: Int?
    /// `max_parallel_requests`: requests at the same time.
    package var parallel: Int?

    package init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil, parallel: Int? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.parallel = parallel
    }

    package var isEmpty: Bool { requestsPerMinute == nil && tokensPerMinute == nil && parallel == nil }
}
