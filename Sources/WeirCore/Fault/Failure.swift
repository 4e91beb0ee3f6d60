/// What kind of failure an attempt at an upstream was: the key to every decision that follows from it.
package enum FailureClass: String, Sendable, CaseIterable {
    /// The request itself is wrong (400, 413, 415, 422): no other upstream would take it either.
    case badRequest
    /// The prompt does not fit into the model's context.
    case contextWindow
    /// The provider's policy refuses the words.
    case contentPolicy
    /// Our key, not the caller's, was refused (401, 403).
    case authentication
    /// The upstream does not know the model or the path (404).
    case notFound
    /// Nothing came in time, or the upstream gave up waiting (408, 504).
    case timeout
    /// Too many requests for now (429).
    case rateLimited
    /// The account has run dry (402, or 429 with a word about the quota): waiting will not help.
    case quotaExhausted
    /// Out of capacity for now (503, 529).
    case overloaded
    /// Any other fault of the server (5xx, an error inside of status 200).
    case serverError
    /// No whole answer: refused, reset, garbled, TLS.
    case connection

    /// The caller is at fault: nothing is retried, nobody is cooled down.
    package var isClients: Bool {
        switch self {
        case .badRequest, .contextWindow, .contentPolicy: true
        default: false
        }
    }

    /// Trying the same deployment again may help.
    package var mayRetryHere: Bool {
        switch self {
        case .timeout, .rateLimited, .overloaded, .serverError, .connection: true
        case .badRequest, .contextWindow, .contentPolicy, .authentication, .notFound, .quotaExhausted: false
        }
    }

    /// Another deployment of the same group may do better.
    package var mayRetryElsewhere: Bool { !isClients }

    /// Counts against the deployment's health.
    package var coolsDown: Bool { !isClients }

    /// One is enough: the deployment rests at once, without waiting for more of the kind.
    package var coolsDownAtOnce: Bool {
        switch self {
        case .authentication, .quotaExhausted, .notFound: true
        default: false
        }
    }
}

/// How one attempt failed.
package struct Failure: Sendable, Equatable {
    package let kind: FailureClass
    /// How long the upstream asks to be left alone, in nanoseconds; nil when it did not say.
    package let retryAfter: UInt64?

    package init(_ kind: FailureClass, retryAfter: UInt64? = nil) {
        self.kind = kind
        self.retryAfter = retryAfter
    }
}
