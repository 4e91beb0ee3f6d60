import NIOCore
import Testing
import WeirCore
import WeirProviders

/// One answer of an upstream and what it means.
struct FailureCase: Sendable, CustomTestStringConvertible {
    let vendor: String
    let status: Int
    let fields: String
    let body: String
    let kind: FailureClass
    /// The row that must decide.
    let fact: String

    init(
        _ vendor: String, _ status: Int, _ body: String, _ kind: FailureClass, _ fact: String, fields: String = ""
    ) {
        self.vendor = vendor
        self.status = status
        self.fields = fields
        self.body = body
        self.kind = kind
        self.fact = fact
    }

    var testDescription: String { "\(vendor) \(status) \(body.prefix(120))" }

    var answer: UpstreamAnswer { Self.answer(status, body, fields) }

    /// - Parameter fields: lines with plain line ends.
    static func answer(_ status: Int, _ body: String, _ fields: String = "") -> UpstreamAnswer {
        let lines = fields.split(separator: "\n").map { $0 + "\r\n" }.joined()
        return UpstreamAnswer(
            status: status, fields: Bytes(string: lines), body: Bytes(string: body), isJSON: body.hasPrefix("{"))
    }

    static func fault(_ answer: UpstreamAnswer) -> GatewayFault {
        GatewayFault(.upstreamError, "the upstream answered with status \(answer.status)", upstream: answer)
    }

    /// 2026-08-21T12:00:00Z
    static let wall: UInt64 = 1_787_313_600_000_000_000

    static let all = openAI + azure + anthropic + google + bedrock + openRouter + hosted + local + statuses
}
