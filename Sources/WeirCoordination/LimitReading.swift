/// How a limit stands at one moment.
package struct LimitReading: Sendable, Equatable {
    /// Permits in a window, or at once.
    package let limit: Int
    /// Permits taken in the window that ends now, or at this moment.
    package let used: Int
    /// What could be taken now, as far as this replica knows; never below zero.
    package let remaining: Int
    /// Nanoseconds until all that is used now is free again; 0 when nothing is.
    package let resetAfter: UInt64

    package init(limit: Int, used: Int, remaining: Int, resetAfter: UInt64) {
        self.limit = limit
        self.used = used
        self.remaining = remaining
        self.resetAfter = resetAfter
    }
}

/// What a limit answers to one who wants something of it.
package enum LimitDecision: Sendable, Equatable {
    case taken
    /// Not now; `retryAfter` is the number of nanoseconds after which the same amount can be had at the earliest.
    case refused(retryAfter: UInt64)
    /// Only the store that all replicas share can tell: nothing was taken, ask with `takeAsking`.
    case unsure
}
