/// A model server on this machine that answered when it was asked what it serves.
package struct LocalServer: Sendable, Equatable {
    /// The provider's prefix (`ollama`, `openai`).
    package let vendor: String
    /// Where it listens, as for `api_base`.
    package let apiBase: String
    package let models: [String]

    package init(vendor: String, apiBase: String, models: [String]) {
        self.vendor = vendor
        self.apiBase = apiBase
        self.models = models
    }
}
