import Testing
import WeirCore
import WeirRouting

struct RoutePlannerTests {
    private func step(
        _ planner: RoutePlanner, _ model: String, random: UInt64 = 0
    ) throws -> (deployment: Deployment, model: String?) {
        var plan = try planner.plan(RouteRequest(model: model), at: 1)
        guard case .attempt(let candidate, let model) = plan.next(after: nil, at: 1, random: random) else {
            throw NoAttempt()
        }
        return (candidate.deployment, model)
    }

    private struct NoAttempt: Error {}

    private func fault(_ planner: RoutePlanner, _ model: String) -> GatewayFault? {
        do throws(GatewayFault) {
            _ = try planner.plan(RouteRequest(model: model), at: 1)
            return nil
        } catch { return error }
    }

    // MARK: Names

    @Test func `a group answers to its own name`() throws {
        let planner = Sample.planner(Sample.deployments("gpt", "claude"))
        #expect(try step(planner, "claude").deployment.index == 1)
        #expect(try step(planner, "claude").model == nil)
    }

    @Test func `deployments of one name form one group and share it`() throws {
        let planner = Sample.planner(Sample.deployments("gpt", "claude", "gpt"))
        #expect(planner.group(named: "gpt")?.deployments.map(\.index) == [0, 2])
        #expect(try step(planner, "gpt", random: 0).deployment.index == 0)
        #expect(try step(planner, "gpt", random: .max).deployment.index == 2)
    }

    @Test func `names are compared to the letter`() {
        let planner = Sample.planner(Sample.deployments("gpt"))
        #expect(planner.group(named: "GPT") == nil)
        #expect(planner.group(named: "gpt ") == nil)
    }

    @Test func `an alias leads to its group`() throws {
        let settings = RoutingSettings(aliases: ["best": .init(group: "claude")])
        let planner = Sample.planner(Sample.deployments("gpt", "claude"), settings)
        #expect(try step(planner, "best").deployment.index == 1)
    }

    @Test func `a group's own name wins over an alias`() throws {
        let settings = RoutingSettings(aliases: ["gpt": .init(group: "claude")])
        let planner = Sample.planner(Sample.deployments("gpt", "claude"), settings)
        #expect(try step(planner, "gpt").deployment.index == 0)
    }

    @Test func `an alias of a group that does not exist is an unknown name`() {
        let settings = RoutingSettings(aliases: ["best": .init(group: "nobody")])
        #expect(fault(Sample.planner(Sample.deployments("gpt"), settings), "best")?.code == .modelUnknown)
    }

    @Test func `listed are groups in their order and then aliases that are not hidden`() {
        let aliases: [String: RoutingSettings.Alias] = [
            "zebra": .init(group: "gpt"), "apple": .init(group: "gpt"), "ghost": .init(group: "gpt", isHidden: true),
        ]
        let planner = Sample.planner(
            Sample.deployments("gpt", "claude", "gpt", "openai/*"), RoutingSettings(aliases: aliases))
        #expect(planner.listedNames == ["gpt", "claude", "openai/*", "apple", "zebra"])
    }

    @Test func `a hidden alias can be called`() throws {
        let settings = RoutingSettings(aliases: ["ghost": .init(group: "gpt", isHidden: true)])
        #expect(try step(Sample.planner(Sample.deployments("gpt"), settings), "ghost").deployment.index == 0)
    }

    @Test func `without deployments no name is known`() {
        let planner = Sample.planner([])
        #expect(planner.listedNames.isEmpty)
        #expect(fault(planner, "gpt")?.code == .modelUnknown)
    }

    // MARK: Patterns

    @Test func `of two patterns that fit the more specific one wins whatever the order`() throws {
        let names = ["*", "openai/*", "openai/gpt-*", "openai/gpt-4o"]
        for order in [names, names.reversed()] {
            let all = order.enumerated().map { Sample.deployment($0.offset, group: $0.element) }
            let planner = Sample.planner(all)
            #expect(try step(planner, "openai/gpt-4o").deployment.group == "openai/gpt-4o")
            #expect(try step(planner, "openai/gpt-4.1").deployment.group == "openai/gpt-*")
            #expect(try step(planner, "openai/o3").deployment.group == "openai/*")
            #expect(try step(planner, "claude").deployment.group == "*")
        }
    }

    @Test(arguments: [
        ("openai/*", "*", "openai/gpt-4o", "gpt-4o"),
        ("openai/*", "gpt-*", "openai/4o", "gpt-4o"),
        ("*", "*", "gpt-4o", "gpt-4o"),
        ("my-*-model", "accounts/*/latest", "my-own-model", "accounts/own/latest"),
        // LiteLLM's own examples.
        ("engine/fo::*::static::*", "fo::*::static::*", "engine/fo::bar::static::baz", "fo::bar::static::baz"),
        ("*meta.llama3*", "meta.llama3*", "hello-world-meta.llama3-70b", "hello-world-meta.llama3-70b"),
        ("*/*", "*", "a/b", "a/b"), ("a-*", "*-*", "a-b", "b-*"),
        ("a*b*c", "*_*", "a1b2b3c", "1b2_3"),
        ("^claude-(opus|sonnet)-(.*)$", "anthropic.claude-*:*", "claude-opus-4", "anthropic.claude-opus:4"),
        ("^gpt-(?:4|5)", "x/*", "gpt-4o", "x/gpt-4o"), ("^(a)|(b)$", "*+*", "b", "+b"), ("^(a)(b)", "*", "ab!", "ab!"),
    ])
    func `what the pattern stood for goes into the upstream's name`(
        group: String, upstream: String, asked: String, expected: String
    ) throws {
        let planner = Sample.planner([Sample.deployment(0, group: group, model: upstream)])
        #expect(try step(planner, asked).model == expected)
    }

