import WeirCore

/// What is counted of the requests of one series.
struct Tally: Sendable {
    private(set) var requests: UInt64 = 0
    private(set) var promptTokens: UInt64 = 0
    private(set) var completionTokens: UInt64 = 0
    private(set) var totalTokens: UInt64 = 0
    private(set) var cachedTokens: UInt64 = 0
    private(set) var reasoningTokens: UInt64 = 0
    private(set) var spend = Money.zero
    private(set) var total = LatencyHistogram()
    private(set) var upstream = LatencyHistogram()
    private(set) var firstToken = LatencyHistogram()
    private(set) var overhead = LatencyHistogram()

    mutating func count(_ event: RequestEvent) {
        requests &+= 1
        total.record(event.duration, on: .request)
        if event.attempts > 0 {
            upstream.record(event.upstreamDuration, on: .request)
            overhead.record(event.overhead, on: .request)
        }
        if event.timeToFirstToken > 0 { firstToken.record(event.timeToFirstToken, on: .request) }
        if let usage = event.usage {
            promptTokens &+= Tally.plausible(usage.promptTokens)
            completionTokens &+= Tally.plausible(usage.completionTokens)
            totalTokens &+= Tally.plausible(usage.totalTokens)
            cachedTokens &+= Tally.plausible(usage.cachedTokens)
            reasoningTokens &+= Tally.plausible(usage.reasoningTokens)
        }
        if let cost = event.cost { spend = Money(attodollars: spend.attodollars &+ cost.attodollars) }
    }

    mutating func add(_ other: Tally) {
        requests &+= other.requests
        promptTokens &+= other.promptTokens
        completionTokens &+= other.completionTokens
        totalTokens &+= other.totalTokens
        cachedTokens &+= other.cachedTokens
        reasoningTokens &+= other.reasoningTokens
        spend = Money(attodollars: spend.attodollars &+ other.spend.attodollars)
        total.add(other.total)
        upstream.add(other.upstream)
        firstToken.add(other.firstToken)
        overhead.add(other.overhead)
    }

    /// The counts come from an upstream: a negative or absurd one must not make a counter run backwards.
    private static func plausible(_ tokens: Int) -> UInt64 {
        UInt64(min(max(tokens, 0), 1 << 40))
    }
}

extension RequestEvent {
    /// What the gateway itself added to the request, in nanoseconds.
    var overhead: UInt64 { duration > upstreamDuration ? duration - upstreamDuration : 0 }
}
