import Testing
import WeirCore
import WeirRouting

struct FallbackTests {
    private let all = ["gpt", "a", "b", "c", "d", "e", "f"].enumerated().map {
        Sample.deployment($0.offset, group: $0.element)
    }

    private func rig(_ rules: [FallbackSettings.Rule], _ adjust: (inout RoutingSettings) -> Void = { _ in }) -> Rig {
        var settings = RoutingSettings()
        settings.retries.numRetries = 0
        settings.fallbacks.rules = rules
        adjust(&settings)
        let rig = Rig(all, settings)
        for id in 0..<7 { rig.fail(.serverError, "d\(id)") }
        return rig
    }

    private func groups(_ run: Rig.Run) -> [String] { run.asked.compactMap { id in all.first { $0.id == id }?.group } }

    @Test func `fallbacks are tried in their order`() throws {
        let rig = rig([.init(primary: "gpt", backups: ["b", "a", "c"])])
        #expect(groups(try rig.run()) == ["gpt", "b", "a", "c"])
        rig.answers["d1"] = nil
        let run = try rig.run()
        #expect(run.served == "d1")
        #expect(run.fallbacks == 2)
    }

    @Test func `a fallback's own fallbacks come before the rest of the list`() throws {
        let rig = rig([.init(primary: "gpt", backups: ["a", "b"]), .init(primary: "a", backups: ["c"])])
        #expect(groups(try rig.run()) == ["gpt", "a", "c", "b"])
    }

    @Test func `no group is tried twice however the rules go round`() throws {
        let rig = rig([
            .init(primary: "gpt", backups: ["a", "gpt"]), .init(primary: "a", backups: ["gpt", "a", "b"]),
            .init(primary: "*", backups: ["gpt", "a"]),
        ])
        #expect(groups(try rig.run()) == ["gpt", "a", "b"])
    }

    @Test(arguments: 0...6)
    func `there are no more fallbacks than the limit`(limit: Int) throws {
        let rig = rig([.init(primary: "gpt", backups: ["a", "b", "c", "d", "e", "f"])]) { $0.fallbacks.limit = limit }
        #expect(try rig.run().fallbacks == limit)
    }

    @Test(arguments: FallbackSettings.Condition.allCases, FailureClass.allCases)
    func `a condition holds for its classes`(condition: FallbackSettings.Condition, kind: FailureClass) throws {
        let rig = rig([.init(primary: "gpt", backups: ["a"], condition: condition)])
        rig.fail(kind, "d0")
        rig.answers["d1"] = nil
        let holds: Bool =
            switch condition {
            case .any: kind != .badRequest
            case .timeout: kind == .timeout
            case .error: [.authentication, .notFound, .overloaded, .serverError, .connection].contains(kind)
            case .rateLimit: kind == .rateLimited || kind == .quotaExhausted
            case .contextWindow: kind == .contextWindow
            case .contentPolicy: kind == .contentPolicy
            }
        #expect((try rig.run().served == "d1") == holds)
    }

    @Test func `where context window fallbacks are configured others are not taken for it`() throws {
        let rig = rig([
            .init(primary: "gpt", backups: ["a"]), .init(primary: "other", backups: ["b"], condition: .contextWindow),
        ])
        rig.fail(.contextWindow, "d0")
        #expect(groups(try rig.run()) == ["gpt"])
    }

    @Test func `a special rule comes before the general one`() throws {
        let rig = rig([
            .init(primary: "gpt", backups: ["a"]), .init(primary: "gpt", backups: ["b"], condition: .timeout),
        ])
        rig.fail(.timeout, "d0")
        #expect(groups(try rig.run()) == ["gpt", "b", "a"])
    }

    @Test func `defaults serve groups that no rule names`() throws {
        let rig = rig([.init(primary: "a", backups: ["b"])]) { $0.fallbacks.defaults = ["c"] }
        #expect(groups(try rig.run("gpt")) == ["gpt", "c"])
        #expect(groups(try rig.run("a")) == ["a", "b", "c"])
    }

    @Test func `a bad request falls back only when told to`() throws {
        let rig = rig([.init(primary: "gpt", backups: ["a"])]) { $0.fallbacks.coversBadRequests = true }
        rig.fail(.badRequest, "d0")
        #expect(groups(try rig.run()) == ["gpt", "a"])
    }

    @Test func `a request's own fallbacks replace those of the configuration`() throws {
        let rig = rig([.init(primary: "gpt", backups: ["a"])])
        #expect(groups(try rig.run { $0.overrides = RouteOverrides(fallbacks: ["c", "b"]) }) == ["gpt", "c", "b"])
        #expect(groups(try rig.run { $0.overrides = RouteOverrides(disablesFallbacks: true) }) == ["gpt"])
    }

    @Test func `a fallback that does not exist is refused by its name`() {
        let rig = rig([])
        #expect(throws: GatewayFault.self) { try rig.run { $0.overrides = RouteOverrides(fallbacks: ["nobody"]) } }
    }

    @Test func `a fallback of the configuration that does not exist is left out`() throws {
        #expect(groups(try rig([.init(primary: "gpt", backups: ["nobody", "a"])]).run()) == ["gpt", "a"])
    }

    @Test(arguments: [
        (RouteOverrides.MockFailure.any, "a"), (.contentPolicy, "b"), (.contextWindow, "c"), (.rateLimit, "a"),
    ])
    func `a pretended failure shows what would follow`(mock: RouteOverrides.MockFailure, group: String) throws {
        let rig = rig([
            .init(primary: "gpt", backups: ["a"]), .init(primary: "gpt", backups: ["b"], condition: .contentPolicy),
            .init(primary: "gpt", backups: ["c"], condition: .contextWindow),
        ])
        rig.answers = [:]
        let run = try rig.run { $0.overrides = RouteOverrides(mockFailure: mock) }
        #expect(groups(run) == [group])
        let alone = Rig(all)
        let refused = try alone.run { $0.overrides = RouteOverrides(mockFailure: mock) }
        #expect(refused.asked.isEmpty)
        #expect(refused.fault?.message.hasPrefix("This is a mock exception for model=gpt") == true)
    }

    @Test func `a group whose deployments all rest goes to its fallback at once`() throws {
        let rig = rig([.init(primary: "gpt", backups: ["a"], condition: .rateLimit)])
        rig.fail(.rateLimited, "d0")
        rig.answers["d1"] = nil
        #expect(groups(try rig.run()) == ["gpt", "a"])
        #expect(groups(try rig.run()) == ["a"])
    }

    @Test func `higher orders are tried before the fallbacks`() throws {
        let deployments = [
            Sample.deployment(0) { $0.order = 2 }, Sample.deployment(1) { $0.order = 1 }, Sample.deployment(2),
            Sample.deployment(3, group: "backup"),
        ]
        var settings = RoutingSettings()
        settings.retries.numRetries = 0
        settings.fallbacks.defaults = ["backup"]
        let rig = Rig(deployments, settings)
        #expect(try rig.serve(50) == ["d1": 50])
        rig.fail(.serverError, "d0", "d1", "d2")
        let run = try rig.run()
        #expect(run.asked == ["d1", "d0", "d2", "d3"])
        #expect(run.fallbacks == 3)
    }

    @Test func `a fallback by a wildcard's name asks for that model`() throws {
        let rig = Rig([Sample.deployment(0), Sample.deployment(1, group: "openai/*", model: "*")])
        rig.fail(.authentication, "d0")
        let run = try rig.run { $0.overrides = RouteOverrides(fallbacks: ["openai/o3"]) }
        #expect(run.served == "d1")
        #expect(run.model == "o3")
    }
}
