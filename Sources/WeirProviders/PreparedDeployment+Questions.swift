import NIOCore
package import WeirCore
import WeirWire

/// What a self-hosted server can be asked about its load.
package struct LoadQuestion: Sendable {
    package enum Kind: Sendable, Equatable {
        /// Prometheus' text: requests that run and wait, use of the KV cache (vLLM, SGLang, TensorRT-LLM, llama.cpp).
        case metrics
        /// Ollama's list of the models in memory.
        case loadedModels
    }

    package let kind: Kind
    package let request: OutboundRequest
    /// The same for all deployments that one answer is good for.
    package let server: String
}

extension PreparedDeployment {
    // MARK: Load

    /// The question about the load of a server of the user's own; nil for a vendor's API and for models that answer here.
    ///
    /// The paths stand beside `/v1`, not below it: `GET /metrics`, and for Ollama `GET /api/ps`. The key goes along, because
    /// llama.cpp wants it there too.
    package func loadQuestion(timeouts: UpstreamTimeouts) -> LoadQuestion? {
        guard let vendor = settings.vendor, let base = settings.base, local == nil, vendor.addressForm == .plain,
            vendor.isKeyless || vendor.mayLackVersionPath && base != vendor.base.flatMap({ BaseURL($0) })
        else { return nil }
        let root = base.path.hasSuffix("/v1") ? String(base.path.dropLast(3)) : base.path
        let isOllama = vendor.prefix == "ollama" || vendor.prefix == "ollama_chat"
        let path = root + (isOllama ? "/api/ps" : "/metrics")
        let address = base.address
        let request = OutboundRequest(
            address: address, message: CallHead.question(path, address, settings, vendor), rest: [], timeouts: timeouts)
        let scheme = address.isTLS ? "https" : "http"
        return LoadQuestion(
            kind: isOllama ? .loadedModels : .metrics, request: request,
            server: "\(scheme)://\(address.authority)\(path) \(address.tlsIdentity)")
    }

    // MARK: Inference

    /// A call for one token, the least that shows whether the model answers. Nil where such a call would cost more than a
    /// few tokens (images, audio) or where the model's name is a pattern and no model is given.
    ///
    /// - Parameters:
    ///   - model: the name at the upstream in place of the deployment's own; its vendor's prefix may stand before it.
    ///   - mode: the model's kind as LiteLLM writes it; nil for chat.
    package func inferenceQuestion(model given: String?, mode: String?, timeouts: UpstreamTimeouts) -> OutboundRequest?
    {
        guard let vendor = settings.vendor, local == nil else { return nil }
        let prefix = vendor.prefix + "/"
        let model = given.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
        guard !(model ?? deployment.upstreamModel).contains("*"), let (operation, rest) = Self.shortest(mode, limit)
        else { return nil }
        let text = "{\"model\":\"\",\(rest)}"
        let body = Bytes(string: text)
        guard let scan = try? JSONScanner.scan(body) else { return nil }
        let range = body.withUnsafeReadableBytes { scan.value(of: "model", in: $0) }
        let call = ModelCall(
            operation: operation, model: deployment.group, body: body, members: scan.members, modelRange: range)
        guard var request = try? request(for: call, model: model, forwarded: Bytes()) else { return nil }
        request.timeouts = timeouts
        return request
    }

    /// OpenAI's newer models refuse `max_tokens`; many servers that speak like OpenAI's ignore its successor and would
    /// answer at length.
    private var limit: String {
        let isOpenAIs = settings.base?.address.host == "api.openai.com" || settings.vendor?.addressForm == .azure
        return isOpenAIs ? "max_completion_tokens" : "max_tokens"
    }

    private static func shortest(_ mode: String?, _ limit: String) -> (Operation, String)? {
        switch mode ?? "chat" {
        case "chat": (.chatCompletions, #""messages":[{"role":"user","content":"hi"}],"\#(limit)":1"#)
        case "completion": (.completions, #""prompt":"hi","max_tokens":1"#)
        case "embedding": (.embeddings, #""input":"hi""#)
        case "moderation": (.moderations, #""input":"hi""#)
        case "rerank": (.rerank, #""query":"hi","documents":["hi"]"#)
        // Fewer than 16 are refused.
        case "responses": (.responses, #""input":"hi","max_output_tokens":16"#)
        default: nil
        }
    }
}
