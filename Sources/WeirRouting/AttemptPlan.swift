package import WeirCore

/// What to try for one request, decided as it goes.
package struct AttemptPlan: Sendable {
    package enum Step: Sendable {
        /// The deployment, and the model's name there when it depends on the name that was asked for (a wildcard).
        case attempt(Deployment, model: String?)
        case giveUp(GatewayFault)
    }

    package let group: ModelGroup
    private let first: Deployment
    private let model: String?
    /// Tries handed out so far.
    package private(set) var attempts = 0

    init(group: ModelGroup, first: Deployment, model: String?) {
        self.model = model
        self.group = group
        self.first = first
    }

    /// The next thing to do, after `fault` ended the try before (nil at the start).
    package mutating func next(after fault: GatewayFault?) -> Step {
        if let fault { return .giveUp(fault) }
        attempts += 1
        return .attempt(first, model: model)
    }
}
