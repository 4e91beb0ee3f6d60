package import WeirCore

/// How a deployment is called, as the configuration says: what `PreparedDeployment` is made of.
package struct ProviderSettings: Sendable {
    /// Nil for a model that answers here.
    package var vendor: CompatibleVendor?
    package var base: BaseURL?
    package var key: Secret?
    package var apiVersion: String?
    package var organization: String?
    /// Fields added to each request; their values may be secrets.
    package var extraFields: [(name: String, value: Secret)] = []
    /// Members that a request gets when it does not have them: name and JSON text.
    package var defaults: [(name: String, json: String)] = []
    /// Members that a request gets in any case (`extra_body`).
    package var forced: [(name: String, json: String)] = []
    /// Members that are taken out of a request.
    package var dropped: [String] = []
    /// Members that the vendor does not know are taken out instead of being left to its refusal.
    package var dropsUnsupported = false
    package var timeouts = UpstreamTimeouts()
    package var streamTimeouts = UpstreamTimeouts()
    /// Text that is answered without asking anybody (`mock_response`).
    package var mockText: String?
    /// The model `echo`, which answers with what it was sent.
    package var echoes = false
    /// Members of a request that may name another upstream (`configurable_clientside_auth_params`).
    package var clientCredentials: [String] = []

    package init() {}
}
