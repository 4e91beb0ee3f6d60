package import WeirCore

/// Follows one request and reports it exactly once, however it ends. Bound to the request's loop.
package final class RequestMeter {
    package let event: RequestEvent
    private let sink: any EventSink
    private let time: TimeSource
    private let start: UInt64
    private var upstreamSince: UInt64 = 0
    private var isReported = false

    package init(_ event: RequestEvent, since start: UInt64, _ sink: any EventSink, _ time: TimeSource) {
        self.event = event
        self.sink = sink
        self.time = time
        self.start = start
        sink.requestStarted()
    }

    /// Nanoseconds since the request's first byte.
    package var elapsed: UInt64 { time.monotonic() &- start }

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
    package func count(_ usage: Usage?, cost: Money?) {
        event.usage = usage
        event.cost = cost
    }

    package func note(_ fault: GatewayFault) {
        event.fault = fault.code
        event.faultDetail = fault.detail
    }

    /// The request is over.
    package func finish(_ ending: Ending) {
        guard !isReported else { return }
        isReported = true
        upstreamEnded()
        event.ending = ending
        event.duration = elapsed
        sink.requestEnded(event)
    }

    deinit { finish(.clientLeft) }
}
