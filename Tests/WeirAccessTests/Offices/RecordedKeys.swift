/// Answers of LiteLLM 1.109.1, as they were recorded; only the moments are those of one clock.
enum RecordedKeys {
    static let generated = """
        {"key_alias": "golden-alias-1795231958", "models": ["gpt-4", "claude"], "spend": 0.0, "max_budget": 10.0, \
        "user_id": "golden-user", "max_parallel_requests": 5, "metadata": {"a": 1}, "tpm_limit": 1000, \
        "rpm_limit": 100, "budget_duration": "1d", "allowed_cache_controls": [], "config": {}, "permissions": {}, \
        "model_max_budget": {}, "budget_fallbacks": {}, "aliases": {"mistral": "gpt-4"}, \
        "key": "sk-MsVEdYaTWcFjPSLv9Jf9-A", "allowed_routes": [], \
        "router_settings": {"routing_strategy_args": null, "routing_strategy": null, "routing_groups": null, \
        "retry_policy": null, "model_group_retry_policy": null, "model_group_affinity_config": null, \
        "allowed_fails": null, "cooldown_time": null, "num_retries": null, "timeout": null, "max_retries": null, \
        "retry_after": null, "fallbacks": null, "context_window_fallbacks": null, \
        "content_policy_fallbacks": null, "model_group_alias": {}, "enable_tag_filtering": null, "weights": null, \
        "tag_routing_prefix": null, "optional_pre_call_checks": null, "fallback_on_unsupported_params": null}, \
        "access_group_ids": [], "key_name": "sk-...f9-A", "key_type": "default", \
        "expires": "2026-12-21T03:32:38.571000Z", \
        "token_id": "46c773090ada3a2e04c0fe0d0c9624ecedb91f0bb89cbadb9b40c8b5c0521069", \
        "token": "46c773090ada3a2e04c0fe0d0c9624ecedb91f0bb89cbadb9b40c8b5c0521069", \
        "created_by": "default_user_id", "updated_by": "default_user_id", \
        "created_at": "2026-11-21T03:32:38.571000Z", "updated_at": "2026-11-21T03:32:38.571000Z"}
        """

    static let info = """
        {"key": "sk-MsVEdYaTWcFjPSLv9Jf9-A", "info": {"key_name": "sk-...f9-A", \
        "key_alias": "golden-alias-1795231958", "soft_budget_cooldown": false, "spend": 0.0, "total_spend": 0.0, \
        "expires": "2026-12-21T03:32:38.571000+00:00", "models": ["gpt-4", "claude"], \
        "aliases": {"mistral": "gpt-4"}, "config": {}, "router_settings": {}, "user_id": "golden-user", \
        "permissions": {}, "max_parallel_requests": 5, "metadata": {"a": 1}, "tpm_limit": 1000, "rpm_limit": 100, \
        "max_budget": 10.0, "budget_duration": "1d", "budget_reset_at": "2026-11-22T00:00:00+00:00", \
        "allowed_cache_controls": [], "allowed_routes": [], "key_type": "default", "policies": [], \
        "access_group_ids": [], "model_spend": {}, "model_max_budget": {}, "budget_fallbacks": {}, \
        "created_at": "2026-11-21T03:32:38.571000+00:00", "created_by": "default_user_id", \
        "updated_at": "2026-11-21T03:32:38.571000+00:00", "updated_by": "default_user_id", "rotation_count": 0, \
        "auto_rotate": false, "status": "active"}}
        """

    static let updated = """
        {"key": "sk-MsVEdYaTWcFjPSLv9Jf9-A", \
        "token": "46c773090ada3a2e04c0fe0d0c9624ecedb91f0bb89cbadb9b40c8b5c0521069", "key_name": "sk-...f9-A", \
        "key_alias": "golden-alias-1795231958", "soft_budget_cooldown": false, "spend": 0.0, "total_spend": 0.0, \
        "expires": "2026-12-21T03:32:38.571000+00:00", "models": ["gpt-4", "claude"], \
        "aliases": {"mistral": "gpt-4"}, "config": {}, "router_settings": {}, "user_id": "golden-user", \
        "permissions": {}, "max_parallel_requests": 5, "metadata": {"b": 2}, "tpm_limit": 1000, "rpm_limit": 100, \
        "max_budget": 20.0, "budget_duration": "1d", "budget_reset_at": "2026-11-22T00:00:00+00:00", \
        "allowed_cache_controls": [], "allowed_routes": [], "key_type": "default", "policies": [], \
        "access_group_ids": [], "model_spend": {}, "model_max_budget": {}, "budget_fallbacks": {}, \
        "created_at": "2026-11-21T03:32:38.571000+00:00", "created_by": "default_user_id", \
        "updated_at": "2026-11-21T03:32:39.147000+00:00", "updated_by": "default_user_id", \
        "settings_updated_at": "2026-11-21T03:32:39.147000+00:00", "rotation_count": 0, "auto_rotate": false}
        """

    static let blocked = """
        {"token": "46c773090ada3a2e04c0fe0d0c9624ecedb91f0bb89cbadb9b40c8b5c0521069", "key_name": "sk-...f9-A", \
        "key_alias": "golden-alias-1795231958", "spend": 0.0, "total_spend": 0.0, "max_budget": 20.0, \
        "expires": "2026-12-21T03:32:38.571000Z", "models": ["gpt-4", "claude"], "aliases": {"mistral": "gpt-4"}, \
        "config": {}, "user_id": "golden-user", "max_parallel_requests": 5, "metadata": {"b": 2}, \
        "tpm_limit": 1000, "rpm_limit": 100, "budget_duration": "1d", "budget_reset_at": "2026-11-22T00:00:00Z", \
        "allowed_cache_controls": [], "allowed_routes": [], "key_type": "default", "permissions": {}, \
        "model_spend": {}, "model_max_budget": {}, "budget_fallbacks": {}, "soft_budget_cooldown": false, \
        "blocked": true, "created_at": "2026-11-21T03:32:38.571000Z", "created_by": "default_user_id", \
        "updated_at": "2026-11-21T03:32:39.208000Z", "updated_by": "default_user_id", \
        "settings_updated_at": "2026-11-21T03:32:39.208000Z", "access_group_ids": [], "rotation_count": 0, \
        "auto_rotate": false, "router_settings": {}}
        """

    static let listed = """
        {"keys": [{"token": "7892cce262ee986a6462f79dd999722afd0568ec1b766471870f9a5b5fcd36d6", \
        "key_name": "sk-...1958", "spend": 0.0, "total_spend": 0.0, "models": [], "aliases": {}, "config": {}, \
        "metadata": {}, "allowed_cache_controls": [], "allowed_routes": [], "key_type": "default", \
        "permissions": {}, "model_spend": {}, "model_max_budget": {}, "budget_fallbacks": {}, \
        "soft_budget_cooldown": false, "created_at": "2026-11-21T03:32:38.663000Z", \
        "created_by": "default_user_id", "updated_at": "2026-11-21T03:32:38.663000Z", \
        "updated_by": "default_user_id", "access_group_ids": [], "rotation_count": 0, "auto_rotate": false, \
        "router_settings": {}, "team_models": [], "team_blocked": false, "is_session_token": false}], \
        "total_count": 2, "current_page": 1, "total_pages": 2}
        """
}