    @Test(arguments: [
        (["*", "^(.*)"], "x", "^(.*)"),
        (["openai/*", "^openai/gpt-.*"], "openai/gpt-4o", "^openai/gpt-.*"),
        (["gpt-*", "^gpt"], "gpt-4o", "gpt-*"),
        (["a*b*c", "a-b*"], "a-b-c", "a*b*c"),  // LiteLLM counts what it makes of the stars
        (["openai/o*", "*-preview-2026"], "openai/o3-preview-2026", "*-preview-2026"),
    ])
    func `of patterns that fit LiteLLM's measure chooses`(
        patterns: [String], asked: String, expected: String
    ) throws {
        for order in [patterns, patterns.reversed()] {
            let planner = Sample.planner(order.enumerated().map { Sample.deployment($0.offset, group: $0.element) })
            #expect(try step(planner, asked).deployment.group == expected)
        }
    }

    @Test func `an alias of a name that a pattern stands for asks for that name`() throws {
        let settings = RoutingSettings(aliases: ["best": .init(group: "openai/gpt-4o")])
        let planner = Sample.planner([Sample.deployment(0, group: "openai/*", model: "*")], settings)
        #expect(try step(planner, "best").model == "gpt-4o")
    }

    @Test func `a pattern that leads to a fixed model captures nothing`() throws {
        let planner = Sample.planner([Sample.deployment(0, group: "openai/*", model: "gpt-4o")])
        #expect(try step(planner, "openai/whatever").model == nil)
    }

    @Test func `the pattern itself can be asked for`() throws {
        let planner = Sample.planner([Sample.deployment(0, group: "openai/*", model: "*")])
        #expect(try step(planner, "openai/*").deployment.index == 0)
    }

    @Test func `a deployment can be asked for by its id`() throws {
        let planner = Sample.planner(Sample.deployments("gpt", "gpt", "claude"))
        #expect(try step(planner, "d1").deployment.index == 1)
        #expect(planner.group(named: "d1")?.deployments.count == 1)
    }

    @Test func `an alias with slashes leads to its group`() throws {
        let settings = RoutingSettings(aliases: ["akira/qwen2.5-7b": .init(group: "default")])
        #expect(
            try step(Sample.planner(Sample.deployments("gpt", "default"), settings), "akira/qwen2.5-7b").deployment
                .index == 1)
    }

    // MARK: Unknown names

    @Test func `an unknown name is refused in LiteLLM's words`() {
        let fault = fault(Sample.planner(Sample.deployments("claude")), "gpt-4o")
        #expect(fault?.code == .modelUnknown)
        #expect(fault?.param == "model")
        #expect(
            fault?.message
                == "Invalid model name passed in model=gpt-4o. Call `/v1/models` to view available models for your key."
        )
    }

    @Test(arguments: [
        ("gpt4o", "gpt-4o"),
        ("GPT-4O", "gpt-4o"),
        ("claude-sonet-4", "claude-sonnet-4"),
        ("sonnet", "claude-sonnet-4"),
        ("openai/gpt-4o", "gpt-4o"),
    ])
    func `names that are near are offered`(asked: String, meant: String) {
        let planner = Sample.planner(Sample.deployments("gpt-4o", "claude-sonnet-4", "text-embedding-3-large"))
        #expect(fault(planner, asked)?.message.hasSuffix(" Did you mean \(meant)?") == true)
    }

    @Test func `at most three names are offered with the nearest first`() {
        let planner = Sample.planner(Sample.deployments("gpt-4aaa", "gpt-4aa", "gpt-4a", "gpt-4ab"))
        #expect(fault(planner, "gpt-4")?.message.hasSuffix(" Did you mean gpt-4a, gpt-4aa, gpt-4ab?") == true)
    }

    @Test func `a hidden name is never offered`() {
        let settings = RoutingSettings(aliases: ["secret-model": .init(group: "gpt", isHidden: true)])
        let planner = Sample.planner(Sample.deployments("gpt"), settings)
        #expect(fault(planner, "secret-mode")?.message.contains("secret-model") == false)
    }

    @Test func `a long wrong name is cut in the answer`() {
        let message = fault(Sample.planner(Sample.deployments("gpt")), String(repeating: "x", count: 100_000))?.message
        #expect(message.map { $0.utf8.count < 1000 } == true)
    }

    @Test func `a wrong name among very many stays cheap and finds one`() {
        let names = (0..<5000).map { "model-number-\($0)" }
        let all = names.enumerated().map { Sample.deployment($0.offset, group: $0.element) }
        #expect(fault(Sample.planner(all), "model-numbr-17")?.message.contains("model-number-17") == true)
    }

    @Test func `an empty name is unknown and no name is near it`() {
        #expect(fault(Sample.planner(Sample.deployments("a", "ab")), "")?.message.contains("Did you mean") == false)
    }
}
