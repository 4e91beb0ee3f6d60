package import WeirCore

/// How an attempt ended. Times are nanoseconds, 0 where they are not known.
package struct AttemptOutcome: Sendable {
    /// Nil when the upstream did its part.
    package var failure: Failure?
    /// The client left: that says nothing of the deployment.
    package var isAbandoned = false
    /// Another attempt, that began later, was faster: this one's first token takes `duration` at least.
    package var isOutrun = false
    /// From the attempt's start to the first token of a stream.
    package var timeToFirstToken: UInt64 = 0
    /// From its start to its end.
    package var duration: UInt64 = 0
    /// As the provider counted them; 0 when it did not.
    package var inputTokens = 0
    package var outputTokens = 0
    /// What it cost, where that is known: it is charged to the vendor's budget.
    package var cost: Money?

    package init(failure: Failure? = nil, isAbandoned: Bool = false) {
        self.failure = failure
        self.isAbandoned = isAbandoned
    }
}

/// What an attempt that has begun holds; handed back with its outcome, exactly once.
package struct AttemptTicket: Sendable {
    package let startedAt: UInt64
    /// Tokens that were reserved of the deployment's limit, or only counted as being in flight.
    package let tokens: Int
    /// It tries whether a deployment that rested serves again.
    package let isTrial: Bool
}

package enum BeginDecision: Sendable {
    case begun(AttemptTicket)
    /// A limit of the deployment, or its rest, does not let the attempt in before so many nanoseconds have passed.
    case refused(retryAfter: UInt64)
    /// Only the shared store can tell: call `beginAsking`.
    case unsure
}
