import NIOCore
import Testing
import WeirCore
import WeirProviders
import WeirTestKit

/// Requests as they go out, to the last byte of their heads.
struct RequestHeadTests {
    private static let body = #"{"model":"gpt","messages":[]}"#

    @Test func `OpenAI gets a bearer key and the model's own name`() throws {
        let openai = try Prepared.deployment("openai", model: "gpt-4o")
        #expect(
            try Prepared.text(openai, Self.body) == """
                POST /v1/chat/completions HTTP/1.1
                host: api.openai.com
                accept-encoding: identity
                authorization: Bearer sk-upstream
                user-agent: weir
                content-type: application/json
                content-length: right

                {"model":"gpt-4o","messages":[]}
                """)
    }

    @Test func `an organization, added fields and the client's own fields go along`() throws {
        let openai = try Prepared.deployment("openai", model: "gpt-4o") {
            $0.organization = "org-7"
            $0.extraFields = [("X-Team", Secret("blue")), ("User-Agent", Secret("ours/1"))]
        }
        #expect(
            try Prepared.text(openai, Self.body, forwarded: "traceparent: 00-1\r\nOpenAI-Beta: x\r\n") == """
                POST /v1/chat/completions HTTP/1.1
                host: api.openai.com
                accept-encoding: identity
                authorization: Bearer sk-upstream
                openai-organization: org-7
                x-team: blue
                user-agent: ours/1
                traceparent: 00-1
                OpenAI-Beta: x
                content-type: application/json
                content-length: right

                {"model":"gpt-4o","messages":[]}
                """)
    }

    @Test func `without a key nothing is shown`() throws {
        for key in [nil, Secret("")] {
            let vllm = try Prepared.deployment("hosted_vllm", model: "m", base: "http://10.0.0.5:8000") { $0.key = key }
            #expect(
                try Prepared.text(vllm, Self.body) == """
                    POST /v1/chat/completions HTTP/1.1
                    host: 10.0.0.5:8000
                    accept-encoding: identity
                    user-agent: weir
                    content-type: application/json
                    content-length: right

                    {"model":"m","messages":[]}
                    """)
        }
    }

    @Test func `Azure's dated version names the deployment in the path and shows an api-key`() throws {
        let azure = try Prepared.deployment("azure", model: "my gpt/4", base: "https://corp.openai.azure.com/") {
            $0.apiVersion = "2024-06-01"
        }
        #expect(
            try Prepared.text(azure, Self.body) == """
                POST /openai/deployments/my%20gpt%2F4/chat/completions?api-version=2024-06-01 HTTP/1.1
                host: corp.openai.azure.com
                accept-encoding: identity
                api-key: sk-upstream
                user-agent: weir
                content-type: application/json
                content-length: right

                {"model":"my gpt/4","messages":[]}
                """)
    }

    @Test(arguments: [
        ("https://a.azure.com", nil, "/openai/deployments/dep/chat/completions?api-version=2024-10-21"),
        ("https://a.azure.com/openai", nil, "/openai/deployments/dep/chat/completions?api-version=2024-10-21"),
        ("https://a.azure.com/", "v1", "/openai/v1/chat/completions"),
        ("https://a.azure.com/openai/v1/", nil, "/openai/v1/chat/completions"),
        ("https://a.azure.com", "latest", "/openai/v1/chat/completions"),
        ("https://a.azure.com", "preview", "/openai/v1/chat/completions?api-version=preview"),
        ("https://gate.corp/azure/openai", "v1", "/azure/openai/v1/chat/completions"),
    ])
    func `Azure's version chooses the form of the address`(base: String, version: String?, target: String) throws {
        let azure = try Prepared.deployment("azure", model: "dep", base: base) { $0.apiVersion = version }
        #expect(try Prepared.line(azure) == "POST \(target) HTTP/1.1")
    }

    @Test func `Azure's responses have no dated address`() throws {
        let azure = try Prepared.deployment("azure", model: "dep", base: "https://a.azure.com") {
            $0.apiVersion = "2024-06-01"
        }
        #expect(try Prepared.line(azure, .responses) == "POST /openai/v1/responses HTTP/1.1")
    }

    @Test func `Azure's wildcard puts the name that was asked for into the path`() throws {
        let azure = try Prepared.deployment("azure", model: "*", base: "https://a.azure.com") {
            $0.apiVersion = "2024-06-01"
        }
        let line = "POST /openai/deployments/gpt%2F4o/chat/completions?api-version=2024-06-01 HTTP/1.1"
        #expect(try Prepared.line(azure, model: "gpt/4o") == line)
        #expect(try Prepared.body(azure, Self.body, model: "gpt/4o") == #"{"model":"gpt/4o","messages":[]}"#)
    }

    @Test func `a wildcard within Azure's name of the deployment keeps what stands around it`() throws {
        let azure = try Prepared.deployment("azure", model: "prod-*", base: "https://a.azure.com")
        let line = try Prepared.line(azure, model: "prod-gpt-4o")
        #expect(line.hasPrefix("POST /openai/deployments/prod-gpt-4o/chat/completions?"))
    }

    @Test func `a base's own path and query stay`() throws {
        let groq = try Prepared.deployment("groq", model: "llama")
        #expect(try Prepared.line(groq) == "POST /openai/v1/chat/completions HTTP/1.1")
        let own = try Prepared.deployment("openai", model: "m", base: "https://gate.corp/x/v2/?tenant=7")
        #expect(try Prepared.line(own) == "POST /x/v2/chat/completions?tenant=7 HTTP/1.1")
    }

    @Test func `a server named without a path is asked at v1 until its root is known`() throws {
        let memory = BasePathMemory()
        let vllm = try Prepared.deployment("hosted_vllm", model: "m", base: "http://10.0.0.5:8000", memory: memory)
        #expect(vllm.basePath != nil)
        #expect(try Prepared.line(vllm) == "POST /v1/chat/completions HTTP/1.1")
        memory.remember(.root)
        #expect(try Prepared.line(vllm) == "POST /chat/completions HTTP/1.1")
        memory.remember(.version)
        #expect(try Prepared.line(vllm) == "POST /v1/chat/completions HTTP/1.1")
    }

    @Test func `a server named with a path is taken at its word`() throws {
        let memory = BasePathMemory()
        memory.remember(.root)
        let vllm = try Prepared.deployment("hosted_vllm", model: "m", base: "http://10.0.0.5:8000/v1", memory: memory)
        #expect(vllm.basePath == nil)
        #expect(try Prepared.line(vllm) == "POST /v1/chat/completions HTTP/1.1")
    }

    @Test(arguments: WeirCore.Operation.allCases.filter { !$0.isMultipart })
    func `each operation has its path`(operation: WeirCore.Operation) throws {
        let openai = try Prepared.deployment("openai", model: "m")
        #expect(try Prepared.line(openai, operation) == "POST /v1\(operation.path) HTTP/1.1")
    }

    @Test func `the time allowed depends on whether the call streams`() throws {
        let openai = try Prepared.deployment("openai", model: "m") {
            $0.timeouts.total = .seconds(7)
            $0.streamTimeouts.total = .seconds(9)
        }
        let whole = try openai.request(
            for: SampleCall.json(#"{"model":"gpt"}"#), model: nil, forwarded: Bytes())
        let stream = try openai.request(
            for: SampleCall.json(#"{"model":"gpt","stream":true}"#), model: nil, forwarded: Bytes())
        #expect(whole.timeouts.total == .seconds(7))
        #expect(stream.timeouts.total == .seconds(9))
    }

    @Test func `health is asked without tokens, and without the key where it may be a stranger`() throws {
        let vllm = try Prepared.deployment("hosted_vllm", model: "m", base: "http://10.0.0.5:8000")
        let timeouts = UpstreamTimeouts(connect: .seconds(1), firstByte: .seconds(1), idle: .seconds(1))
        let questions = vllm.healthQuestions(endpoint: "/health", timeouts: timeouts).map(\.message.text)
        #expect(questions.map { $0.prefix { $0 != "\r\n" } } == ["GET /health HTTP/1.1", "GET /v1/models HTTP/1.1"])
        #expect(!questions[0].contains("sk-upstream"))
        #expect(questions[1].contains("\r\nauthorization: Bearer sk-upstream\r\n"))
        #expect(questions.allSatisfy { $0.hasSuffix("\r\n\r\n") })
        let azure = try Prepared.deployment("azure", model: "m", base: "https://a.azure.com")
        #expect(
            azure.healthQuestions(endpoint: "/health", timeouts: timeouts)[0].message.text
                .hasPrefix("GET /openai/models?api-version=2024-10-21 HTTP/1.1\r\n"))
    }
}
