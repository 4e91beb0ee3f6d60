import NIOCore
import WeirCore
import WeirLimits
import WeirProviders
import WeirRouting

/// What limits and routing need of a call, read from it as far as the model group's rules ask.
enum RequestReading {
    static func request(
        _ arrival: Arrival, _ group: ModelGroup, _ estimate: TokenEstimate, userAgent: String, region: String? = nil
    ) -> RouteRequest {
        var request = RouteRequest(model: arrival.ruledModel ?? arrival.call.model, streams: arrival.call.streams)
        if let wishes = arrival.wishes {
            request.overrides = wishes.overrides
            request.priority = wishes.priority ?? 0
            if let region = wishes.region { request.region = region }
        }
        if let region { request.bind(to: region) }
        let needs = group.needs
        if needs.isEmpty { return request }
        if needs.contains(.tokens) {
            request.inputTokens = estimate.prompt(bytes: arrival.call.body.readableBytes)
            request.outputTokens = CallFacts.maxTokens(of: arrival.call) ?? 0
        }
        if needs.contains(.tags) {
            request.tags = (arrival.wishes?.tags ?? []) + CallFacts.metadataTags(of: arrival.call)
        }
        if needs.contains(.userAgent) { request.userAgent = userAgent }
        if needs.contains(.prefix) { request.prefix = CallFacts.prefixes(of: arrival.call) }
        if needs.contains(.session) {
            let named = arrival.wishes?.session.map { CallFacts.session(named: $0) }
            request.session = named ?? CallFacts.session(of: arrival.call)
        }
        return request
    }

    /// Tokens of the prompt and the longest answer.
    static func tokens(of call: ModelCall, _ estimate: TokenEstimate) -> Int {
        let hasAnswer =
            call.operation == .chatCompletions || call.operation == .completions || call.operation == .responses
        return estimate.total(
            bytes: call.body.readableBytes, maxTokens: CallFacts.maxTokens(of: call),
            answers: hasAnswer ? CallFacts.answers(of: call) : 0)
    }
}
