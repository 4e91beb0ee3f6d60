import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

/// Deployments and what they make of a call.
enum Prepared {
    /// A deployment of this vendor; `change` sets what its configuration would say.
    static func deployment(
        _ vendor: String, model: String, base: String? = nil, memory: BasePathMemory = BasePathMemory(),
        _ change: (inout ProviderSettings) -> Void = { _ in }
    ) throws -> PreparedDeployment {
        let row = try #require(CompatibleVendors.vendor(vendor))
        var settings = ProviderSettings()
        settings.vendor = row
        settings.key = Secret("sk-upstream")
        settings.base = BaseURL(try #require(base ?? row.base))
        change(&settings)
        let deployment = Deployment(
            index: 0, id: "id", group: "gpt", vendor: vendor, upstreamModel: model, apiBase: base ?? "")
        return PreparedDeployment(deployment, settings, basePath: memory)
    }

    /// A request as text with plain line ends. Its length is checked and then written as a word, so that a golden text
    /// need not count.
    static func text(of request: OutboundRequest) throws -> String {
        let whole = request.message.text + request.rest.map(\.text).joined()
        let end = try #require(whole.firstRange(of: "\r\n\r\n"))
        let body = whole[end.upperBound...]
        let head = whole[..<end.lowerBound].replacing("\r\n", with: "\n")
            .replacing("content-length: \(body.utf8.count)", with: "content-length: right")
        return head + "\n\n" + body
    }

    /// What `deployment` sends for a call with this body.
    static func text(
        _ deployment: PreparedDeployment, _ body: String, _ operation: WeirCore.Operation = .chatCompletions,
        model: String? = nil, forwarded: String = ""
    ) throws -> String {
        let call = try SampleCall.json(body, operation)
        return try text(of: deployment.request(for: call, model: model, forwarded: Bytes(string: forwarded)))
    }

    /// The body alone.
    static func body(
        _ deployment: PreparedDeployment, _ body: String, _ operation: WeirCore.Operation = .chatCompletions,
        model: String? = nil
    ) throws -> String {
        let text = try text(deployment, body, operation, model: model)
        return String(text[try #require(text.firstRange(of: "\n\n")).upperBound...])
    }

    /// The request line alone.
    static func line(
        _ deployment: PreparedDeployment, _ operation: WeirCore.Operation = .chatCompletions, model: String? = nil
    ) throws -> String {
        let text = try text(deployment, #"{"model":"gpt"}"#, operation, model: model)
        return String(text.prefix { $0 != "\n" })
    }
}
