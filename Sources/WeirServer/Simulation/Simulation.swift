import WeirAccounting
import WeirCore
import WeirLimits
import WeirPipeline
import WeirRouting

/// Plays traffic through the rooms of a configuration in virtual time: the same limits, plans, breakers, retries and
/// fallbacks as in the hall, with upstreams that are made up. Nothing sleeps; the same seed gives the same result.
///
/// What the hall does and this does not: clients that leave, streams that break after their first token, health checks,
/// scraped load, other replicas. A request is taken to name its `tokens_out` as `max_tokens`.
package final class Simulation {
    private let rooms: OfflineRooms
    private let limits: Limits
    private let planner: RoutePlanner
    private let hasLimits: Bool
    private let behaviours: [UpstreamBehaviour]
    private let callers: [SimulatedCaller]
    private let deployments: [Deployment]

    private var traffic: TrafficCursor
    private var upcoming: Traffic.Request?
    private var routing: SimulationChance
    private var upstreams: [SimulationChance]
    private var queue = EventQueue()
    private var flights: [SimulatedFlight?] = []
    private var free: [Int] = []
    private var underWay = 0
    private var now = OfflineRooms.beginning
    private var rests: RestWatch
    private var report: SimulationReport

    /// Nanoseconds between two looks after leases and idle limits, as in the house.
    private static let tick = UInt64(SharedRooms.tickMilliseconds) * 1_000_000

    /// `step` is the length of the timeline's steps in nanoseconds; 0 chooses one that gives at most 240.
    package init(
        _ rooms: OfflineRooms, _ traffic: Traffic, _ behaviours: [UpstreamBehaviour], seed: UInt64, step: UInt64 = 0
    ) {
        self.rooms = rooms
        self.behaviours = behaviours
        limits = rooms.snapshot.limits
        planner = rooms.snapshot.planner
        hasLimits = !limits.settings.isEmpty
        deployments = rooms.deployments
        var names: [String] = []
        callers = SimulatedCaller.all(traffic.profiles, planner, &names)
        self.traffic = TrafficCursor(traffic, SimulationChance(seed: seed, stream: 1))
        routing = SimulationChance(seed: seed, stream: 2)
        upstreams = deployments.indices.map { SimulationChance(seed: seed, stream: UInt64($0) + 16) }
        rests = RestWatch(count: deployments.count)
        let second: UInt64 = 1_000_000_000
        let chosen = step > 0 ? step : max(1, (traffic.duration / 240 + second - 1) / second) * second
        report = SimulationReport(
            seed: seed, duration: traffic.duration,
            deployments: zip(deployments, DeploymentLabels(deployments).all).map { deployment, label in
                SimulationReport.Deployment(
                    label: label, id: deployment.id, model: "\(deployment.vendor)/\(deployment.upstreamModel)",
                    cost: deployment.price.map { _ in .zero })
            },
            models: names.map { [count = deployments.count] in
                SimulationReport.Model(name: $0, servedBy: Array(repeating: 0, count: count))
            },
            timeline: SimulationTimeline(step: chosen, deployments: deployments.count))
    }

    /// Models without a deployment among those that the traffic asks for.
    package var unknownModels: [String] {
        Array(Set(callers.filter { $0.group == nil }.map(\.route.model))).sorted()
    }

    // MARK: The course of things

    /// Plays all of the traffic, until the last request has ended. Once only.
    package func run() -> SimulationReport {
        scheduleArrival()
        queue.put(.tick, at: now + Self.tick)
        while let event = queue.take() {
            now = event.at
            switch event.kind {
            case .tick: tick()
            case .arrival: arrive()
            case .resume: with(event.flight) { proceed($0, Int(event.flight), after: nil) }
            case .firstToken: with(event.flight) { firstToken($0) }
            case .attemptEnd: with(event.flight) { attemptEnded($0, Int(event.flight)) }
            }
        }
        return report
    }

    private var elapsed: UInt64 { now - OfflineRooms.beginning }

    private func with(_ flight: Int32, _ body: (SimulatedFlight) -> Void) {
        if let flight = flights[Int(flight)] { body(flight) }
    }

    private func tick() {
        rooms.set(now)
        rooms.shared.tick(at: now)
        if upcoming != nil || underWay > 0 { queue.put(.tick, at: now + Self.tick) }
    }

    private func scheduleArrival() {
        upcoming = traffic.take()
        if let upcoming { queue.put(.arrival, at: OfflineRooms.beginning + upcoming.at) }
    }

    private func arrive() {
        guard let request = upcoming else { return }
        scheduleArrival()
        report.requests += 1
        let number = Int(request.profile)
        let caller = callers[number]
        report.models[caller.model].requests += 1
        guard let group = caller.group else { return ended(.modelUnknown) }
        let total = Int(request.tokensIn) + Int(request.tokensOut)
        let permit: Permit
        do throws(GatewayFault) {
            rooms.set(now)
            // Without a shared store nothing is unsure.
            let given =
                hasLimits ? try limits.admitNow(caller.principal, group: group.name, tokens: total, at: now) : .free
            guard let given else { return ended(.limited) }
            permit = given
        } catch {
            return ended(.limited)
        }
        var route = caller.route
        if group.needs.contains(.tokens) {
            route.inputTokens = Int(request.tokensIn)
            route.outputTokens = Int(request.tokensOut)
        }
        if group.needs.contains(.session) { route.session = request.session }
        if group.needs.contains(.prefix), request.session != 0 { route.prefix = [request.session] }
        guard let plan = try? planner.plan(route, in: group, at: now) else { return ended(.modelUnknown) }
        let flight = SimulatedFlight(
            plan, permit, request, caller: number, tokens: route.inputTokens + route.outputTokens)
        let slot = free.popLast() ?? flights.count
        if slot == flights.count { flights.append(flight) } else { flights[slot] = flight }
        underWay += 1
        proceed(flight, slot, after: nil)
    }

    // MARK: Attempts, as the hall makes them

    private func proceed(_ flight: SimulatedFlight, _ slot: Int, after failure: Failure?) {
        var failure = failure
        let last = failure
        while true {
            switch flight.plan.next(after: failure, at: now, random: routing.next()) {
            case .wait(let time):
                report.waits += 1
                queue.put(.resume, at: now + time, flight: slot)
                return
            case .giveUp(let reason):
                land(flight, slot, gaveUp(reason, flight, last))
                return
            case .attempt(let candidate, _):
                failure = nil
                switch candidate.begin(tokens: flight.tokens, at: now) {
                case .begun(let ticket):
                    begin(flight, slot, candidate, ticket)
                    return
                case .refused(let wait): refused(flight, candidate, wait)
                case .unsure: refused(flight, candidate, 1_000_000_000)
                }
            }
        }
    }

    private func refused(_ flight: SimulatedFlight, _ candidate: Candidate, _ wait: UInt64) {
        report.deployments[candidate.deployment.index].refused += 1
        flight.plan.refused(candidate, retryAfter: wait)
    }

    private func begin(_ flight: SimulatedFlight, _ slot: Int, _ candidate: Candidate, _ ticket: AttemptTicket) {
        let index = candidate.deployment.index
        let streams = callers[flight.caller].route.streams
        flight.candidate = candidate
        flight.ticket = ticket
        flight.answer = behaviours[index].answer(
            streams: streams, tokens: Int(flight.request.tokensOut), at: elapsed, &upstreams[index])
        report.deployments[index].attempts += 1
        report.timeline.noteBegun(index, at: elapsed)
        if streams, flight.answer.failure == nil {
            queue.put(.firstToken, at: now + flight.answer.firstToken, flight: slot)
        }
        queue.put(.attemptEnd, at: now + flight.answer.duration, flight: slot)
    }

    private func firstToken(_ flight: SimulatedFlight) {
        guard let candidate = flight.candidate, let ticket = flight.ticket else { return }
        candidate.answered(ticket)
        rests.look(at: candidate, &report, now)
        report.firstToken.add(elapsed - flight.request.at)
    }

    private func attemptEnded(_ flight: SimulatedFlight, _ slot: Int) {
        guard let candidate = flight.candidate.take(), let ticket = flight.ticket.take() else { return }
        let answer = flight.answer
        var outcome = AttemptOutcome(failure: answer.failure)
        outcome.duration = answer.duration
        if answer.failure == nil {
            outcome.inputTokens = Int(flight.request.tokensIn)
            outcome.outputTokens = Int(flight.request.tokensOut)
            if callers[flight.caller].route.streams { outcome.timeToFirstToken = answer.firstToken }
        }
        candidate.end(ticket, outcome, at: now)
        rests.look(at: candidate, &report, now)
        if let failure = answer.failure {
            report.deployments[candidate.deployment.index].failures[failure.kind, default: 0] += 1
            proceed(flight, slot, after: failure)
        } else {
            served(flight, candidate, answer)
            land(flight, slot, .served)
        }
    }

    // MARK: Endings

    private func gaveUp(
        _ reason: AttemptPlan.GiveUp, _ flight: SimulatedFlight, _ last: Failure?
    ) -> SimulationReport.Ending {
        switch reason {
        case .lastFailure:
            report.failures[last?.kind ?? flight.answer.failure?.kind ?? .serverError, default: 0] += 1
            return .failed
        case .nothingToTry(let shortage, _):
            return switch shortage {
            case .unavailable, .overBudget, .noRegion: .unavailable
            case .contextTooSmall: .contextTooLarge
            case .tagsForbid: .tagsForbidden
            }
        }
    }

    private func served(_ flight: SimulatedFlight, _ candidate: Candidate, _ answer: UpstreamBehaviour.Answer) {
        let deployment = candidate.deployment
        let index = deployment.index
        let usage = Usage(
            promptTokens: Int(flight.request.tokensIn), completionTokens: Int(flight.request.tokensOut))
        if let price = deployment.price(forPromptTokens: usage.promptTokens) {
            let cost = CostCalculator.cost(of: usage, at: price)
            report.deployments[index].cost = (report.deployments[index].cost ?? .zero) + cost
            planner.settings.budgets[deployment.vendor]?.spend(cost, at: now)
        }
        report.deployments[index].served += 1
        report.deployments[index].tokensIn += usage.promptTokens
        report.deployments[index].tokensOut += usage.completionTokens
        report.deployments[index].latency.add(answer.duration)
        report.timeline.noteServed(index, at: elapsed)
        let model = callers[flight.caller].model
        let time = elapsed - flight.request.at
        report.models[model].served += 1
        report.models[model].servedBy[index] += 1
        report.models[model].latency.add(time)
        report.latency.add(time)
    }

    /// The request is over, and gives back what it held.
    private func land(_ flight: SimulatedFlight, _ slot: Int, _ ending: SimulationReport.Ending) {
        report.attempts += flight.plan.attempts
        report.retries += flight.plan.retries
        report.fallbacks += flight.plan.fallbacks
        let used = ending == .served ? Int(flight.request.tokensIn) + Int(flight.request.tokensOut) : 0
        flight.permit.settle(tokens: used, at: now)
        flights[slot] = nil
        free.append(slot)
        underWay -= 1
        ended(ending)
    }

    private func ended(_ ending: SimulationReport.Ending) {
        report.endings[ending.rawValue] += 1
        report.ended = elapsed
        if ending != .served { report.timeline.noteUnserved(at: elapsed) }
    }
}
