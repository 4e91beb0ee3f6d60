package import WeirCore

extension Access {
    /// Whether a request is to be asked for whom it is sent.
    package var asksForCustomers: Bool { customers?.areAsked ?? false }

    /// What is known of the customer with this id; `wall`: nanoseconds since 1970. Never waits.
    package func customer(_ id: String, at wall: UInt64) -> KeyCache.Lookup {
        customers?.customer(id, at: wall) ?? .unknown
    }

    /// The same for one who is unseen; nil when nothing is set for him, or the store cannot be asked.
    package func customerAsking(_ id: String) async -> Principal? { await customers?.load(id) }

    /// Whether a customer may be called for with this model, and with those that the request names besides. Throws
    /// `customerModelForbidden`.
    package func checkModel(_ model: String, of customer: Principal) throws(GatewayFault) {
        guard let rights = customer.grant?.models else { return }
        for list in rights where !allows(model, list) {
            throw GatewayFault(
                .customerModelForbidden,
                "The requested model '\(model.prefix(256))' is not in the allowed models for this customer. Check the "
                    + "models this customer can use and try again.", param: "model")
        }
    }
}
