import Synchronization
import WeirConfig
import WeirCore
import WeirHTTP
import WeirLoops
import WeirPipeline
import WeirProviders

/// Asks backends how they are, over the connections that requests use.
final class BackendHealth: Sendable {
    /// A report younger than this is given again: probes come from several sides at once. Nanoseconds.
    private static let freshness: UInt64 = 2_000_000_000

    private let last = Mutex<(report: HealthReport, at: UInt64)?>(nil)

    /// How every backend is, or those of one model.
    func report(of house: Gateway, model: String?) async -> HealthReport {
        let now = house.time.monotonic()
        if model == nil, let fresh = last.withLock({ $0 }), now &- fresh.at < Self.freshness { return fresh.report }
        let (snapshot, endpoint) = house.inForce.withLock { ($0.snapshot, $0.document.healthChecks.endpoint) }
        let asked = snapshot.deployments.filter { model == nil || $0.deployment.group == model }
        let report = await ask(asked, endpoint, house.units[0])
        if model == nil { last.withLock { $0 = (report, house.time.monotonic()) } }
        return report
    }

    /// All at once, on one loop.
    private func ask(
        _ targets: [PreparedDeployment], _ endpoint: String, _ unit: OnLoop<LoopUnit>
    ) async -> HealthReport {
        await withTaskGroup(of: (Int, HealthReport.Endpoint).self) { group in
            for (number, target) in targets.enumerated() {
                group.addTask {
                    let error = await unit.task { await Self.error(of: target, endpoint, $0) }
                    return (number, HealthReport.Endpoint(deployment: target.deployment, error: error))
                }
            }
            var endpoints: [(Int, HealthReport.Endpoint)] = []
            for await endpoint in group { endpoints.append(endpoint) }
            return HealthReport(endpoints: endpoints.sorted { $0.0 < $1.0 }.map(\.1))
        }
    }

    /// Nil when the backend is up; otherwise what is wrong with it.
    private static func error(of target: PreparedDeployment, _ endpoint: String, _ unit: LoopUnit) async -> String? {
        let seconds = Timeout.seconds(2)
        let timeouts = UpstreamTimeouts(connect: seconds, firstByte: seconds, idle: seconds, total: seconds)
        let questions = target.healthQuestions(endpoint: endpoint, timeouts: timeouts)
        if questions.isEmpty {
            return target.local == nil ? "the vendor \(target.deployment.vendor) is not served yet" : nil
        }
        var status = 0
        for question in questions {
            do throws(GatewayFault) {
                let reply = try await unit.pipeline.ask(question, Abandonment())
                status = reply.head.status
                while try await reply.next() != nil {}
            } catch {
                return error.message
            }
            if (200..<300).contains(status) { return nil }
            guard [404, 405, 501].contains(status) else { break }
        }
        // A server that knows neither question still answers: it is up.
        return [404, 405, 501].contains(status) ? nil : "the backend answered its health check with status \(status)"
    }
}
