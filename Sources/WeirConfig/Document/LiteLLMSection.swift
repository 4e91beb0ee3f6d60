/// `litellm_settings`: the fields that Weir acts on, and those it keeps for later.
package struct LiteLLMSection: Sendable {
    /// Leave out parameters that a provider does not know, instead of refusing the request.
    package var dropParams = false
    /// Greater than zero; LiteLLM's default is 6000 seconds.
    package var requestTimeout: Duration?
    package var jsonLogs = false
    /// Nil when nothing is said: open with compat 1.83, closed with 1.109.
    package var requireAuthForMetrics: Bool?
    /// Kept; retries come later.
    package var numRetries: Int?
    package var tls = TLSFields()

    package init() {}
}
