import WeirCore
import WeirTelemetry

enum Sample {
    static let key = Principal(kind: .token, keyHash: "0123456789abcdef0123456789abcdef", alias: "team blue", index: 1)
    static let deployment = Deployment(
        index: 0, id: "dep-1", group: "gpt", vendor: "openai", upstreamModel: "gpt-4o", apiBase: "http://127.0.0.1:9/v1"
    )

    /// A chat that was served: 60 ms, 59.98 of them upstream.
    static func served(
        by deployment: Deployment? = deployment, for principal: Principal? = key, model: String = "gpt"
    ) -> RequestEvent {
        let event = RequestEvent(
            callID: "call-1", route: "/v1/chat/completions", clientAddress: "192.0.2.7",
            startedAt: 1_772_323_199_123_456_789)
        event.principal = principal
        event.deployment = deployment
        event.requestedModel = model
        event.userAgent = "tester/1.0"
        event.status = 200
        event.attempts = 1
        event.usage = Usage(
            promptTokens: 12, completionTokens: 8, cachedTokens: 4, reasoningTokens: 2, totalTokens: 20)
        event.cost = Money("0.0000204")
        event.bytesIn = 300
        event.bytesOut = 4_000
        event.duration = 60_000_000
        event.upstreamDuration = 59_980_000
        event.timeToFirstByte = 30_000_000
        return event
    }

    /// A request without a key that went no further.
    static func refused() -> RequestEvent {
        let event = RequestEvent(
            callID: "call-2", route: "/v1/chat/completions", clientAddress: "192.0.2.8",
            startedAt: 1_772_323_200_000_000_000)
        event.requestedModel = "whatever \"he\" liked"
        event.status = 401
        event.fault = .keyMissing
        event.duration = 1_000_000
        return event
    }

    static let figures = GatewayFigures(
        version: "1.2.3", commit: "abc", swift: "6.3", uptime: 1_500_000_000, logLinesDropped: 3, reloadsSucceeded: 2,
        reloadsFailed: 1, lastReloadSuccess: 1_772_323_199_000_000_000, lastReloadError: "invalid",
        deploymentStates: [(deployment: deployment, state: .healthy)])

    static func text(_ snapshot: MetersSnapshot, latencyByKey: Bool = true, extra: [MetricFamily] = []) -> String {
        let bytes = PrometheusText.render(
            snapshot, gateway: figures, process: nil, latencyByKey: latencyByKey, extra: extra)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The lines that begin with `prefix`.
    static func lines(_ text: String, _ prefix: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
    }
}
