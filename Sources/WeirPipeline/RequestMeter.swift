import WeirAccounting
package import WeirCore
package import WeirLimits
import WeirRouting

/// Follows one request and reports it exactly once, however it ends. What the request holds of limits and of a deployment
/// goes back with it. Bound to the request's loop.
package final class RequestMeter {
    package let event: RequestEvent
    private let sink: any EventSink
    private let time: TimeSource
    private let start: UInt64
    private var upstreamSince: UInt64 = 0
    private var isReported = false
    private var attempt: OpenAttempt?
    /// For whom the request is sent, where anything is set for him.
    package internal(set) var customer: Principal?
    /// How the limits stood that refused the request.
    var refusal: LimitReadings?
    /// Those who wait for what this request gives back.
    weak var line: WaitingLine?
    /// What was taken of the limits.
    package var permit = Permit.free
    /// Used by attempts that others were faster than: they count for the client's limits.
    var lostTokens = 0

    private struct OpenAttempt {
        let candidate: Candidate
        let ticket: AttemptTicket
        /// The first token had come before it began.
        let hadToken: UInt64
    }

    package init(_ event: RequestEvent, since start: UInt64, _ sink: any EventSink, _ time: TimeSource) {
        self.event = event
        self.sink = sink
        self.time = time
        self.start = start
        sink.requestStarted()
    }

    /// Nanoseconds since the request's first byte.
    package var elapsed: UInt64 { time.monotonic() &- start }

    /// How the limits stand that let the request in, or that refused it.
    package var limitFigures: (requests: LimitFigures?, tokens: LimitFigures?)? {
        if let refusal { return (refusal.requestFigures, refusal.tokenFigures) }
        guard permit !== Permit.free else { return nil }
        let readings = permit.readings(at: time.monotonic())
        return (readings.requestFigures, readings.tokenFigures)
    }

    package func upstreamStarted() { upstreamSince = elapsed }

    /// An upstream is not waited for any more.
    package func upstreamEnded() {
        guard upstreamSince > 0 else { return }
        event.upstreamDuration &+= elapsed &- upstreamSince
        upstreamSince = 0
    }

    package func firstByteSent() {
        if event.timeToFirstByte == 0 { event.timeToFirstByte = elapsed }
    }

    package func firstTokenSeen() {
        if event.timeToFirstToken == 0 { event.timeToFirstToken = elapsed }
    }

    /// Usage and what it costs at the deployment's price.
    func count(_ usage: Usage, at deployment: Deployment) {
        event.usage = usage
        event.cost = deployment.price(forPromptTokens: usage.promptTokens).map {
            CostCalculator.cost(of: usage, at: $0)
        }
    }

    package func note(_ fault: GatewayFault) {
        event.fault = fault.code
        event.faultDetail = fault.detail
    }

    // MARK: Attempts

    func began(_ candidate: Candidate, _ ticket: AttemptTicket) {
        attempt = OpenAttempt(candidate: candidate, ticket: ticket, hadToken: event.timeToFirstToken)
        event.deployment = candidate.deployment
    }

    var candidate: Candidate? { attempt?.candidate }

    /// A meter for one of several attempts that run at once: it reports to nobody. The open attempt, if there is one, moves there.
    func apart() -> RequestMeter {
        let event = RequestEvent(callID: "", route: "", clientAddress: "", startedAt: event.startedAt)
        let meter = RequestMeter(event, since: start, Nobody(), time)
        meter.attempt = attempt.take()
        event.deployment = meter.attempt?.candidate.deployment
        return meter
    }

    /// Goes on with what `other` has measured.
    func join(_ other: RequestMeter) {
        let isOver = other.attempt == nil
        attempt = other.attempt.take()
        upstreamSince = other.upstreamSince
        event.deployment = other.event.deployment
        event.usage = other.event.usage
        event.cost = other.event.cost
        event.fault = other.event.fault
        event.timeToFirstToken = other.event.timeToFirstToken
        event.upstreamDuration &+= other.event.upstreamDuration
        if isOver { release() }
    }

    private final class Nobody: EventSink {
        func requestStarted() {}
        func requestEnded(_ event: RequestEvent) {}
    }

    /// The upstream has begun a good reply.
    func answered() {
        if let attempt { attempt.candidate.answered(attempt.ticket) }
    }

    /// The attempt under way is over.
    func ended(_ failure: Failure?, isAbandoned: Bool = false, isOutrun: Bool = false) {
        guard let attempt = attempt.take() else { return }
        let now = time.monotonic()
        var outcome = AttemptOutcome(failure: failure, isAbandoned: isAbandoned)
        outcome.isOutrun = isOutrun
        outcome.duration = now &- attempt.ticket.startedAt
        if attempt.hadToken == 0, event.timeToFirstToken > 0 {
            outcome.timeToFirstToken = (start &+ event.timeToFirstToken) &- attempt.ticket.startedAt
        }
        if let usage = event.usage {
            outcome.inputTokens = usage.promptTokens
            outcome.outputTokens = usage.completionTokens
            outcome.cost = event.cost
        }
        attempt.candidate.end(attempt.ticket, outcome, at: now)
        line?.call(attempt.candidate.deployment.group)
    }

    // MARK: The end

    /// What the request holds goes back. Called before the last byte of its reply goes out, so that a client who sends the
    /// next request at once finds its place free.
    package func release(_ ending: Ending = .complete) {
        ended(failure(of: ending))
        settle(ending)
    }

    /// The request is over.
    package func finish(_ ending: Ending) {
        guard !isReported else { return }
        isReported = true
        upstreamEnded()
        ended(failure(of: ending), isAbandoned: ending == .clientLeft)
        settle(ending)
        event.ending = ending
        event.duration = elapsed
        sink.requestEnded(event)
    }

    private func failure(of ending: Ending) -> Failure? {
        switch ending {
        case .clientLeft: nil
        case .upstreamBroke: Failure(event.fault == .upstreamTimeout ? .timeout : .connection)
        // The stream itself told of an error.
        case .complete: event.fault == .upstreamError ? Failure(.serverError) : nil
        }
    }

    /// A request that no upstream answered used no tokens; one whose usage nobody told used what was reserved.
    private func settle(_ ending: Ending) {
        guard permit !== Permit.free else { return }
        let used = event.usage.map { $0.promptTokens + $0.completionTokens + lostTokens }
        permit.settle(tokens: used ?? (event.fault != nil && ending == .complete ? 0 : nil), at: time.monotonic())
    }

    deinit { finish(.clientLeft) }
}
