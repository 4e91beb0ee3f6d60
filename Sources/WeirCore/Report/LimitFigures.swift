/// How one limit stands, as its client is told.
package struct LimitFigures: Sendable, Equatable {
    /// In one minute.
    package let limit: Int
    package let remaining: Int
    /// Nanoseconds until all of it is free again.
    package let resetAfter: UInt64

    package init(limit: Int, remaining: Int, resetAfter: UInt64) {
        self.limit = limit
        self.remaining = remaining
        self.resetAfter = resetAfter
    }
}
