import Foundation
import Testing
import WeirConfig
import WeirCore

/// Templates that people run LiteLLM with: each must be accepted as it stands.
@Suite struct TemplateTests {
    private let environment = [
        "LANGFUSE_SERVER": "https://langfuse.example", "LANGFUSE_PUBLIC_KEY": "pk-1", "LANGFUSE_SECRET_KEY": "sk-lf-1",
        "AI_GATEWAY_API_KEY": "token-of-the-app", "LITELLM_MASTER_KEY": "sk-master",
        "DATABASE_URL": "postgresql://db/litellm",
        "AZURE_API_BASE": "https://unit.openai.azure.com/", "AZURE_API_KEY": "azure-key",
        "AZURE_DEPLOYMENT_NAME": "gpt4o-eu",
        "REDIS_HOST": "redis", "REDIS_PORT": "6379", "REDIS_PASSWORD": "", "POSTGRES_PASSWORD": "secret",
        "GROQ_API_KEY": "gsk-1", "OPENROUTER_API_KEY": "or-1", "ANTHROPIC_API_KEY": "ant-1",
    ]

    private func read(_ name: String, _ environment: [String: String]) -> ConfigReading {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name).yaml").path()
        return ConfigReader.read(path: path, environment: environment)
    }

    /// The messages without the folder.
    private func told(_ reading: ConfigReading) -> [String] {
        reading.problems.map { "\($0.line): \($0.severity): \($0.message)" }
    }

    @Test func `the runbook for vLLM is accepted, and what is not acted on is said`() throws {
        let reading = read("vllm-runbook", environment)
        #expect(reading.errors.isEmpty)
        let document = try #require(reading.document)
        let model = try #require(document.models.first)
        #expect(document.models.count == 1)
        #expect(model.name == "gpt-oss-20b" && model.vendor == "openai" && model.model == "gpt-oss-20b")
        #expect(model.apiBase == "http://vllm-service:8000")
        #expect(model.apiKey?.revealed() == "dummy")
        #expect(model.timeout == .seconds(45))
        #expect(model.defaults.isEmpty)
        #expect(document.routes.count == 2)
        #expect(document.routes[0].group == "openai" && document.routes[0].models == ["gpt-oss-20b"])
        #expect(
            document.routes[0].completionParams == [
                JSONField(key: "temperature", json: "0.1"), JSONField(key: "max_tokens", json: "800"),
            ]
        )
        #expect(document.routes[1].condition == RouteRule.Condition(header: "X-AI-Alternate", value: "llama3"))
        #expect(document.logging.prometheus?.isEnabled == true)
        #expect(document.logging.prometheus?.host == "0.0.0.0" && document.logging.prometheus?.port == 9100)
        #expect(document.logging.langfuse?.secretKey?.revealed() == "sk-lf-1")
        #expect(document.rateLimits.globalPerMinute == 600)
        #expect(document.rateLimits.perAPIKey.map(\.name) == ["default", "ai-intake"])
        #expect(document.rateLimits.perAPIKey.map(\.perMinute) == [60, 120])
        #expect(
            document.auth.kind == .bearer && document.auth.tokens.map { $0.token.revealed() } == ["token-of-the-app"])
        #expect(document.healthChecks.requiresHealthyBackend && document.healthChecks.endpoint == "/health")
        #expect(document.fallbacks.map(\.condition) == [.timeout])
        let told = told(reading)
        #expect(told.count == 4)
        #expect(
            told[0]
                == "15: warning: this route can never be taken for `llama-3p1-70b-instruct`: no entry of `model_list` has "
                + "this name; add one, or remove it here"
        )
        #expect(told[1].hasPrefix("21: warning: `langfuse` is known but not acted on yet"))
        #expect(told[2].hasPrefix("33: warning: no entry of `auth.tokens` has the name `ai-intake`"))
        #expect(told[3].hasPrefix("43: warning: the fallback to `llama-3p1-70b-instruct` can never be taken"))
    }

    @Test func `the runbook for vLLM names the variable that is missing and the line that wants it`() {
        var environment = environment
        environment["AI_GATEWAY_API_KEY"] = nil
        let reading = read("vllm-runbook", environment)
        #expect(reading.document == nil)
        #expect(reading.errors.map(\.line) == [37])
        #expect(
            reading.errors.first?.message.hasPrefix("the environment variable AI_GATEWAY_API_KEY is not set") == true)
    }

    @Test func `the plan for Kubernetes is accepted, an empty password included`() throws {
        let reading = read("kubernetes-plan", environment)
        #expect(reading.errors.isEmpty)
        let document = try #require(reading.document)
        #expect(document.models[0].vendor == "azure" && document.models[0].model == "gpt4o-eu")
        #expect(document.models[0].apiBase == "https://unit.openai.azure.com")
        #expect(document.models[0].rpm == 60 && document.models[0].tpm == 100_000)
        #expect(document.general.masterKey?.revealed() == "sk-master")
        #expect(document.router.strategy == .usageBasedV2)
        #expect(document.features.separateHealthPort == 4001 && document.features.preCallHealthChecks)
        #expect(document.healthChecks.routesByHealth && document.healthChecks.isInBackground)
        #expect(document.redis?.address == .server(.init(host: "redis", port: 6379)) && document.redis?.password == nil)
        #expect(document.store.databaseURL != nil)
        #expect(reading.warnings.map(\.line) == [14])
    }

    @Test func `the guide for Ollama is accepted`() throws {
        let reading = read("ollama-guide", environment)
        #expect(reading.errors.isEmpty)
        let document = try #require(reading.document)
        #expect(document.models.map(\.name) == ["phi3-3.8b", "phi3-3.8b", "llama3-8b", "llama3-8b"])
        #expect(document.models.map(\.vendor) == Array(repeating: "ollama", count: 4))
        #expect(document.models[0].model == "phi3:3.8b-mini-128k-instruct-q8_0")
        #expect(document.router.strategy == .leastBusy)
        #expect(reading.warnings.isEmpty)
    }

    @Test func `the checklist of the operations center is accepted`() throws {
        let reading = read("ops-center", environment)
        #expect(reading.errors.isEmpty)
        let document = try #require(reading.document)
        #expect(document.models[1].vendor == "openrouter" && document.models[1].model == "openai/gpt-4o")
        #expect(document.models[0].price.token?.input == .zero)
        #expect(document.models[2].defaults == [JSONField(key: "max_tokens", json: "4096")])
        #expect(document.litellm.dropParams && document.litellm.requestTimeout == .seconds(60))
        #expect(document.numRetries == 2)
        // The cache's Redis is not the one that replicas share, but a variable names that.
        #expect(document.redis?.place.file == "environment")
    }

    @Test func `the runbook for the tailnet is accepted without a word`() throws {
        let reading = read("akira-proxy", [:])
        #expect(told(reading).isEmpty)
        let document = try #require(reading.document)
        #expect(document.models.map(\.name) == ["akira/qwen2.5-7b", "default"])
        #expect(document.models[0].info.maxInputTokens == 32768)
    }
}
