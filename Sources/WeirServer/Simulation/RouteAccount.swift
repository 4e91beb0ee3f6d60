import WeirCore
import WeirHTTP
import WeirPipeline
import WeirRouting

/// How a configuration would route a request, told without a running gateway: what `POST /route/explain` answers right
/// after a start.
package struct RouteAccount: Sendable {
    /// What is asked.
    package struct Question: Sendable {
        package var model: String
        package var streams = false
        package var tags: [String] = []
        /// Tokens of the prompt; 0 when that is not known.
        package var tokens = 0

        package init(model: String) { self.model = model }
    }

    let explanation: Explanation
    private let labels: DeploymentLabels
    private let ids: [String: Int]

    /// Throws a sentence for a model that nobody serves.
    package init(_ rooms: OfflineRooms, _ question: Question) throws(SimulationFault) {
        var request = RouteRequest(model: question.model, streams: question.streams)
        request.tags = question.tags
        request.inputTokens = question.tokens
        do throws(GatewayFault) {
            explanation = try rooms.snapshot.planner.explain(request, at: rooms.now)
        } catch {
            let known = rooms.snapshot.planner.listedNames.prefix(20).joined(separator: ", ")
            throw SimulationFault("no deployment serves the model '\(question.model)'; the models are \(known)")
        }
        labels = DeploymentLabels(rooms.deployments)
        ids = Dictionary(rooms.deployments.map { ($0.id, $0.index) }, uniquingKeysWith: { first, _ in first })
    }

    /// The same JSON as `POST /route/explain`.
    package var json: String { ExplanationText.text(explanation) }

    /// For people.
    package var text: String {
        let group = explanation.group == explanation.model ? "" : " (group \(explanation.group))"
        var text = "\(explanation.model)\(group), strategy \(explanation.strategy)\n\n"
        text += deployments
        if !explanation.refusal.isEmpty { text += "\n  Nobody can serve it: \(explanation.refusal)\n" }
        return text + "\nWhen an attempt fails:\n\n" + consequences
    }

    private var deployments: String {
        let isShare = [RoutingStrategy.simpleShuffle, .providerBudget].contains { $0.rawValue == explanation.strategy }
        var table = TextTable([
            "deployment", "upstream", "tier", isShare ? "share" : "score (lowest first)", "qualifies", "why not",
        ])
        for place in explanation.deployments {
            let score = TimeText.decimal(place.score, decimals: isShare ? 1 : 2) + (isShare ? " %" : "")
            table.add([
                ids[place.deployment].map { labels.all[$0] } ?? place.deployment, "\(place.vendor)/\(place.model)",
                "\(place.tier)", place.qualifies ? score : "-", place.qualifies ? "yes" : "no", place.reason,
            ])
        }
        return table.text
    }

    private var consequences: String {
        var table = TextTable(["failure", "retries", "same deployment again", "rests at once", "then falls back to"])
        for consequence in explanation.onFailure {
            table.add([
                consequence.failure, "\(consequence.retries)",
                consequence.retries > 0 && consequence.retriesHere ? "yes" : "no",
                consequence.restsAtOnce ? "yes" : "no",
                consequence.fallbacks.isEmpty ? "(nobody)" : consequence.fallbacks.joined(separator: ", "),
            ])
        }
        return table.text
    }
}
