package import WeirCore

/// A model call at the door of the hall: decoded as far as needed, its caller known.
package final class Arrival {
    package let call: ModelCall
    /// The client's field lines that go on to the upstream, each ending in CRLF.
    package let forwarded: Bytes
    /// The model that a header rule of the configuration names for this request.
    package let ruledModel: String?
    /// Nil when the client asks nothing of the gateway itself.
    package let wishes: CallWishes?
    /// Tells when the client has left.
    package let abandonment: Abandonment

    package init(
        call: ModelCall, forwarded: Bytes, ruledModel: String?, wishes: CallWishes? = nil, abandonment: Abandonment
    ) {
        self.wishes = wishes
        self.call = call
        self.forwarded = forwarded
        self.ruledModel = ruledModel
        self.abandonment = abandonment
    }
}
