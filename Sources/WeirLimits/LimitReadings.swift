package import WeirCoordination

/// What the headers `x-ratelimit-limit-…`, `-remaining-…` and `-reset-…` tell: of all limits that applied, the one of which
/// the least remains. Nil where there is none.
package struct LimitReadings: Sendable, Equatable {
    package var requests: LimitReading?
    package var tokens: LimitReading?

    package init(requests: LimitReading? = nil, tokens: LimitReading? = nil) {
        self.requests = requests
        self.tokens = tokens
    }

    mutating func add(_ scope: LimitScope, at now: UInt64) {
        requests = Self.tighter(requests, scope.reading(.requests, at: now))
        tokens = Self.tighter(tokens, scope.reading(.tokens, at: now))
    }

    private static func tighter(_ one: LimitReading?, _ other: LimitReading?) -> LimitReading? {
        guard let one else { return other }
        guard let other else { return one }
        return other.remaining < one.remaining ? other : one
    }
}
