package import WeirCore

/// A model call at the door of the hall: decoded as far as needed, its caller known.
package final class Arrival {
    package let call: ModelCall
    /// The client's field lines that go on to the upstream, each ending in CRLF.
    package let forwarded: Bytes
    /// The model that a header rule of the configuration names for this request.
    package let ruledModel: String?
    /// Tells when the client has left.
    package let abandonment: Abandonment

    package init(call: ModelCall, forwarded: Bytes, ruledModel: String?, abandonment: Abandonment) {
        self.call = call
        self.forwarded = forwarded
        self.ruledModel = ruledModel
        self.abandonment = abandonment
    }
}
