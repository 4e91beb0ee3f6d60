package import WeirCore

/// Everything that listens to the requests of one loop, as one sink. Bound to that loop.
package final class EventHub: EventSink {
    package let meters: LoopMeters
    /// Nil when no access log is written.
    package let log: AccessLogBuffer?

    package init(meters: LoopMeters, log: AccessLogBuffer?) {
        self.meters = meters
        self.log = log
    }

    package func requestStarted() { meters.requestStarted() }

    package func requestEnded(_ event: RequestEvent) {
        meters.requestEnded(event)
        log?.append(event)
    }
}
