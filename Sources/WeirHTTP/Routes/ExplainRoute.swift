import HTTPTypes
import Hummingbird
import NIOCore
import WeirCore
import WeirWire

/// `POST /route/explain`: what would become of a request if it were sent now. Calls nobody.
enum ExplainRoute {
    /// A body larger than this is refused.
    private static let bodyBytes = 8 << 20

    static func add(to table: inout RouteTable, _ house: any House) {
        table.post("/route/explain", .key, "Which deployments would serve this request, and why.") { request, _ in
            let body = try await request.body.collect(upTo: bodyBytes)
            let read = try CallReader.read(.chatCompletions, body, pathModel: nil, contentType: nil)
            let wished = try WishReader.read(read, nil, Bytes())
            let explanation = try house.explain(wished?.call ?? read, wished?.wishes)
            return .json(ExplanationText.write(explanation))
        }
    }
}
