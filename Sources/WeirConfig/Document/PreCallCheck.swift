/// `optional_pre_call_checks`: what else is looked at before a deployment is chosen.
package enum PreCallCheck: String, Sendable, CaseIterable {
    case promptCaching = "prompt_caching"
    case routerBudgetLimiting = "router_budget_limiting"
    case responsesAPIDeployment = "responses_api_deployment_check"
    case deploymentAffinity = "deployment_affinity"
    case sessionAffinity = "session_affinity"
    case forwardClientHeaders = "forward_client_headers_by_model_group"
    case enforceModelRateLimits = "enforce_model_rate_limits"
    case encryptedContentAffinity = "encrypted_content_affinity"

    /// The others are warned of. The first three do the same: a conversation stays with its deployment. Limits of deployments
    /// are enforced with and without `enforce_model_rate_limits`.
    package var isActedOn: Bool {
        switch self {
        case .promptCaching, .deploymentAffinity, .sessionAffinity, .enforceModelRateLimits: true
        case .routerBudgetLimiting, .responsesAPIDeployment, .forwardClientHeaders, .encryptedContentAffinity: false
        }
    }
}
