package import WeirCore

/// One thing that a plan decided, in the order in which it did.
package struct RouteTrace: Sendable, Equatable {
    package enum What: Sendable, Equatable {
        case attempt
        /// Another attempt beside the one under way.
        case hedge
        case failed(FailureClass)
        /// The deployment's limits refused; `amount` is the time until it is free, in nanoseconds.
        case full
        /// `amount` is how long, in nanoseconds.
        case wait
        /// The group has used up its retries for now.
        case budgetUsedUp
        case nextOrder
        case fallback
        case nobody(Shortage)
        case gaveUp
    }

    package let what: What
    package let group: String
    package let deployment: String?
    package let amount: UInt64
}

extension RouteTrace: CustomStringConvertible {
    /// One or two words and who they are about, such as `attempt gpt-4o/azure-1`.
    package var description: String {
        let place = deployment.map { "\(group)/\($0)" } ?? group
        return switch what {
        case .attempt: "attempt \(place)"
        case .hedge: "hedge \(place)"
        case .failed(let kind): "failed \(place) \(kind.rawValue)"
        case .full: "full \(place) \(amount / 1_000_000)ms"
        case .wait: "wait \(place) \(amount / 1_000_000)ms"
        case .budgetUsedUp: "retry-budget-used-up \(place)"
        case .nextOrder: "next-order \(place)"
        case .fallback: "fallback \(place)"
        case .nobody(let shortage): "nobody \(place) \(shortage.kind.rawValue)"
        case .gaveUp: "gave-up \(place)"
        }
    }
}
