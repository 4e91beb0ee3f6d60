/// Which columns of LiteLLM's tables are carried over as they are, and what they must hold.
enum LiteLLMMembers {
    enum Kind: Sendable { case text, count, money, moment, flag, texts, json }

    struct Member: Sendable {
        let name: String
        let kind: Kind

        init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// In the order in which a document has them.
    static func of(_ table: LiteLLMTable) -> [Member] {
        switch table {
        case .budgets: budgets
        case .organizations: organizations
        case .users: users
        case .teams: teams
        case .teamMemberships, .organizationMemberships: [Member("budget_id", .text)]
        case .keys: keys
        case .retiredKeys: [Member("revoke_at", .moment)]
        case .customers: customers
        case .tags: tags
        case .credentials: credentials
        case .models: models
        case .accessGroups: accessGroups
        }
    }

    private static let limits = [
        Member("tpm_limit", .count), Member("rpm_limit", .count), Member("tpd_limit", .count),
        Member("max_parallel_requests", .count),
    ]
    private static let window = [Member("budget_duration", .text), Member("budget_reset_at", .moment)]

    private static let budgets =
        [Member("max_budget", .money), Member("soft_budget", .money)] + limits + window + [
            Member("model_max_budget", .json), Member("allowed_models", .texts),
            Member("temp_budget_increase", .money), Member("temp_budget_expiry", .moment),
        ]
    private static let organizations = [
        Member("organization_alias", .text), Member("budget_id", .text), Member("models", .texts),
        Member("metadata", .json), Member("object_permission", .json),
    ]
    private static let users =
        [
            Member("user_email", .text), Member("user_alias", .text), Member("user_role", .text),
            Member("models", .texts), Member("max_budget", .money),
        ] + window + limits + [
            Member("metadata", .json), Member("sso_user_id", .text), Member("organization_id", .text),
            Member("allowed_cache_controls", .texts), Member("model_max_budget", .json), Member("policies", .texts),
            Member("object_permission", .json),
        ]
    private static let teams =
        [
            Member("team_alias", .text), Member("organization_id", .text), Member("models", .texts),
            Member("model_aliases", .json), Member("metadata", .json), Member("max_budget", .money),
            Member("soft_budget", .money),
        ] + window + [Member("budget_limits", .json), Member("model_max_budget", .json)] + limits + [
            Member("blocked", .flag), Member("team_member_permissions", .texts),
            Member("default_team_member_models", .texts), Member("router_settings", .json),
            Member("access_group_ids", .texts), Member("policies", .texts), Member("object_permission", .json),
            Member("allow_team_guardrail_config", .flag),
        ]
    private static let keys =
        [
            Member("key_alias", .text), Member("key_name", .text), Member("models", .texts), Member("aliases", .json),
            Member("config", .json), Member("permissions", .json), Member("metadata", .json),
            Member("max_budget", .money),
        ] + window + [
            Member("budget_limits", .json), Member("model_max_budget", .json), Member("budget_fallbacks", .json),
            Member("budget_id", .text),
        ] + limits + [
            Member("expires", .moment), Member("blocked", .flag), Member("user_id", .text), Member("team_id", .text),
            Member("organization_id", .text), Member("project_id", .text), Member("agent_id", .text),
            Member("allowed_routes", .texts), Member("key_type", .text), Member("allowed_cache_controls", .texts),
            Member("router_settings", .json), Member("access_group_ids", .texts), Member("object_permission", .json),
            Member("policies", .texts), Member("rotation_count", .count), Member("auto_rotate", .flag),
            Member("rotation_interval", .text), Member("last_rotation_at", .moment),
            Member("key_rotation_at", .moment), Member("settings_updated_at", .moment),
        ]
    private static let customers = [
        Member("alias", .text), Member("blocked", .flag), Member("budget_id", .text),
        Member("allowed_model_region", .text), Member("default_model", .text), Member("models", .texts),
        Member("object_permission", .json),
    ]
    private static let tags = [
        Member("description", .text), Member("models", .texts), Member("model_info", .json),
        Member("budget_id", .text),
    ]
    private static let credentials = [
        Member("display_name", .text), Member("credential_info", .json), Member("credential_values", .json),
    ]
    private static let models = [
        Member("model_name", .text), Member("litellm_params", .json), Member("model_info", .json),
        Member("blocked", .flag),
    ]
    private static let accessGroups = [
        Member("access_group_name", .text), Member("description", .text), Member("access_model_names", .texts),
        Member("access_mcp_server_ids", .texts), Member("mcp_tool_permissions", .json),
        Member("access_agent_ids", .texts), Member("access_skill_names", .texts),
        Member("assigned_team_ids", .texts), Member("assigned_key_ids", .texts),
    ]
}
