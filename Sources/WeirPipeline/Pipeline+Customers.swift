import WeirAccess
package import WeirCore
import WeirRouting

/// Those for whom callers call.
extension Pipeline {
    /// What is set for the customer, as far as memory tells. False when only the store can. Throws `customerBlocked`.
    @inline(never)
    func knowsCustomer(_ id: String, _ snapshot: Snapshot, _ meter: RequestMeter) throws(GatewayFault) -> Bool {
        meter.event.endUser = id
        switch snapshot.access.customer(id, at: meter.event.startedAt) {
        case .known(let customer): try take(customer, meter)
        case .unknown: break
        case .unseen: return false
        }
        return true
    }

    /// The same for one who has not been seen yet.
    func askForCustomer(_ id: String, _ snapshot: Snapshot, _ meter: RequestMeter) async throws(GatewayFault) {
        if let customer = await snapshot.access.customerAsking(id) { try take(customer, meter) }
    }

    private func take(_ customer: Principal, _ meter: RequestMeter) throws(GatewayFault) {
        if let blocked = customer.grant?.blocked { throw blocked }
        meter.customer = customer
    }

    /// The group that serves the call: of the model that it names, or of the customer's own when it names none, or one that
    /// is nowhere in his region. Throws besides what `group` throws `modelMissing`.
    @inline(never)
    func placed(
        _ arrival: Arrival, _ snapshot: Snapshot, _ meter: RequestMeter
    ) throws(GatewayFault) -> (Arrival, ModelGroup) {
        meter.event.requestedModel = arrival.call.model
        meter.event.streams = arrival.call.streams
        let customer = meter.customer?.grant
        guard let model = customer?.defaultModel else {
            if arrival.call.namesNoModel { throw .modelMissing }
            return (arrival, try group(of: arrival, snapshot, meter))
        }
        if !arrival.call.model.isEmpty {
            let group = try group(of: arrival, snapshot, meter)
            guard let region = customer?.region, !group.serves(region) else { return (arrival, group) }
        }
        let arrival = arrival.naming(model)
        return (arrival, try group(of: arrival, snapshot, meter))
    }
}

extension GatewayFault {
    /// A call that names no model.
    package static var modelMissing: GatewayFault {
        GatewayFault(
            .modelMissing,
            "Invalid model name passed in model=None. Call `/v1/models` to view available models for your key.",
            param: "model")
    }
}
