package import WeirCore

/// Keeps what is reported. Bound to one loop.
package final class RecordedEvents: EventSink {
    package private(set) var started = 0
    package private(set) var ended: [RequestEvent] = []

    package init() {}

    package func requestStarted() { started += 1 }

    package func requestEnded(_ event: RequestEvent) { ended.append(event) }

    /// The event of the only request there was; nil when there was none or more than one, or one is still running.
    package var only: RequestEvent? { started == 1 && ended.count == 1 ? ended[0] : nil }
}
