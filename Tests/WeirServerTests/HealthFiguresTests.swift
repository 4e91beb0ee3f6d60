import Testing
import WeirCore
import WeirTelemetry

@testable import WeirDrivers
@testable import WeirRouting
@testable import WeirServer

@Suite struct HealthFiguresTests {
    private static let second: UInt64 = 1_000_000_000

    @Test func `the state of a deployment is healthy, partial or complete`() throws {
        let now = 100 * Self.second
        func state(_ change: (DeploymentState) -> Void) -> GatewayFigures.DeploymentState {
            let deployment = DeploymentState(id: "x")
            change(deployment)
            return RoutingFigures.state(of: deployment, at: now)
        }
        #expect(state { _ in } == .healthy)
        #expect(state { $0.tellHealth(.up) } == .healthy)
        #expect(state { $0.tellHealth(.down) } == .completeOutage)
        #expect(state { $0.rest(until: now + 1) } == .completeOutage)
        #expect(state { $0.rest(until: now - 1) } == .partialOutage)
        #expect(state { $0.tellRemote(inFlight: 0, restsUntil: now + 1) } == .partialOutage)
        #expect(state { $0.failed.add(1, at: now - Self.second) } == .partialOutage)
        #expect(state { $0.failed.add(1, at: now - 90 * Self.second) } == .healthy)
    }

    @Test func `each rest counts once, however often it is looked at`() throws {
        let bench = try HealthBench(
            """
            model_list:
              - {model_name: a, litellm_params: {model: hosted_vllm/m, api_base: "http://10.0.0.1:1"}, model_info: {id: a}}
              - {model_name: b, litellm_params: {model: hosted_vllm/m, api_base: "http://10.0.0.2:1"}, model_info: {id: b}}
            """)
        let counter = RestCounter()
        counter.adopt(bench.snapshot)
        counter.look(at: 1)
        #expect(counter.counts == [:])
        try bench.state().rest(until: 50)
        for now in UInt64(10)..<60 { counter.look(at: now) }
        #expect(counter.counts == ["a": 1])
        try bench.state().rest(until: 90)
        try bench.state(1).rest(until: 90)
        for now in UInt64(60)..<100 { counter.look(at: now) }
        #expect(counter.counts == ["a": 2, "b": 1])
        counter.adopt(bench.snapshot)
        #expect(counter.counts == ["a": 2, "b": 1])
    }

    @Test func `what is told of Redis`() {
        var status = RedisStatus()
        status.answered = 5
        status.failed = 2
        status.refused = 3
        status.outages = 1
        status.roundTrips.add(1_500_000)
        let text = String(
            decoding: PrometheusText.render(
                MetersSnapshot(), gateway: GatewayFigures(version: "1", swift: "6", uptime: 1), process: nil,
                extra: RoutingFigures.redis(status)), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("weir_redis_") }
        #expect(
            lines == [
                "weir_redis_available 0", "weir_redis_asks_total{result=\"answered\"} 5",
                "weir_redis_asks_total{result=\"failed\"} 2", "weir_redis_asks_total{result=\"refused\"} 3",
                "weir_redis_late_total 0", "weir_redis_outages_total 1", "weir_redis_connections_total 0",
                "weir_redis_redirects_total 0", "weir_redis_round_trip_seconds_total 0.0015",
                "weir_redis_round_trip_longest_seconds 0.0015",
            ])
    }
}
