/// `litellm_settings`: the fields that Weir acts on.
package struct LiteLLMSection: Sendable {
    /// Leave out parameters that a provider does not know, instead of refusing the request.
    package var dropParams = false
    /// Greater than zero; LiteLLM's default is 6000 seconds.
    package var requestTimeout: Duration?
    /// Kept; the access log is JSON anyway.
    package var jsonLogs = false
    /// Nil when nothing is said: open with compat 1.83, closed with 1.109.
    package var requireAuthForMetrics: Bool?
    /// Tries after the first, 0 to 100; `router_settings` wins.
    package var numRetries: Int?
    /// Failures of any kind that are forgiven; `router_settings` wins.
    package var allowedFails: Int?
    /// 0 to 100; `router_settings` wins.
    package var maxFallbacks: Int?
    package var tls = TLSFields()

    package init() {}
}
