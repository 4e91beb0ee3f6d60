import Testing
import WeirCore

@testable import WeirServer

struct BehaviourTextTests {
    typealias Disturbance = UpstreamBehaviour.Disturbance

    private static let second: UInt64 = 1_000_000_000

    @Test func `failures are read as they are written`() throws {
        let table: [(String, Disturbance)] = [
            ("a=0.3", Disturbance(.fails(share: 0.3), Failure(.serverError))),
            (
                "a=30%:429,retry-after=5s@60s-120s",
                Disturbance(
                    .fails(share: 0.3), Failure(.rateLimited, retryAfter: 5 * Self.second), from: 60 * Self.second,
                    until: 120 * Self.second)
            ),
            ("a=down@1m", Disturbance(.fails(share: 1), Failure(.connection), from: 60 * Self.second)),
            ("a=down:timeout", Disturbance(.fails(share: 1), Failure(.timeout))),
            ("a=0.1:context-window", Disturbance(.fails(share: 0.1), Failure(.contextWindow))),
            ("a=slow=3x", Disturbance(.slow(factor: 3, extra: 0), Failure(.serverError))),
            (
                "a=slow=250ms@5-6",
                Disturbance(
                    .slow(factor: 1, extra: 250e6), Failure(.serverError), from: 5 * Self.second, until: 6 * Self.second
                )
            ),
            ("a=flap=10s/5s", Disturbance(.flaps(down: 10 * Self.second, up: 5 * Self.second), Failure(.connection))),
        ]
        for (text, expected) in table {
            let read = try BehaviourText.disturbance(text)
            #expect(read.name == "a")
            #expect(read.disturbance == expected, "\(text)")
        }
    }

    @Test(arguments: [
        ("a", "DEPLOYMENT=WHAT"), ("=0.3", "DEPLOYMENT=WHAT"), ("a=", "DEPLOYMENT=WHAT"),
        ("a=1.5", "share from 0 to 1"),
        ("a=-1", "share from 0 to 1"), ("a=nan", "share from 0 to 1"), ("a=0.3@", "FROM-TO"),
        ("a=0.3@20s-10s", "after its beginning"),
        ("a=0.3:teapot", "no failure class"), ("a=flap=10s/0s", "flap=10s/5s"), ("a=slow=fast", "3x"),
        ("a=0.3,retry=5s", "retry-after"),
    ])
    func `a failure that makes no sense gets a sentence that shows how to write it`(text: String, hint: String) {
        #expect { try BehaviourText.disturbance(text) } throws: { error in
            "\(error)".contains(hint) && "\(error)".contains("--fail \(text)")
        }
    }

    @Test(arguments: [
        ("a=200ms,p99=2s", 0.2, 2.0), ("a=1s", 1.0, 4.0), ("a=p50=1s,p90=2s,p99=3s", 1.0, 3.0),
        ("a=5ms,p99=5ms", 0.005, 0.005),
    ])
    func `latencies have the percentiles that were asked for`(text: String, median: Double, p99: Double) throws {
        let (name, shape) = try BehaviourText.latency(text)
        #expect(name == "a")
        var chance = SimulationChance(seed: 3, stream: 0)
        var tally = LatencyTally()
        for _ in 0..<100_000 { tally.add(UInt64(shape.time(at: chance.normal()))) }
        #expect(abs(Double(tally.percentile(0.5)) / 1e9 / median - 1) < 0.05)
        #expect(abs(Double(tally.percentile(0.99)) / 1e9 / p99 - 1) < 0.08)
    }

    @Test(arguments: [
        ("a=quick", "not a time"), ("a=1s,p99=0.5s", "not lower"), ("a=1s,p100=2s", "percentile"),
        ("a=1s,first=2s", "first="), ("a=0s", "above zero"),
    ])
    func `a latency that makes no sense gets a sentence`(text: String, hint: String) {
        #expect { try BehaviourText.latency(text) } throws: { "\($0)".contains(hint) }
    }

    @Test func `a name that no deployment has is refused with those that there are`() throws {
        #expect { try Rehearsal.play(Rehearsal.config(), Rehearsal.steady(1, seconds: 1), fail: ["z=down"]) } throws: {
            "\($0)"
                == "--fail names 'z', which no deployment is called; they are a, b, c; a model's name stands for all of its deployments"
        }
    }

    @Test func `deployments without an id are called by their model and place`() throws {
        let yaml = """
            model_list:
              - {model_name: m, litellm_params: {model: openai/x, api_key: k}}
              - {model_name: m, litellm_params: {model: azure/y, api_key: k, api_base: "https://y.example"}}
              - {model_name: n, litellm_params: {model: openai/z, api_key: k}}

            """
        let labels = DeploymentLabels(try Rehearsal.rooms(yaml).deployments)
        #expect(labels.all == ["m#1", "m#2", "n"])
        #expect(labels.indices(named: "m") == [0, 1])
        #expect(labels.indices(named: "m#2") == [1])
        #expect(labels.indices(named: "azure/y") == [1])
        #expect(labels.indices(named: "https://y.example") == [1])
        #expect(labels.indices(named: "*") == [0, 1, 2])
        #expect(labels.indices(named: "q").isEmpty)
    }
}
