import Testing
import WeirCore
import WeirRouting

@testable import WeirServer

struct SimulationTests {
    private static let quarter: UInt64 = 250_000_000

    @Test func `the same seed gives the same result, another seed another one`() throws {
        let yaml = Rehearsal.config(and: "router_settings: {num_retries: 2, cooldown_time: 10}\n")
        let traffic = Rehearsal.steady(40, seconds: 120)
        let fail = ["a=0.5@20s-60s", "b=flap=5s/3s@40s", "c=slow=3x@10s-50s"]
        let first = try Rehearsal.play(yaml, traffic, fail: fail, seed: 7)
        let second = try Rehearsal.play(yaml, traffic, fail: fail, seed: 7)
        let other = try Rehearsal.play(yaml, traffic, fail: fail, seed: 8)
        #expect(first == second)
        #expect(first.json == second.json)
        #expect(first != other)
        #expect(first.cooldownCount > 0)
    }

    @Test(arguments: [
        [], ["*=0.3"], ["*=down@10s-40s"], ["a=0.4:429,retry-after=3s", "b=1:timeout@5s"], ["a=0.5:contextWindow"],
        ["a=flap=2s/1s", "b=0.2:401", "c=slow=20x"],
    ])
    func `every request ends exactly once`(fail: [String]) throws {
        let yaml = Rehearsal.config(
            extra: ", rpm: 900, max_parallel_requests: 40, timeout: 20",
            and: """
                rate_limits: {global_per_minute: 2200}
                router_settings: {num_retries: 3, allowed_fails: 2}
                """)
        let report = try Rehearsal.play(yaml, Rehearsal.steady(50, seconds: 60), fail: fail)
        #expect((2700...3300).contains(report.requests))
        #expect(report.endings.reduce(0, +) == report.requests)
        #expect(report.deployments.reduce(0) { $0 + $1.served } == report.count(.served))
        #expect(report.deployments.reduce(0) { $0 + $1.attempts } == report.attempts)
        #expect(report.deployments.allSatisfy { $0.attempts == $0.served + $0.failed })
        #expect(report.models.reduce(0) { $0 + $1.servedBy.reduce(0, +) } == report.count(.served))
        #expect(report.failures.values.reduce(0, +) == report.count(.failed))
        #expect(report.latency.count == report.count(.served))
        let steps = 0..<report.timeline.count
        #expect(steps.reduce(0) { $0 + report.timeline.unserved($1) } == report.requests - report.count(.served))
    }

    @Test func `nothing is left under way, so that the next traffic finds free rooms`() throws {
        let rooms = try Rehearsal.rooms(Rehearsal.config(extra: ", max_parallel_requests: 5"))
        let plan = SimulationPlan()
        _ = try plan.play(Rehearsal.steady(30, seconds: 30), in: rooms)
        #expect(rooms.shared.deployments.states.allSatisfy { $0.inFlight == 0 })
    }

    @Test func `a deployment's own limit holds in every window of a minute and is used up`() throws {
        let report = try Rehearsal.play(
            Rehearsal.config(extra: ", rpm: 120"), Rehearsal.steady(20, seconds: 300), step: Self.quarter)
        for index in report.deployments.indices {
            #expect(report.most(in: 240) { report.timeline.begun($0, index) } <= 120)
            // Five minutes, of which the first is served at once.
            #expect(report.deployments[index].attempts >= 580)
        }
        #expect(report.count(.unavailable) > 0)
        #expect(report.tooMany == report.requests - report.count(.served))
    }

