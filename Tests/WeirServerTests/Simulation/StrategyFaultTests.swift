import Testing
import WeirCore
import WeirRouting

@testable import WeirServer

/// Every strategy against every fault of one of three deployments: the clients notice nothing, the deployment is soon
/// left alone, and it serves again when it is well.
struct StrategyFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let text: String
        /// The most attempts that may fail in the minute of the fault.
        let failed: Int
        /// How long after its end the deployment may stay away, in seconds.
        var away = 15

        var testDescription: String { text }
    }

    /// With a rest of 10 s there are 6 trials in a minute; a rest needs 3 failures, those under way besides.
    static let faults = [
        Fault(text: "down", failed: 12), Fault(text: "1:503", failed: 16), Fault(text: "1:500", failed: 16),
        Fault(text: "1:429,retry-after=20s", failed: 16, away: 25), Fault(text: "1:401", failed: 16),
        Fault(text: "1:402", failed: 16), Fault(text: "1:404", failed: 16), Fault(text: "flap=7s/5s", failed: 20),
        Fault(text: "0.5:502", failed: 26),
    ]

    @Test(arguments: RoutingStrategy.allCases, faults)
    func `one of three fails for a minute`(strategy: RoutingStrategy, fault: Fault) throws {
        let yaml = Rehearsal.config(
            and: """
                router_settings:
                  routing_strategy: \(strategy.rawValue)
                  num_retries: 2
                  allowed_fails: 2
                  cooldown_time: 10

                """)
        let report = try Rehearsal.play(
            yaml, Rehearsal.steady(20, seconds: 150), fail: ["a=\(fault.text)@30s-90s"],
            latency: ["*=300ms,p99=900ms"], step: 1_000_000_000)
        #expect(report.count(.served) == report.requests)
        #expect(report.deployments[0].failed <= fault.failed)
        #expect(report.deployments[0].failed > 0)
        #expect(report.deployments[1].failed == 0 && report.deployments[2].failed == 0)
        let later = (90 + fault.away..<150).reduce(0) { $0 + report.timeline.served($1, 0) }
        #expect(later > 0)
    }

    @Test(arguments: RoutingStrategy.allCases)
    func `all of three fail: clients get the failure, and retries stay within their budget`(
        strategy: RoutingStrategy
    ) throws {
        let yaml = Rehearsal.config(
            and: "router_settings: {routing_strategy: \(strategy.rawValue), num_retries: 3, cooldown_time: 5}\n")
        let report = try Rehearsal.play(
            yaml, Rehearsal.steady(20, seconds: 120), fail: ["*=1:503@30s-90s"], latency: ["*=300ms,p99=900ms"])
        let lost = report.requests - report.count(.served)
        #expect(lost == report.count(.unavailable) + (report.failures[.overloaded] ?? 0))
        #expect(lost > 0)
        #expect(report.retries <= 2 * 10 + report.requests / 5)
        // Half a minute later all is well again.
        #expect(report.count(.served) >= report.requests / 2 - 60)
    }
}
