import WeirCore

enum Sample {
    static func deployment(
        _ index: Int, group: String, model: String = "gpt-4o", weight: Int = 0, rpm: Int = 0, tpm: Int = 0
    ) -> Deployment {
        Deployment(
            index: index, id: "deployment-\(index)", group: group, vendor: "openai", upstreamModel: model,
            apiBase: "https://api.openai.com/v1", weight: weight, requestsPerMinute: rpm, tokensPerMinute: tpm)
    }

    static func deployments(_ groups: String...) -> [Deployment] {
        groups.enumerated().map { deployment($0.offset, group: $0.element) }
    }
}
