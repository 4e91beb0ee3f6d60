/// The vendors that speak OpenAI's dialect, a row each.
///
/// Bases and quirks are the vendors' own, as their API references give them; prefixes and variables are LiteLLM's.
package enum CompatibleVendors {
    /// The row of this prefix.
    package static func vendor(_ prefix: String) -> CompatibleVendor? { byPrefix[prefix] }

    private static let byPrefix = Dictionary(uniqueKeysWithValues: all.map { ($0.prefix, $0) })

    package static let all: [CompatibleVendor] = [
        row("openai", "https://api.openai.com/v1", ["OPENAI_BASE_URL", "OPENAI_API_BASE"], ["OPENAI_API_KEY"]) {
            $0.mayLackVersionPath = true
        },
        row("custom_openai", nil, [], ["OPENAI_API_KEY"]) {
            $0.mayLackVersionPath = true; $0.isKeyless = true
        },
        row("text-completion-openai", "https://api.openai.com/v1", ["OPENAI_BASE_URL"], ["OPENAI_API_KEY"]),
        row("hosted_vllm", nil, ["HOSTED_VLLM_API_BASE"], ["HOSTED_VLLM_API_KEY"]) {
            $0.mayLackVersionPath = true
            $0.isKeyless = true
        },
        row("vllm", nil, ["VLLM_API_BASE", "HOSTED_VLLM_API_BASE"], ["HOSTED_VLLM_API_KEY"]) {
            $0.mayLackVersionPath = true
            $0.isKeyless = true
        },
        row("llamafile", "http://127.0.0.1:8080/v1", ["LLAMAFILE_API_BASE"], ["LLAMAFILE_API_KEY"]) {
            $0.mayLackVersionPath = true
            $0.isKeyless = true
        },
        row("llamacpp", "http://127.0.0.1:8080/v1", ["LLAMACPP_API_BASE"], ["LLAMACPP_API_KEY"]) {
            $0.mayLackVersionPath = true
            $0.isKeyless = true
        },
        row("lm_studio", "http://127.0.0.1:1234/v1", ["LM_STUDIO_API_BASE"], ["LM_STUDIO_API_KEY"]) {
            $0.mayLackVersionPath = true
            $0.isKeyless = true
        },
        row("ollama", "http://127.0.0.1:11434/v1", ["OLLAMA_API_BASE"], ["OLLAMA_API_KEY"]) {
            $0.mayLackVersionPath = true
            $0.isKeyless = true
        },
        row("ollama_chat", "http://127.0.0.1:11434/v1", ["OLLAMA_API_BASE"], ["OLLAMA_API_KEY"]) {
            $0.mayLackVersionPath = true
            $0.isKeyless = true
        },
        row("litellm_proxy", nil, ["LITELLM_PROXY_API_BASE"], ["LITELLM_PROXY_API_KEY"]) {
            $0.mayLackVersionPath = true
            $0.isKeyless = true
        },
        row("groq", "https://api.groq.com/openai/v1", ["GROQ_API_BASE"], ["GROQ_API_KEY"]) {
            $0.unsupported = ["logprobs", "top_logprobs", "logit_bias", "n"]
        },
        row(
            "openrouter", "https://openrouter.ai/api/v1", ["OPENROUTER_API_BASE"], ["OPENROUTER_API_KEY", "OR_API_KEY"]),
        row(
            "together_ai", "https://api.together.xyz/v1", ["TOGETHERAI_API_BASE"],
            ["TOGETHERAI_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHER_API_KEY"]),
        row("deepinfra", "https://api.deepinfra.com/v1/openai", ["DEEPINFRA_API_BASE"], ["DEEPINFRA_API_KEY"]),
        row(
            "fireworks_ai", "https://api.fireworks.ai/inference/v1", ["FIREWORKS_API_BASE"],
            ["FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY", "FIREWORKSAI_API_KEY"]
        ) { $0.modelPrefix = "accounts/fireworks/models/" },
        row(
            "huggingface", "https://router.huggingface.co/v1", ["HF_API_BASE", "HUGGINGFACE_API_BASE"],
            ["HUGGINGFACE_API_KEY", "HF_TOKEN"]),
        row("mistral", "https://api.mistral.ai/v1", ["MISTRAL_API_BASE"], ["MISTRAL_API_KEY"]) {
            $0.wantsMaxTokens = true
            $0.hasStreamOptions = false
            $0.unsupported = ["logit_bias", "logprobs", "top_logprobs", "user", "service_tier", "store"]
        },
        row("codestral", "https://codestral.mistral.ai/v1", [], ["CODESTRAL_API_KEY"]) { $0.hasStreamOptions = false },
        row("deepseek", "https://api.deepseek.com", ["DEEPSEEK_API_BASE"], ["DEEPSEEK_API_KEY"]) {
            $0.wantsMaxTokens = true
        },
        row("xai", "https://api.x.ai/v1", ["XAI_API_BASE"], ["XAI_API_KEY"]),
        row(
            "perplexity", "https://api.perplexity.ai", ["PERPLEXITY_API_BASE"],
            ["PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"]),
        row("nvidia_nim", "https://integrate.api.nvidia.com/v1", ["NVIDIA_NIM_API_BASE"], ["NVIDIA_NIM_API_KEY"]),
        row("cerebras", "https://api.cerebras.ai/v1", ["CEREBRAS_API_BASE"], ["CEREBRAS_API_KEY"]),
        row("sambanova", "https://api.sambanova.ai/v1", ["SAMBANOVA_API_BASE"], ["SAMBANOVA_API_KEY"]),
        row("moonshot", "https://api.moonshot.ai/v1", ["MOONSHOT_API_BASE"], ["MOONSHOT_API_KEY"]),
        row(
            "anthropic", "https://api.anthropic.com/v1", ["ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"],
            ["ANTHROPIC_API_KEY"]),
        row(
            "gemini", "https://generativelanguage.googleapis.com/v1beta/openai", ["GEMINI_API_BASE"],
            ["GEMINI_API_KEY", "GOOGLE_API_KEY"]),
        row("azure", nil, ["AZURE_API_BASE"], ["AZURE_API_KEY", "AZURE_OPENAI_API_KEY"]) {
            $0.addressForm = .azure
            $0.keyForm = .apiKeyField
        },
    ]

    private static func row(
        _ prefix: String, _ base: String?, _ baseVariables: [String], _ keyVariables: [String],
        _ quirks: (inout CompatibleVendor) -> Void = { _ in }
    ) -> CompatibleVendor {
        var vendor = CompatibleVendor(
            prefix: prefix, base: base, baseVariables: baseVariables, keyVariables: keyVariables)
        quirks(&vendor)
        return vendor
    }
}