    @Test(arguments: [
        "rate_limits: {global_per_minute: 300}\n",
        "rate_limits: {per_api_key: {default: 300}}\n", "model_group_limits: {m: {rpm: 300}}\n",
        "rate_limits: {per_api_key: {team: {rpm: 300}}}\nauth: {type: bearer, tokens: [{name: team, token: s}]}\n",
    ])
    func `a limit of requests holds in every window of a minute`(limits: String) throws {
        let report = try Rehearsal.play(
            Rehearsal.config(and: limits), Rehearsal.steady(15, seconds: 240, key: "team"), step: Self.quarter)
        let most = report.most(in: 240) { step in
            report.deployments.indices.reduce(0) { $0 + report.timeline.begun(step, $1) }
        }
        #expect(most <= 300)
        #expect(most >= 294)
        #expect(report.count(.limited) == report.requests - report.count(.served))
    }

    @Test(arguments: [
        Rehearsal.config(and: "rate_limits: {global_tokens_per_minute: 12000}\n"),
        Rehearsal.config(and: "model_group_limits: {m: {tpm: 12000}}\n"),
        Rehearsal.config(["a"], extra: ", tpm: 12000"),
    ])
    func `a limit of tokens holds in every window of a minute`(yaml: String) throws {
        let lines = (0..<1200).map {
            "{\"t\": \(Double($0) / 5), \"model\": \"m\", \"tokens_in\": 80, \"tokens_out\": 20}\n"
        }
        let traffic = try Array(lines.joined().utf8).withUnsafeBytes { try TraceReader.read($0, name: "t") }
        let report = try Rehearsal.play(yaml, traffic, step: Self.quarter)
        let most = report.most(in: 240) { step in
            report.deployments.indices.reduce(0) { $0 + report.timeline.begun(step, $1) }
        }
        #expect(most <= 120)
        #expect(most >= 117)
        #expect(report.tooMany == report.requests - report.count(.served))
    }

    @Test func `no more run at once than a deployment may`() throws {
        let report = try Rehearsal.play(
            Rehearsal.config(["a"], extra: ", max_parallel_requests: 4"), Rehearsal.steady(50, seconds: 60),
            latency: ["a=1s,p99=1s"])
        // Four at a time for one second each.
        #expect((200...244).contains(report.count(.served)))
        #expect(report.count(.unavailable) > 2000)
    }

    @Test(arguments: [["a", "b"], ["a", "b", "c", "d"]])
    func `least-busy evens out within 5 percent`(ids: [String]) throws {
        let yaml = Rehearsal.config(ids, and: "router_settings: {routing_strategy: least-busy}\n")
        let report = try Rehearsal.play(yaml, Rehearsal.steady(100, seconds: 120))
        let fair = Double(report.requests) / Double(ids.count)
        for deployment in report.deployments {
            #expect(abs(Double(deployment.served) - fair) / fair < 0.05)
        }
    }

    @Test func `least-busy gives a slow deployment less`() throws {
        let yaml = Rehearsal.config(["a", "b"], and: "router_settings: {routing_strategy: least-busy}\n")
        let report = try Rehearsal.play(yaml, Rehearsal.steady(50, seconds: 120), fail: ["a=slow=4x"])
        #expect(report.deployments[0].served * 3 < report.deployments[1].served)
    }

    @Test func `a dead primary is left after three failures and comes back after its cooldown`() throws {
        let yaml = """
            model_list:
              - {model_name: m, litellm_params: {model: openai/gpt-4o, api_key: k, order: 1}, model_info: {id: first}}
              - {model_name: m, litellm_params: {model: openai/gpt-4o, api_key: k, order: 2}, model_info: {id: second}}
            router_settings: {num_retries: 1, allowed_fails: 2, cooldown_time: 30}

            """
        let report = try Rehearsal.play(
            yaml, Rehearsal.steady(20, seconds: 180), fail: ["first=down@60s-75s"], step: 1_000_000_000)
        #expect(report.count(.served) == report.requests)
        #expect(report.deployments[0].failures == [.connection: 3])
        let cooldown = try #require(report.cooldowns.first)
        #expect(report.cooldowns.count == 1)
        #expect(cooldown.deployment == 0)
        #expect(cooldown.until - cooldown.from == 30_000_000_000)
        let back = try #require(cooldown.backAt)
        #expect(back >= cooldown.until)
        #expect(back < cooldown.until + 10_000_000_000)
        // At rest it gets nothing; before and afterwards all.
        let (from, until) = (Int(cooldown.from / 1_000_000_000), Int(cooldown.until / 1_000_000_000))
        #expect((from + 1..<until).allSatisfy { report.timeline.begun($0, 0) == 0 })
        #expect((0..<55).allSatisfy { report.timeline.begun($0, 1) == 0 })
        #expect((until + 11..<180).allSatisfy { report.timeline.begun($0, 1) == 0 })
    }

