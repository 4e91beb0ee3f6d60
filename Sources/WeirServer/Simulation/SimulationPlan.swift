import WeirCore
import WeirPipeline
import WeirProviders
import WeirRouting

/// What is to be simulated, as a command line says it.
package struct SimulationPlan: Sendable {
    /// `--fail`, see `BehaviourText`.
    package var failures: [String] = []
    /// `--latency`, see `BehaviourText`.
    package var latencies: [String] = []
    package var seed: UInt64 = 1

    package init() {}

    /// Plays `traffic` against the deployments of `rooms`. Throws a sentence for words that cannot be understood and names
    /// that no deployment has.
    package func play(_ traffic: Traffic, in rooms: OfflineRooms) throws(SimulationFault) -> SimulationReport {
        let simulation = Simulation(rooms, traffic, try behaviours(rooms), seed: seed)
        // A trace may hold names of the past among others; a name that somebody just typed is a slip.
        let unknowns = simulation.unknownModels
        if let unknown = unknowns.first, !traffic.isTrace || unknowns.count == traffic.models.count {
            throw SimulationFault(
                "no deployment serves the model '\(unknown)'; the models are "
                    + rooms.snapshot.planner.listedNames.prefix(20).joined(separator: ", "))
        }
        return simulation.run()
    }

    /// The names that clients may ask for without guessing: no patterns, no aliases.
    package static func models(_ rooms: OfflineRooms) -> [String] {
        rooms.snapshot.planner.allGroups.filter { !$0.isPattern }.map(\.name)
    }

    /// By `Deployment.index`.
    func behaviours(_ rooms: OfflineRooms) throws(SimulationFault) -> [UpstreamBehaviour] {
        let labels = DeploymentLabels(rooms.deployments)
        var behaviours = rooms.snapshot.deployments.map { prepared in
            var behaviour = UpstreamBehaviour()
            behaviour.patience.whole = min(prepared.settings.timeouts.total, prepared.settings.timeouts.firstByte)
            behaviour.patience.stream = prepared.settings.streamTimeouts.firstByte
            return behaviour
        }
        for text in latencies {
            let (name, shape) = try BehaviourText.latency(text)
            for index in try indices(name, labels, "--latency") { behaviours[index].latency = shape }
        }
        for text in failures {
            let (name, disturbance) = try BehaviourText.disturbance(text)
            for index in try indices(name, labels, "--fail") { behaviours[index].disturbances.append(disturbance) }
        }
        return behaviours
    }

    private func indices(_ name: String, _ labels: DeploymentLabels, _ option: String) throws(SimulationFault) -> [Int]
    {
        let found = labels.indices(named: name)
        guard found.isEmpty else { return found }
        let more = labels.all.count > 20 ? " and \(labels.all.count - 20) more" : ""
        throw SimulationFault(
            "\(option) names '\(name)', which no deployment is called; they are "
                + labels.all.prefix(20).joined(separator: ", ") + more
                + "; a model's name stands for all of its deployments")
    }
}

extension Traffic {
    /// The names that are asked for.
    var models: Set<String> { Set(profiles.map(\.model)) }

    var isTrace: Bool {
        if case .trace = source { return true }
        return false
    }
}
