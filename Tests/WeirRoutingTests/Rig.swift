import WeirCoordination
import WeirCore
import WeirRouting
import WeirTestKit

/// Plays requests through a planner as the hall does, in time that stands still until it is told to go on.
final class Rig {
    /// What became of one request.
    struct Run: Equatable {
        /// The deployments that were asked, in order.
        var asked: [String] = []
        var served: String?
        /// The model's name at the one that served, if it depends on the request.
        var model: String?
        var waits: [UInt64] = []
        var retries = 0
        var fallbacks = 0
        /// Nothing could be tried at all.
        var shortage: Shortage?
        var fault: GatewayFault?
        var trace: [String] = []

        static func == (left: Run, right: Run) -> Bool { left.asked == right.asked && left.served == right.served }
    }

    let board = DeploymentBoard(limiters: LimiterBoard())
    var planner: RoutePlanner
    var now: UInt64 = 1_000 * .second
    var chance = SeededRandom(seed: 7)
    /// How deployments answer, by id; nil is a good answer.
    var answers: [String: Failure] = [:]
    /// How long an attempt takes.
    var duration: UInt64 = 10 * .millisecond

    init(_ deployments: [Deployment], _ settings: RoutingSettings = RoutingSettings()) {
        planner = RoutePlanner(deployments, settings, board: board)
    }

    func fail(_ kind: FailureClass, _ ids: String..., retryAfter: UInt64? = nil) {
        for id in ids { answers[id] = Failure(kind, retryAfter: retryAfter) }
    }

    func state(_ id: String) -> DeploymentState { board.state(of: id) }

    @discardableResult
    func run(_ model: String = "gpt", _ adjust: (inout RouteRequest) -> Void = { _ in }) throws -> Run {
        var request = RouteRequest(model: model)
        adjust(&request)
        var plan = try planner.plan(request, at: now, traced: true)
        var run = Run()
        var failure: Failure?
        for _ in 0..<200 {
            let step = plan.next(after: failure, at: now, random: chance.next())
            failure = nil
            switch step {
            case .wait(let time):
                run.waits.append(time)
                now += time
            case .attempt(let candidate, let model):
                let tokens = request.inputTokens + request.outputTokens
                guard case .begun(let ticket) = begin(candidate, tokens, &plan) else { continue }
                run.asked.append(candidate.deployment.id)
                now += duration
                var outcome = AttemptOutcome(failure: answers[candidate.deployment.id])
                outcome.duration = duration
                outcome.inputTokens = outcome.failure == nil ? request.inputTokens : 0
                outcome.outputTokens = outcome.failure == nil ? request.outputTokens : 0
                candidate.end(ticket, outcome, at: now)
                failure = outcome.failure
                if failure == nil {
                    run.served = candidate.deployment.id
                    run.model = model
                    return finish(run, plan)
                }
            case .giveUp(.lastFailure): return finish(run, plan)
            case .giveUp(.nothingToTry(let shortage, let fault)):
                run.shortage = shortage
                run.fault = fault
                return finish(run, plan)
            }
        }
        throw EndlessPlan()
    }

    struct EndlessPlan: Error {}

    private func begin(_ candidate: Candidate, _ tokens: Int, _ plan: inout AttemptPlan) -> BeginDecision {
        let decision = candidate.begin(tokens: tokens, at: now)
        if case .refused(let wait) = decision { plan.refused(candidate, retryAfter: wait) }
        return decision
    }

    private func finish(_ run: Run, _ plan: AttemptPlan) -> Run {
        var run = run
        run.retries = plan.retries
        run.fallbacks = plan.fallbacks
        run.trace = plan.trace?.map(\.description) ?? []
        return run
    }

    /// How often each deployment served, of so many requests.
    func serve(_ count: Int, _ model: String = "gpt", every pause: UInt64 = 0) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for _ in 0..<count {
            if let id = try run(model).served { counts[id, default: 0] += 1 }
            now += pause
        }
        return counts
    }
}
