package import WeirCore

/// A model call at the door of the hall: decoded as far as needed, its caller known.
package final class Arrival {
    package let call: ModelCall
    /// The client's field lines that go on to the upstream, each ending in CRLF.
    package let forwarded: Bytes
    /// The model that a header rule of the configuration names for this request.
    package let ruledModel: String?
    /// For whom it is sent, as the client names him; nil when it names nobody, or nobody wants to know.
    package let customer: String?
    /// Nil when the client asks nothing of the gateway itself.
    package let wishes: CallWishes?
    /// Tells when the client has left.
    package let abandonment: Abandonment

    package init(
        call: ModelCall, forwarded: Bytes, ruledModel: String?, customer: String? = nil, wishes: CallWishes? = nil,
        abandonment: Abandonment
    ) {
        self.customer = customer
        self.wishes = wishes
        self.call = call
        self.forwarded = forwarded
        self.ruledModel = ruledModel
        self.abandonment = abandonment
    }

    /// The same with another model.
    func naming(_ model: String) -> Arrival {
        Arrival(
            call: call.naming(model), forwarded: forwarded, ruledModel: ruledModel, customer: customer, wishes: wishes,
            abandonment: abandonment)
    }
}
