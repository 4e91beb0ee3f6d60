import WeirLimits
import WeirRouting

/// A request between its arrival and its end.
final class SimulatedFlight {
    var plan: AttemptPlan
    let permit: Permit
    let request: Traffic.Request
    let caller: Int
    /// Tokens that an attempt asks of a deployment's limits.
    let tokens: Int
    var candidate: Candidate?
    var ticket: AttemptTicket?
    var answer = UpstreamBehaviour.Answer(firstToken: 0, duration: 0, failure: nil)

    init(_ plan: AttemptPlan, _ permit: Permit, _ request: Traffic.Request, caller: Int, tokens: Int) {
        self.plan = plan
        self.permit = permit
        self.request = request
        self.caller = caller
        self.tokens = tokens
    }
}
