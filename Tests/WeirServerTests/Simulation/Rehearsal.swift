import Testing
import WeirConfig

@testable import WeirServer

/// A configuration to play against, and short ways to play.
enum Rehearsal {
    static func rooms(_ yaml: String) throws -> OfflineRooms {
        let reading = ConfigReader.read(path: "c.yaml", source: MemorySource(["c.yaml": yaml]), environment: [:])
        let document = try #require(reading.document, "\(reading.problems)")
        return try OfflineRooms(document, environment: [:])
    }

    /// Deployments `a`, `b`, `c` of the model `m`, and what follows the list of models.
    static func config(_ ids: [String] = ["a", "b", "c"], extra: String = "", and rest: String = "") -> String {
        var text = "model_list:\n"
        for id in ids {
            text += """
                  - model_name: m
                    litellm_params: {model: openai/gpt-4o, api_key: k, api_base: "http://\(id).example/v1"\(extra)}
                    model_info: {id: \(id)}

                """
        }
        return text + rest
    }

    static func steady(_ perSecond: Double, seconds: UInt64, _ models: [String] = ["m"], key: String = "") -> Traffic {
        .steady(
            Traffic.Steady(perSecond: perSecond, duration: seconds * 1_000_000_000),
            models.map { Traffic.Profile(model: $0, key: key) })
    }

    static func play(
        _ yaml: String, _ traffic: Traffic, fail: [String] = [], latency: [String] = [], seed: UInt64 = 1,
        step: UInt64 = 0
    ) throws -> SimulationReport {
        var plan = SimulationPlan()
        plan.failures = fail
        plan.latencies = latency
        plan.seed = seed
        let rooms = try rooms(yaml)
        return Simulation(rooms, traffic, try plan.behaviours(rooms), seed: seed, step: step).run()
    }
}

extension SimulationReport {
    /// The most that `amount` adds up to in any `steps` consecutive steps.
    func most(in steps: Int, _ amount: (Int) -> Int) -> Int {
        var sum = 0
        var most = 0
        for step in 0..<timeline.count {
            sum += amount(step)
            if step >= steps { sum -= amount(step - steps) }
            most = max(most, sum)
        }
        return most
    }
}
