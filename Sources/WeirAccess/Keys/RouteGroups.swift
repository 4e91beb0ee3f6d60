package import WeirCore

/// LiteLLM's names for groups of routes, as `allowed_routes` and the settings for tokens use them, written out to paths.
/// Routes that the gateway does not have are in them too, because the groups are part of the contract.
package enum RouteGroups {
    /// The rights that a list of paths, patterns and names of groups gives.
    package static func rights(_ names: [String]) -> RouteRights {
        RouteRights(names.flatMap { groups[$0] ?? [$0] }, names: names)
    }

    package static let groups: [String: [String]] = [
        "openai_routes": openAI, "anthropic_routes": anthropic, "google_routes": google,
        "mapped_pass_through_routes": passThrough, "mcp_routes": mcp, "agent_routes": agents,
        "llm_api_routes": openAI + anthropic + google + passThrough + mcp + agents + ["/guardrails/apply_guardrail"]
            + bothWays(["/rag/ingest", "/rag/query"]),
        "info_routes": info, "key_management_routes": keyManagement, "management_routes": management,
        "spend_tracking_routes": spend, "global_spend_tracking_routes": globalSpend, "public_routes": open,
        "internal_user_routes": keyManagement + spend + globalSpend + [
            "/global/activity", "/global/activity/model", "/global/activity/cache_hits", "/v1/models/{model}",
            "/models/{model}", "/guardrails/list", "/v2/guardrails/list",
        ],
        "ui_routes": info + [
            "/sso", "/login", "/config", "/spend", "/global/spend", "/global/spend/logs", "/global/spend/keys",
            "/global/spend/models", "/global/activity",
        ],
    ]

    // MARK: Calls of models

    private static let calls = Operation.allCases.map(\.path)

    private static let openAI =
        bothWays(calls) + ["/v2/rerank"]
        + calls.flatMap { ["/engines/{model:path}\($0)", "/openai/deployments/{model:path}\($0)"] }
        + bothWays([
            "/models", "/models/{model:path}", "/images/edits", "/images/variations", "/responses/*", "/batches",
            "/batches/*", "/files", "/files/*", "/fine_tuning/jobs", "/fine_tuning/jobs/*", "/assistants",
            "/assistants/*", "/threads", "/threads/*", "/realtime", "/videos", "/videos/*", "/vector_stores",
            "/vector_stores/*", "/vector_store/list", "/search", "/search/*", "/ocr", "/containers", "/containers/*",
        ]) + ["/cursor/chat/completions", "/utils/token_counter", "/utils/transform_request"]

    private static let anthropic = ["/v1/messages", "/v1/messages/count_tokens", "/v1/skills", "/v1/skills/{skill}"]

    private static let google =
        ["/v1beta", ""].flatMap { prefix in
            ["countTokens", "generateContent", "streamGenerateContent"].map {
                "\(prefix)/models/{model:path}:\($0)"
            } + ["\(prefix)/interactions", "\(prefix)/interactions/*"]
        }

    private static let passThrough = [
        "anthropic", "assemblyai", "azure", "azure_ai", "bedrock", "cohere", "cursor", "eu.assemblyai", "gemini",
        "langfuse", "milvus", "mistral", "openai", "openai_passthrough", "vertex-ai", "vertex_ai", "vllm",
    ].flatMap { ["/\($0)", "/\($0)/*"] }

    private static let mcp = [
        "/mcp", "/mcp/*", "/mcp-rest/tools/list", "/mcp-rest/tools/call", "/v1/mcp/server", "/v1/mcp/server/*",
    ]

    private static let agents = ["/agents", "/v1/agents", "/v1/agents/{agent}", "/a2a/*"]

    // MARK: Management

    private static let info =
        bothWays(["/models", "/model/info"]) + [
            "/v2/model/info", "/model_group/info", "/key/info", "/v2/key/info", "/key/health", "/key/list",
            "/team/info", "/team/list", "/v2/team/list", "/team/available", "/organization/list", "/user/info",
            "/v2/user/info", "/user/filter/ui", "/health", "/health/services", "/sso/get/ui_settings",
        ]

    private static let keyManagement = [
        "/key/generate", "/key/update", "/key/bulk_update", "/key/delete", "/key/info", "/key/list", "/key/aliases",
        "/key/block", "/key/unblock", "/key/regenerate", "/key/{key}/regenerate", "/key/{key}/reset_spend",
        "/key/service-account/generate", "/team/daily/activity", "/spend/logs",
    ]

    private static let management =
        keyManagement + [
            "/user/new", "/user/update", "/user/bulk_update", "/user/delete", "/user/info", "/user/list",
            "/user/daily/activity", "/user/daily/activity/aggregated",
            "/team/new", "/team/update", "/team/delete", "/team/list", "/v2/team/list", "/team/info", "/team/block",
            "/team/unblock", "/team/available", "/team/permissions_list", "/team/permissions_update",
            "/model/new", "/model/update", "/model/delete", "/model/info",
            "/jwt/key/mapping/new", "/jwt/key/mapping/update", "/jwt/key/mapping/delete", "/jwt/key/mapping/list",
            "/jwt/key/mapping/info",
        ]

    private static let spend = [
        "/spend/keys", "/spend/users", "/spend/tags", "/spend/calculate", "/spend/logs", "/spend/logs/v2",
        "/spend/logs/ui", "/spend/logs/session/ui", "/cost/estimate",
    ]

    private static let globalSpend = [
        "/global/spend", "/global/spend/logs", "/global/spend/keys", "/global/spend/teams",
        "/global/spend/end_users", "/global/spend/models", "/global/spend/report", "/global/spend/provider",
        "/global/spend/tags", "/global/spend/all_tag_names", "/global/predict/spend/logs",
    ]

    private static let open = [
        "/", "/routes", "/health/liveliness", "/health/liveness", "/health/readiness", "/test", "/config/yaml",
        "/metrics", "/.well-known/litellm-ui-config", "/litellm/.well-known/litellm-ui-config", "/public/model_hub",
        "/public/agent_hub", "/public/mcp_hub", "/public/litellm_model_cost_map",
    ]

    private static func bothWays(_ paths: [String]) -> [String] { paths.flatMap { [$0, "/v1\($0)"] } }
}
