import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

/// Requests that name their own backend, where the configuration lets them.
struct ClientCredentialsTests {
    private func deployment(_ allowed: String...) throws -> PreparedDeployment {
        try Prepared.deployment("openai", model: "gpt-4o") {
            $0.clientCredentials = allowed
            $0.organization = "org-7"
            $0.extraFields = [("x-team", Secret("hidden-1"))]
        }
    }

    private func request(_ deployment: PreparedDeployment, _ body: String) throws -> String {
        try Prepared.text(deployment, body)
    }

    @Test func `a key of the client's own takes the place of ours`() throws {
        let text = try request(deployment("api_key"), #"{"model":"gpt","api_key":"sk-own","n":1}"#)
        #expect(text.contains("\nauthorization: Bearer sk-own\n"))
        #expect(!text.contains("sk-upstream"))
        #expect(text.hasSuffix(#"{"model":"gpt-4o","n":1}"#))
    }

    @Test func `a server of the client's own never sees our secrets`() throws {
        let body = #"{"api_base":"http://own.test/v1","model":"gpt"}"#
        let call = try SampleCall.json(body)
        let request = try deployment("api_base").request(for: call, model: nil, forwarded: Bytes())
        #expect(request.address == UpstreamAddress(isTLS: false, host: "own.test", port: 80))
        let text = try Prepared.text(of: request)
        for secret in ["sk-upstream", "hidden-1", "org-7"] { #expect(!text.contains(secret), "\(secret)") }
        #expect(text.hasSuffix(#"{"model":"gpt-4o"}"#))
    }

    @Test func `both together are a backend of the client's own`() throws {
        let body = #"{"api_base":"http://own.test/v1","api_key":"sk-own","model":"gpt","stream":true}"#
        let text = try request(deployment("api_base", "api_key"), body)
        #expect(text.hasPrefix("POST /v1/chat/completions HTTP/1.1\nhost: own.test\n"))
        #expect(text.contains("\nauthorization: Bearer sk-own\n"))
        #expect(text.hasSuffix(#"{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true}}"#))
    }

    @Test(arguments: [
        #"{"model":"gpt","api_base":"http://own.test/v1"}"#, #"{"model":"gpt","api_key":"a","base_url":"http://x/"}"#,
        #"{"model":"gpt","aws_access_key_id":"x"}"#,
    ])
    func `what is not listed is refused`(body: String) throws {
        let fault = #expect(throws: GatewayFault.self) { try request(deployment("api_key"), body) }
        #expect(fault?.code == .credentialsInBody)
    }

    @Test(arguments: [
        #"{"model":"gpt","api_key":7}"#, #"{"model":"gpt","api_key":"a\r\nx: y"}"#, #"{"model":"gpt","api_key":"a b"}"#,
        #"{"model":"gpt","api_base":"ftp://x"}"#, #"{"model":"gpt","api_base":"http://user@x/"}"#,
        #"{"model":"gpt","api_base":null}"#,
    ])
    func `a value that could do harm is refused`(body: String) throws {
        let fault = #expect(throws: GatewayFault.self) { try request(deployment("api_key", "api_base"), body) }
        #expect(fault?.code == .invalidParameter)
    }
}