    @Test func `only one request finds out whether a dead deployment serves again`() throws {
        let yaml = Rehearsal.config(
            ["a", "b"], and: "router_settings: {num_retries: 1, allowed_fails: 2, cooldown_time: 10}\n")
        let report = try Rehearsal.play(yaml, Rehearsal.steady(200, seconds: 120), fail: ["a=down@10s"])
        // Those of the first second, then one for each rest.
        #expect(report.deployments[0].failed <= 3 + 11)
        #expect(report.cooldownCount >= 10)
        #expect(report.count(.served) == report.requests)
    }

    @Test func `all dead: the fallback serves, and retries are bounded by the budget`() throws {
        let yaml =
            Rehearsal.config(["a", "b"])
                + """
                  - {model_name: spare, litellm_params: {model: openai/gpt-4o, api_key: k}, model_info: {id: spare}}
                router_settings: {num_retries: 2, fallbacks: [{m: [spare]}], cooldown_time: 5}

                """
        let report = try Rehearsal.play(yaml, Rehearsal.steady(50, seconds: 60), fail: ["m=1:503"])
        #expect(report.count(.served) == report.requests)
        #expect(report.fallbacks == report.requests)
        #expect(report.deployments[2].served == report.requests)
        #expect(report.retries <= 10 + report.requests / 5)
    }

    @Test func `failures change nothing outside of their time`() throws {
        let yaml = Rehearsal.config(["a"])
        let calm = try Rehearsal.play(yaml, Rehearsal.steady(10, seconds: 60), step: 1_000_000_000)
        let hit = try Rehearsal.play(
            yaml, Rehearsal.steady(10, seconds: 60), fail: ["a=0.5:400@40s-50s"], step: 1_000_000_000)
        #expect((0..<40).allSatisfy { calm.timeline.begun($0, 0) == hit.timeline.begun($0, 0) })
        #expect(hit.failures[.badRequest] ?? 0 > 20)
        #expect(hit.count(.failed) == hit.failures[.badRequest])
        #expect(calm.count(.served) == calm.requests)
    }

    @Test func `a slow upstream is given up at the configured timeout`() throws {
        let yaml = Rehearsal.config(["a"], extra: ", timeout: 2", and: "router_settings: {num_retries: 0}\n")
        let report = try Rehearsal.play(yaml, Rehearsal.steady(1, seconds: 60), latency: ["a=10s,p99=10s"])
        #expect(report.failures == [.timeout: report.requests])
    }

    @Test func `cost and tokens are those of the deployments that served`() throws {
        let yaml = """
            model_list:
              - model_name: m
                litellm_params: {model: openai/x, api_key: k, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002}
                model_info: {id: a}

            """
        let lines = (0..<10).map { #"{"t": \#($0), "model": "m", "tokens_in": 100, "tokens_out": 10}"# }
        let bytes = Array(lines.joined(separator: "\n").utf8)
        let traffic = try bytes.withUnsafeBytes { bytes in try TraceReader.read(bytes, name: "t") }
        let report = try Rehearsal.play(yaml, traffic)
        #expect(report.deployments[0].tokensIn == 1000)
        #expect(report.deployments[0].tokensOut == 100)
        #expect(report.cost == Money("0.0012"))
    }
}
