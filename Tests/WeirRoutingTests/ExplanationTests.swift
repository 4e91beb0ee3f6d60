import Testing
import WeirCore
import WeirRouting

struct ExplanationTests {
    @Test func `who qualifies comes first and every other one has its reason`() throws {
        var settings = RoutingSettings()
        settings.checksContext = true
        settings.tags.isEnabled = true
        let deployments = [
            Sample.deployment(0, weight: 3), Sample.deployment(1, weight: 1),
            Sample.deployment(2) { $0.maxInputTokens = 5 },
            Sample.deployment(3) { $0.region = "us-east-1" }, Sample.deployment(4),
        ].map { deployment in
            Sample.deployment(deployment.index, weight: deployment.weight) {
                $0 = deployment.traits
                if $0.region == nil { $0.region = "eu-west-1" }
                if deployment.index != 4 { $0.tags = ["x"] }
            }
        }
        let rig = Rig(deployments, settings)
        var request = RouteRequest(model: "gpt")
        request.inputTokens = 10
        request.region = "eu"
        request.tags = ["x"]
        let explanation = try rig.planner.explain(request, at: rig.now)
        #expect(explanation.deployments.prefix(2).map(\.deployment) == ["d0", "d1"])
        #expect(explanation.deployments.prefix(2).map(\.score) == [75, 25])
        let reasons = Dictionary(uniqueKeysWithValues: explanation.deployments.map { ($0.deployment, $0.reason) })
        #expect(reasons["d2"] == "the prompt is longer than 5 tokens")
        #expect(reasons["d3"] == "its region is us-east-1")
        #expect(reasons["d4"] == "its tags do not fit")
        #expect(explanation.refusal.isEmpty)
    }

    @Test func `what is explained is what happens`() throws {
        for strategy in RoutingStrategy.allCases {
            var settings = RoutingSettings()
            settings.strategy = strategy
            settings.fallbacks.rules = [.init(primary: "gpt", backups: ["backup"], condition: .timeout)]
            let rig = Rig(Sample.group(3) + [Sample.deployment(9, group: "backup")], settings)
            rig.fail(.authentication, "d1")
            for _ in 0..<40 { try rig.run() }
            let explanation = try rig.planner.explain(RouteRequest(model: "gpt"), at: rig.now)
            let qualified = Set(explanation.deployments.filter(\.qualifies).map(\.deployment))
            #expect(qualified == (rig.state("d1").isOpen(at: rig.now) ? ["d0", "d2"] : ["d0", "d1", "d2"]))
            #expect(try qualified.isSuperset(of: rig.serve(40).keys))
            let timeout = explanation.onFailure.first { $0.failure == "timeout" }
            #expect(timeout?.fallbacks == ["backup"])
            #expect(explanation.onFailure.first { $0.failure == "badRequest" }?.retries == 0)
        }
    }

    @Test func `where nobody qualifies the refusal is the one that a client would get`() throws {
        var settings = RoutingSettings()
        settings.cooldown.restsLast = true
        let rig = Rig(Sample.group(1), settings)
        rig.fail(.authentication, "d0")
        try rig.run()
        let explanation = try rig.planner.explain(RouteRequest(model: "gpt"), at: rig.now)
        #expect(explanation.refusal == (try rig.run().fault?.message))
        #expect(!explanation.refusal.isEmpty)
    }

    @Test func `an account of the decisions is kept when asked for`() throws {
        var settings = RoutingSettings()
        settings.fallbacks.defaults = ["backup"]
        settings.retries.numRetries = 0
        let rig = Rig([Sample.deployment(0), Sample.deployment(1, group: "backup")], settings)
        rig.fail(.timeout, "d0")
        #expect(
            try rig.run().trace == ["attempt gpt/d0", "failed gpt/d0 timeout", "fallback backup", "attempt backup/d1"])
        var plan = try rig.planner.plan(RouteRequest(model: "gpt"), at: rig.now)
        _ = plan.next(after: nil, at: rig.now, random: 0)
        #expect(plan.trace == nil)
    }
}
