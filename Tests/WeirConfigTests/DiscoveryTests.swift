import Testing
import WeirConfig
import WeirCore

/// What is served without any configuration.
@Suite struct DiscoveryTests {
    @Test func `nothing at all still has echo`() {
        let models = Discovery.document(environment: [:]).document?.models ?? []
        #expect(models.map(\.name) == ["echo"])
        #expect(models.map(\.vendor) == ["echo"])
    }

    @Test(arguments: [
        ("OPENAI_API_KEY", "openai"), ("ANTHROPIC_API_KEY", "anthropic"), ("GROQ_API_KEY", "groq"),
        ("OPENROUTER_API_KEY", "openrouter"),
        ("TOGETHER_API_KEY", "together_ai"), ("TOGETHERAI_API_KEY", "together_ai"), ("DEEPINFRA_API_KEY", "deepinfra"),
        ("FIREWORKS_API_KEY", "fireworks_ai"), ("FIREWORKS_AI_API_KEY", "fireworks_ai"),
        ("HUGGINGFACE_API_KEY", "huggingface"),
        ("HF_TOKEN", "huggingface"),
    ]) func `a provider's key brings its wildcard and some names`(variable: String, vendor: String) {
        let models = (Discovery.document(environment: [variable: "key"]).document?.models ?? []).filter {
            $0.vendor == vendor
        }
        #expect(models.count > 1)
        #expect(models.allSatisfy { $0.name == "\(vendor)/\($0.model)" && $0.apiKey?.revealed() == "key" })
        #expect(models.last?.model == "*")
        #expect(Discovery.document(environment: [variable: ""]).document?.models.count == 1)
    }

    @Test func `Azure needs its address`() {
        let half = Discovery.document(environment: ["AZURE_API_KEY": "k"])
        #expect(half.document?.models.count == 1)
        #expect(half.problems.count == 1)
        let whole = Discovery.document(environment: [
            "AZURE_API_KEY": "k", "AZURE_API_BASE": "https://unit.openai.azure.com/", "AZURE_DEPLOYMENT_NAME": "four",
        ])
        #expect(whole.document?.models.map(\.name) == ["azure/four", "azure/*", "echo"])
        #expect(whole.document?.models.first?.apiBase == "https://unit.openai.azure.com")
    }

    @Test func `local servers and the master key are taken in`() {
        let server = LocalServer(vendor: "ollama", apiBase: "http://127.0.0.1:11434", models: ["llama3:8b"])
        let document = Discovery.document(environment: ["LITELLM_MASTER_KEY": "sk-1"], localServers: [server]).document
        #expect(document?.models.map(\.name) == ["llama3:8b", "echo"])
        #expect(document?.models.first?.apiBase == "http://127.0.0.1:11434")
        #expect(document?.general.masterKey?.revealed() == "sk-1")
    }
}
