/// How a request ended.
package enum Ending: UInt8, Sendable {
    /// The reply was sent to its end (an error reply counts).
    case complete
    /// The client left before the end.
    case clientLeft
    /// The upstream broke after the first byte had gone to the client.
    case upstreamBroke
}

/// Everything that is told of one request when it is over: the source of metrics, access log and receipt.
///
/// Never holds a prompt, an answer, a key or a query string. All times are nanoseconds.
/// A class, because it is filled on its way and read many times, always on one loop: a copy would count seven references.
package final class RequestEvent {
    package var callID: String
    /// The path as routed, from a closed set (`/v1/chat/completions`), so that it can be a label.
    package var route: String
    package var principal: Principal?
    /// The customer for whom the request was sent, as it names him; empty when nobody asked for him.
    package var endUser: String
    package var clientAddress: String
    package var userAgent: String
    /// The model that the client named, if it named one.
    package var requestedModel: String
    /// Nil when no deployment was chosen.
    package var deployment: Deployment?
    package var streams: Bool
    package var status: Int
    package var ending: Ending
    package var fault: FaultCode?
    /// What is known of the fault's cause: addresses and system errors, never words of a client or an upstream.
    package var faultDetail: String
    /// Nil when the provider gave none.
    package var usage: Usage?
    /// Nil when the price or the usage is not known.
    package var cost: Money?
    /// Tries at an upstream, the first included; 0 when none was asked.
    package var attempts: Int
    /// Those of the tries that repeated one within the same model group.
    package var retries: Int
    /// Times that the request went to another model group, or to the next `order` of the same one.
    package var fallbacks: Int
    /// What was decided on the way, in words, when the client asked for it.
    package var decisions: String
    package var bytesIn: Int
    package var bytesOut: Int
    /// Wall clock at the first byte of the request's head.
    package var startedAt: UInt64
    /// From then to the reply's last byte.
    package var duration: UInt64
    /// From then to the reply's first byte; 0 when none was sent.
    package var timeToFirstByte: UInt64
    /// From then to the first token of a stream (the first event with data); 0 where there is none.
    package var timeToFirstToken: UInt64
    /// The part of `duration` in which an upstream was waited for.
    package var upstreamDuration: UInt64

    package init(callID: String, route: String, clientAddress: String, startedAt: UInt64) {
        self.callID = callID
        self.route = route
        self.clientAddress = clientAddress
        self.startedAt = startedAt
        endUser = ""
        userAgent = ""
        requestedModel = ""
        streams = false
        status = 0
        faultDetail = ""
        ending = .complete
        attempts = 0
        retries = 0
        fallbacks = 0
        decisions = ""
        bytesIn = 0
        bytesOut = 0
        duration = 0
        timeToFirstByte = 0
        timeToFirstToken = 0
        upstreamDuration = 0
    }
}
